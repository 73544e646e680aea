/* check.c: see check.h. A table of obligations, and the functions that test them in a child. */
#include "registry/check.h"

#include "base/error.h"
#include "registry/bare_host.h"
#include "registry/calls.h"
#include "registry/child.h"
#include "registry/describe.h"
#include "registry/scan.h"
#include "registry/signature.h"
#include "registry/trust.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

enum { MOST_OUTPUT = 64 * 1024, ROUNDS = 3, HOST_HEAD = 16 };

/* What a test has to work with: the loaded plugin, and a host for it. */
struct subject {
    void *handle;
    const x07_plugin *plugin;
    struct bare_host host;
};

/* A test appends its breach, or nothing. It may crash instead. */
typedef void (*test)(struct subject *subject, struct text *breach);

static const x07_plugin *
enter(struct subject *subject, uint32_t major, uint32_t minor)
{
    x07_plugin_entry_function entry = (x07_plugin_entry_function)dlsym(subject->handle, X07_PLUGIN_ENTRY);

    return entry(major, minor);
}

static void
test_entry_twice(struct subject *subject, struct text *breach)
{
    if (enter(subject, X07_ABI_MAJOR, X07_ABI_MINOR) != subject->plugin)
        text_puts(breach, "the second call returned another descriptor");
}

static void
test_entry_versions(struct subject *subject, struct text *breach)
{
    enter(subject, X07_ABI_MAJOR + 1, 0);
    enter(subject, 0, 0);
    const x07_plugin *newer = enter(subject, X07_ABI_MAJOR, X07_ABI_MINOR + 1);

    if (!newer || newer->abi_major != X07_ABI_MAJOR)
        text_puts(breach, "it refused a host with a newer minor version");
}

static x07_status
init(const struct subject *subject, const x07_host *host)
{
    return subject->plugin->init ? subject->plugin->init(host) : X07_OK;
}

static void
fini(const struct subject *subject)
{
    if (subject->plugin->fini)
        subject->plugin->fini();
}

/* init must refuse this host; a plugin without init is never given one. */
static void
expect_refusal(const struct subject *subject, const x07_host *host, struct text *breach)
{
    if (subject->plugin->init && subject->plugin->init(host) == X07_OK)
        text_puts(breach, "init returned X07_OK");
}

static void
test_init_null(struct subject *subject, struct text *breach)
{
    expect_refusal(subject, NULL, breach);
}

static void
test_init_small(struct subject *subject, struct text *breach)
{
    x07_host *host = calls_guarded(HOST_HEAD);

    host->abi_major = X07_ABI_MAJOR;
    expect_refusal(subject, host, breach);
}

static void
test_init_major(struct subject *subject, struct text *breach)
{
    subject->host.table.abi_major = X07_ABI_MAJOR + 1;
    expect_refusal(subject, &subject->host.table, breach);
}

static void
test_init_large(struct subject *subject, struct text *breach)
{
    uint32_t size = sizeof(x07_host) + 64;
    x07_host *host = calls_guarded(size);

    memcpy(host, &subject->host.table, sizeof *host);
    host->size = size;
    host->abi_minor = X07_ABI_MINOR + 1;
    x07_status status = init(subject, host);
    if (status != X07_OK)
        text_printf(breach, "init returned status %d", (int)status);
    else
        fini(subject);
}

static void
test_init_rounds(struct subject *subject, struct text *breach)
{
    for (int round = 1; round <= ROUNDS; round++) {
        x07_status status = init(subject, &subject->host.table);

        if (status != X07_OK) {
            text_printf(breach, "init returned status %d in round %d", (int)status, round);
            return;
        }
        fini(subject);
    }
}

/* Runs `ask` between init and fini. */
static void
between(struct subject *subject, test ask, struct text *breach)
{
    x07_status status = init(subject, &subject->host.table);

    if (status != X07_OK) {
        text_printf(breach, "init returned status %d: %s", (int)status, subject->host.message);
        return;
    }
    ask(subject, breach);
    fini(subject);
}

/* Goes through every function of every service with one kind of bad request. */
static void
ask_all(struct subject *subject, enum calls_badness badness, struct text *breach)
{
    for (uint32_t i = 0; i < subject->plugin->service_count; i++)
        calls_try(describe_service(subject->plugin, i), &subject->host.table, badness, breach);
}

static void
ask_null(struct subject *subject, struct text *breach)
{
    ask_all(subject, CALLS_NULL, breach);
}

static void
ask_small(struct subject *subject, struct text *breach)
{
    ask_all(subject, CALLS_SMALL, breach);
}

static void
ask_empty(struct subject *subject, struct text *breach)
{
    ask_all(subject, CALLS_EMPTY, breach);
}

static void
ask_unknown(struct subject *subject, struct text *breach)
{
    ask_all(subject, CALLS_UNKNOWN, breach);
}

static void
ask_probe(struct subject *subject, struct text *breach)
{
    for (uint32_t i = 0; i < subject->plugin->service_count; i++)
        calls_probe(describe_service(subject->plugin, i), &subject->host.table, breach);
}

static void
ask_diagnostics(struct subject *subject, struct text *breach)
{
    for (uint32_t i = 0; i < subject->plugin->diagnostic_count; i++) {
        const x07_diagnostic *diagnostic = describe_diagnostic(subject->plugin, i);
        json_object *arguments = diagnostic->arguments ? json_tokener_parse(diagnostic->arguments) : NULL;
        json_object *value = NULL;

        if (arguments || !signature_arity(diagnostic->signature)) {
            signature_call(diagnostic->signature, diagnostic->function, arguments, &value, breach);
            json_object_put(value);
        }
        json_object_put(arguments);
    }
}

