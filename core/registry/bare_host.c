/* bare_host.c: see bare_host.h. */
#include "registry/bare_host.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void
bare_log(const x07_host *host, uint32_t level, const char *text)
{
    (void)host;
    (void)level;
    (void)text;
}

static void *
bare_alloc(const x07_host *host, uint64_t bytes)
{
    (void)host;
    return memory_alloc((size_t)bytes);
}

static void
bare_release(const x07_host *host, void *pointer)
{
    (void)host;
    free(pointer);
}

static x07_status
bare_fail(const x07_host *host, x07_status status, const char *code, const char *message)
{
    struct bare_host *bare = host->context;

    snprintf(bare->code, sizeof bare->code, "%s", code ? code : "");
    snprintf(bare->message, sizeof bare->message, "%s", message ? message : "");
    return status;
}

const char *
bare_host_said(const x07_host *table)
{
    return ((const struct bare_host *)table->context)->message;
}

static void
bare_report(const x07_host *host, const x07_finding *finding)
{
    (void)host;
    (void)finding;
}

static uint32_t
bare_cancelled(const x07_host *host)
{
    (void)host;
    return 0;
}

static x07_status
refuse(const x07_host *host)
{
    return bare_fail(host, X07_E_UNSUPPORTED, "E_BARE_HOST",
                     "this call is not offered while a plugin is only looked at");
}

static x07_status
bare_spawn(const x07_host *host, const x07_spawn *spawn, x07_spawn_result *result)
{
    (void)spawn;
    (void)result;
    return refuse(host);
}

static x07_status
bare_compile(const x07_host *host, const x07_compile_request *request, x07_compile_result *result)
{
    (void)request;
    (void)result;
    return refuse(host);
}

static x07_status
bare_cache_lookup(const x07_host *host, const char *key, char **path)
{
    (void)key;
    (void)path;
    return refuse(host);
}

static x07_status
bare_cache_store(const x07_host *host, const char *key, const char *source, char **path)
{
    (void)key;
    (void)source;
    (void)path;
    return refuse(host);
}

static x07_status
bare_sandbox_run(const x07_host *host, const char *backend, const x07_job *job, x07_job_result *result,
                 char **id)
{
    (void)backend;
    (void)job;
    (void)result;
    (void)id;
    return refuse(host);
}

static x07_status
bare_temporary(const x07_host *host, const char *name, char **path)
{
    (void)name;
    (void)path;
    return refuse(host);
}

static x07_status
bare_canonical_text(const x07_host *host, const char *text, uint64_t size, char **result,
                    uint64_t *result_size)
{
    (void)text;
    (void)size;
    (void)result;
    (void)result_size;
    return refuse(host);
}

static x07_status
bare_lint_text(const x07_host *host, const char *text, uint64_t size, const char *world, uint32_t *errors)
{
    (void)text;
    (void)size;
    (void)world;
    (void)errors;
    return refuse(host);
}

static x07_status
bare_fix_text(const x07_host *host, const char *text, uint64_t size, const char *world, char **result,
              uint64_t *result_size, uint32_t *applied_ops)
{
    (void)text;
    (void)size;
    (void)world;
    (void)result;
    (void)result_size;
    (void)applied_ops;
    return refuse(host);
}

void
bare_host_init(struct bare_host *host)
{
    *host = (struct bare_host){
        .table =
            {
                .size = sizeof(x07_host),
                .abi_major = X07_ABI_MAJOR,
                .abi_minor = X07_ABI_MINOR,
                .version = X07_VERSION,
                .context = host,
                .log = bare_log,
                .alloc = bare_alloc,
                .release = bare_release,
                .fail = bare_fail,
                .report = bare_report,
                .cancelled = bare_cancelled,
                .spawn = bare_spawn,
                .compile = bare_compile,
                .cache_lookup = bare_cache_lookup,
                .cache_store = bare_cache_store,
                .sandbox_run = bare_sandbox_run,
                .temporary_file = bare_temporary,
                .temporary_directory = bare_temporary,
                .canonical_text = bare_canonical_text,
                .lint_text = bare_lint_text,
                .fix_text = bare_fix_text,
                .failure = bare_host_said,
            },
    };
}
