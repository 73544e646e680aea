/* internal.h: what the files of core/host share. Nobody else includes it. */
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include "base/arena.h"
#include "base/text.h"
#include "host/host.h"

struct host {
    x07_host table; /* table.context points back here */
    struct arena *arena;
    struct registry *registry;
    const char *fail_code; /* in the arena; NULL: nothing was said */
    char *fail_message;    /* our own */
    char *scratch;         /* the directory of temporary files; NULL: none yet */
    int scratch_lock;      /* held while the directory is needed; -1: none */
    unsigned scratch_count;
    struct host_toolchain toolchain;
    char *cache_dir;
    bool cache_tried; /* cache_dir is settled: NULL means that none can be used */
    struct host_finding *findings;
    size_t finding_count;
    struct arena *findings_arena; /* their texts; NULL without any */
    bool in_linter;               /* what is reported now comes of host_lint_text */
};

struct host *host_of(const x07_host *table);

/* Says an error through fail, frees it, and returns `status`. */
x07_status host_fail_error(struct host *host, x07_status status, struct error *error);

/* A path in the command's temporary directory that nothing has yet; `name` is its end. */
struct error *host_scratch_path(struct host *host, const char *name, char **path);

/* Removes that directory, if there is one. */
void host_scratch_end(struct host *host);

/* The texts in a list that ends with NULL; 0 for NULL. */
static inline size_t
host_list_length(const char *const *list)
{
    size_t count = 0;

    while (list && list[count])
        count++;
    return count;
}

/* The services, one file each. */
void host_report(const x07_host *table, const x07_finding *finding);
x07_status host_spawn(const x07_host *table, const x07_spawn *spawn, x07_spawn_result *result);
x07_status host_compile(const x07_host *table, const x07_compile_request *request,
                        x07_compile_result *result);
x07_status host_cache_lookup(const x07_host *table, const char *key, char **path);
x07_status host_cache_store(const x07_host *table, const char *key, const char *source, char **path);
x07_status host_sandbox_run(const x07_host *table, const char *backend, const x07_job *job,
                            x07_job_result *result, char **backend_id);
x07_status host_temporary_file(const x07_host *table, const char *name, char **path);
x07_status host_temporary_directory(const x07_host *table, const char *name, char **path);
x07_status host_canonical_text(const x07_host *table, const char *text, uint64_t text_size, char **result,
                               uint64_t *result_size);
x07_status host_lint_text(const x07_host *table, const char *text, uint64_t text_size, const char *world,
                          uint32_t *errors);
x07_status host_fix_text(const x07_host *table, const char *text, uint64_t text_size, const char *world,
                         char **result, uint64_t *result_size, uint32_t *applied_ops);

#endif