static void
test_null(struct subject *subject, struct text *breach)
{
    between(subject, ask_null, breach);
}

static void
test_small(struct subject *subject, struct text *breach)
{
    between(subject, ask_small, breach);
}

static void
test_empty(struct subject *subject, struct text *breach)
{
    between(subject, ask_empty, breach);
}

static void
test_unknown(struct subject *subject, struct text *breach)
{
    between(subject, ask_unknown, breach);
}

static void
test_probe(struct subject *subject, struct text *breach)
{
    between(subject, ask_probe, breach);
}

static void
test_diagnostics(struct subject *subject, struct text *breach)
{
    between(subject, ask_diagnostics, breach);
}

static int
thread_count(void)
{
    DIR *directory = opendir("/proc/self/task");
    int count = 0;

    if (!directory)
        return 1;
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void
test_leftovers(struct subject *subject, struct text *breach)
{
    between(subject, ask_probe, breach);
    if (thread_count() > 1)
        text_puts(breach, "a thread is left");
    if (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD)
        text_puts(breach, "a child process is left");
}

/* Every obligation that needs the loaded plugin. */
static const struct obligation {
    const char *name;
    const char *text;
    test run;
} obligations[] = {
    {"entry-twice", "x07_plugin_entry returns the same descriptor each time", test_entry_twice},
    {"entry-versions", "x07_plugin_entry survives other ABI versions and accepts a newer minor",
     test_entry_versions},
    {"init-null-host", "init refuses a null host", test_init_null},
    {"init-small-host", "init refuses a host table that is too small, without reading beyond it",
     test_init_small},
    {"init-other-major", "init refuses a host of another ABI major", test_init_major},
    {"init-large-host", "init accepts a host table larger than its own", test_init_large},
    {"init-fini-rounds", "init and fini can be called in turn again", test_init_rounds},
    {"null-requests", "every function returns an error for null pointers", test_null},
    {"small-requests", "every function returns an error for structs that are too small", test_small},
    {"empty-requests", "every function returns an error for requests without contents", test_empty},
    {"unknown-names", "every function returns an error for worlds and profiles that it does not know",
     test_unknown},
    {"probe", "every probe answers well, in time, within the struct that it is given", test_probe},
    {"diagnostics", "every typed diagnostic can be called with its arguments", test_diagnostics},
    {"leftovers", "after fini no thread or child process is left", test_leftovers},
};

static bool
note(json_object *results, const char *name, const char *text, const char *breach)
{
    json_object *result = json_object_new_object();

    json_object_object_add(result, "name", json_object_new_string(name));
    json_object_object_add(result, "obligation", json_object_new_string(text));
    json_object_object_add(result, "ok", json_object_new_boolean(!breach));
    json_object_object_add(result, "breach", breach ? json_object_new_string(breach) : NULL);
    json_object_array_add(results, result);
    return !breach;
}

struct trial {
    const char *path;
    const struct obligation *obligation;
};

static void
trial_in_child(void *context, int out)
{
    const struct trial *trial = context;
    struct subject subject = {0};
    struct text breach = {0};

    bare_host_init(&subject.host);
    subject.plugin = describe_open(trial->path, &subject.handle, &breach);
    if (subject.plugin)
        trial->obligation->run(&subject, &breach);
    child_write(out, text_string(&breach), breach.len);
    text_free(&breach);
}

static bool
check_obligation(const char *path, const struct obligation *obligation, json_object *results)
{
    struct trial trial = {path, obligation};
    struct child_limits limits = {
        .silence_ms = scan_limit_ms(), .total_ms = scan_limit_ms(), .output_bytes = MOST_OUTPUT};
    struct text breach = {0};
    struct child_end end = {0};
    struct error *error = child_run(trial_in_child, &trial, &limits, &breach, &end);

    if (error)
        text_puts(&breach, error->message);
    else if (end.how != CHILD_DONE)
        child_end_text(&end, &limits, &breach);
    bool good = note(results, obligation->name, obligation->text, breach.len ? breach.data : NULL);
    error_free(error);
    text_free(&breach);
    return good;
}

static bool
check_trust(const char *path, json_object *results)
{
    struct error *error = trust_check(path);
    bool good =
        note(results, "trust", "nobody but the user and root can write the file or a directory above it",
             error ? error->message : NULL);

    error_free(error);
    return good;
}

static bool
check_load(const char *path, json_object *results)
{
    json_object *outcome = NULL;
    struct error *error = scan_files(&path, 1, &outcome);
    json_object *reason = json_object_object_get(outcome, "reason");
    const char *breach = error ? error->message : reason ? json_object_get_string(reason) : NULL;
    bool good = note(results, "load", "the file loads in time and its descriptor keeps the rules", breach);

    error_free(error);
    json_object_put(outcome);
    return good;
}

bool
check_plugin(const char *path, json_object *results)
{
    bool good = check_trust(path, results);

    if (!check_load(path, results))
        return false;
    for (size_t i = 0; i < sizeof obligations / sizeof *obligations; i++)
        good = check_obligation(path, &obligations[i], results) && good;
    return good;
}
