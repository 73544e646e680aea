/* calls.c: see calls.h. */
#include "registry/calls.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOBODY "x07-no-such-name"

enum { TAIL = 64, TAIL_BYTE = 0xa5, LONGEST = 4096, MOST_FACTS = 256 };

void *
calls_guarded(uint32_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (size + page - 1) / page * page;
    char *pages = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED || mprotect(pages + room, page, PROT_NONE))
        abort();
    void *start = pages + room - size;
    memcpy(start, &size, sizeof size);
    return start;
}

static x07_status
call_runner_run(const void *table, const x07_host *host, const void *request, void *result)
{
    return ((const x07_runner *)table)->run(host, request, result);
}

static x07_status
call_sandbox_run(const void *table, const x07_host *host, const void *request, void *result)
{
    return ((const x07_sandbox *)table)->run(host, request, result);
}

static x07_status
call_sandbox_probe(const void *table, const x07_host *host, const void *request, void *result)
{
    (void)request;
    return ((const x07_sandbox *)table)->probe(host, result);
}

static x07_status
call_repair_run(const void *table, const x07_host *host, const void *request, void *result)
{
    return ((const x07_repair *)table)->run(host, request, result);
}

static x07_status
call_native_build(const void *table, const x07_host *host, const void *request, void *result)
{
    return ((const x07_native *)table)->build(host, request, result);
}

/* Its request is a text: the profile. */
static x07_status
call_native_identity(const void *table, const x07_host *host, const void *request, void *result)
{
    return ((const x07_native *)table)->identity(host, request, result);
}

/* A complete request whose names nobody knows, and which names no file that exists. NULL: there is none. */
static const void *
unknown_run(void)
{
    static const x07_run_request request = {
        .size = sizeof request,
        .target_kind = X07_TARGET_PROGRAM,
        .target_path = "/" NOBODY "/main.x07.json",
        .program_path = "/" NOBODY "/main.x07.json",
        .world = NOBODY,
        .profile = NOBODY,
        .cc_profile = NOBODY,
    };

    return &request;
}

static const void *
unknown_build(void)
{
    static const char *const none[] = {NULL};
    static const x07_native_request request = {
        .size = sizeof request,
        .source_path = "/" NOBODY "/main.c",
        .source = "int main(void) { return 0; }\n",
        .source_size = sizeof "int main(void) { return 0; }\n" - 1,
        .output_path = "/" NOBODY "/main",
        .cc_profile = NOBODY,
        .include_dirs = none,
        .libraries = none,
        .arguments = none,
        .world = NOBODY,
    };

    return &request;
}

/* The functions of all kinds. request_size 0: the function takes no request struct, and a null result is its
 * null request. */
static const struct function {
    uint32_t kind;
    const char *name;
    uint32_t request_size;
    uint32_t result_size;
    x07_status (*call)(const void *table, const x07_host *host, const void *request, void *result);
    const void *(*unknown)(void);
} functions[] = {
    {X07_KIND_RUNNER, "run", sizeof(x07_run_request), sizeof(x07_run_result), call_runner_run, unknown_run},
    {X07_KIND_SANDBOX, "probe", 0, sizeof(x07_probe), call_sandbox_probe, NULL},
    {X07_KIND_SANDBOX, "run", sizeof(x07_job), sizeof(x07_job_result), call_sandbox_run, NULL},
    {X07_KIND_REPAIR, "run", sizeof(x07_repair_request), sizeof(x07_repair_result), call_repair_run, NULL},
    {X07_KIND_NATIVE, "build", sizeof(x07_native_request), sizeof(x07_native_result), call_native_build,
     unknown_build},
    {X07_KIND_NATIVE, "identity", 0, 0, call_native_identity, NULL},
};

/* Returns the status, or X07_E_ARGUMENT where this badness makes no sense for the function. */
static x07_status
call_badly(const struct function *function, const void *table, const x07_host *host,
           enum calls_badness badness)
{
    uint32_t size = sizeof(uint32_t);
    bool takes_request = function->request_size > 0;

    switch (badness) {
    case CALLS_NULL:
        return function->call(table, host, NULL, NULL);
    case CALLS_SMALL:
        if (!function->result_size)
            break;
        return function->call(table, host, takes_request ? calls_guarded(size) : NULL, calls_guarded(size));
    case CALLS_EMPTY:
        if (!takes_request)
            break;
        return function->call(table, host, calls_guarded(function->request_size),
                              calls_guarded(function->result_size));
    case CALLS_UNKNOWN:
        if (!function->unknown)
            break;
        return function->call(table, host, function->unknown(), calls_guarded(function->result_size));
    }
    return X07_E_ARGUMENT;
}

void
calls_try(const x07_service *service, const x07_host *host, enum calls_badness badness, struct text *breach)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (functions[i].kind != service->kind)
            continue;
        if (call_badly(&functions[i], service->vtable, host, badness) == X07_OK)
            text_printf(breach, "%s%s of \"%s\" returned X07_OK", breach->len ? "; " : "", functions[i].name,
                        service->key);
    }
}

static bool
is_text(const char *text)
{
    size_t len = text ? strnlen(text, LONGEST + 1) : LONGEST + 1;

    return len <= LONGEST && utf8_prefix(text, len) == len;
}

static void
check_facts(const x07_probe *probe, struct text *breach)
{
    if (probe->fact_count > MOST_FACTS || (probe->fact_count && !probe->facts)) {
        text_printf(breach, "the probe announces %u facts", probe->fact_count);
        return;
    }
    for (uint32_t i = 0; i < probe->fact_count; i++) {
        const x07_fact *fact =
            (const x07_fact *)((const char *)probe->facts + (size_t)i * probe->facts->size);

        if (fact->size < X07_SIZE_UP_TO(x07_fact, value) || !is_text(fact->name) || !is_text(fact->value)) {
            text_printf(breach, "fact %u of the probe is malformed", i);
            return;
        }
    }
}

/* The struct is larger than any that the plugin knows; what lies beyond is none of its business. */
void
calls_probe(const x07_service *service, const x07_host *host, struct text *breach)
{
    unsigned char *room = calls_guarded(sizeof(x07_probe) + TAIL);
    x07_probe *probe = (x07_probe *)room;

    if (service->kind != X07_KIND_SANDBOX)
        return;
    memset(room + sizeof *probe, TAIL_BYTE, TAIL);
    x07_status status = ((const x07_sandbox *)service->vtable)->probe(host, probe);
    if (status != X07_OK)
        text_printf(breach, "the probe of \"%s\" returned status %d", service->key, (int)status);
    else if (probe->strength > X07_STRENGTH_VM)
        text_printf(breach, "the probe says strength %u", probe->strength);
    else if (!probe->available && !is_text(probe->reason))
        text_puts(breach, "the probe is not available and gives no reason");
    else
        check_facts(probe, breach);
    for (size_t i = sizeof *probe; i < sizeof *probe + TAIL; i++) {
        if (room[i] != TAIL_BYTE) {
            text_puts(breach, "the probe wrote beyond the struct of ABI 1.0");
            return;
        }
    }
}
