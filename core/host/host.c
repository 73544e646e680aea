/* host.c: the table, and the services that need no file of their own: memory, messages, cancellation. */
#include "host/host.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "host/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host *
host_of(const x07_host *table)
{
    return table->context;
}

static void
host_log(const x07_host *table, uint32_t level, const char *text)
{
    (void)table;
    if (level >= X07_LOG_NOTE)
        fprintf(stderr, "%s\n", text);
}

static void *
host_alloc(const x07_host *table, uint64_t bytes)
{
    (void)table;
    return memory_alloc((size_t)bytes);
}

static void
host_release(const x07_host *table, void *pointer)
{
    (void)table;
    free(pointer);
}

static x07_status
host_fail(const x07_host *table, x07_status status, const char *code, const char *message)
{
    struct host *host = host_of(table);

    free(host->fail_message);
    host->fail_code = arena_copy(host->arena, code, strlen(code));
    host->fail_message = memory_string(message);
    return status;
}

static const char *
host_said(const x07_host *table)
{
    const struct host *host = host_of(table);

    return host->fail_message ? host->fail_message : "";
}

static uint32_t
host_cancelled(const x07_host *table)
{
    (void)table;
    return process_pending_signal() != 0;
}

struct host *
host_new(void)
{
    struct host *host = memory_alloc(sizeof *host);

    host->arena = arena_new();
    host->scratch_lock = -1;
    host->table = (x07_host){
        .size = sizeof host->table,
        .abi_major = X07_ABI_MAJOR,
        .abi_minor = X07_ABI_MINOR,
        .version = X07_VERSION,
        .context = host,
        .log = host_log,
        .alloc = host_alloc,
        .release = host_release,
        .fail = host_fail,
        .report = host_report,
        .cancelled = host_cancelled,
        .spawn = host_spawn,
        .compile = host_compile,
        .cache_lookup = host_cache_lookup,
        .cache_store = host_cache_store,
        .sandbox_run = host_sandbox_run,
        .temporary_file = host_temporary_file,
        .temporary_directory = host_temporary_directory,
        .canonical_text = host_canonical_text,
        .lint_text = host_lint_text,
        .fix_text = host_fix_text,
        .failure = host_said,
    };
    return host;
}

void
host_free(struct host *host)
{
    if (!host)
        return;
    host_scratch_end(host);
    free(host->cache_dir);
    free(host->fail_message);
    host_forget_findings(host);
    arena_free(host->arena);
    free(host);
}

const x07_host *
host_table(struct host *host)
{
    return &host->table;
}

void
host_use_registry(struct host *host, struct registry *registry)
{
    host->registry = registry;
}

void
host_clear_failure(struct host *host)
{
    free(host->fail_message);
    host->fail_message = NULL;
    host->fail_code = NULL;
}

x07_status
host_fail_error(struct host *host, x07_status status, struct error *error)
{
    host_fail(&host->table, status, error->code, error->message);
    error_free(error);
    return status;
}

struct error *
host_failure(struct host *host, x07_status status, const char *what)
{
    if (host->fail_message)
        return error_new(host->fail_code, "%s", host->fail_message);
    return error_new("E_PLUGIN_CALL", "%s failed with status %d and said nothing", what, (int)status);
}
