/* sandbox.c: finds the backend for a job and tells it what the policy grants. There is no fallback: what was
 * asked for, or an error. */
#include "base/memory.h"
#include "host/internal.h"
#include "policy/grants.h"
#include "registry/registry.h"

#include <string.h>

/* The caller's job in the host's own layout, which may be newer. */
static x07_job
copy_job(const x07_job *job)
{
    x07_job copy = {0};

    memcpy(&copy, job, job->size < sizeof copy ? job->size : sizeof copy);
    copy.size = sizeof copy;
    copy.grants = NULL;
    return copy;
}

/* A job with a policy gets its grants, a policy that cannot be read ends it. */
static struct error *
fill_grants(struct arena *arena, x07_job *job)
{
    struct policy policy;

    if (!job->policy)
        return NULL;
    struct error *error = policy_parse(arena, job->policy_path ? job->policy_path : "policy", job->policy,
                                       (size_t)job->policy_size, &policy);
    if (!error)
        job->grants = policy_grants(arena, &policy);
    return error;
}

static x07_status
run_on(struct host *host, const x07_sandbox *sandbox, const x07_job *given, x07_job_result *result)
{
    struct arena *arena = arena_new();
    x07_job job = copy_job(given);
    struct error *error = fill_grants(arena, &job);
    x07_status status =
        error ? host_fail_error(host, X07_E_INVALID, error) : sandbox->run(&host->table, &job, result);

    arena_free(arena);
    return status;
}

/* Why nobody serves that key in that world. A backend that is there for another world gets a clearer text. */
static struct error *
explain(const struct host *host, const struct registry_query *query, struct error *error)
{
    struct text worlds = {0};

    for (size_t i = 0; i < registry_count(host->registry) && query->key; i++) {
        const struct registry_plugin *plugin = registry_plugin_at(host->registry, i);
        for (size_t row = 0; row < plugin->descriptor.service_count; row++) {
            const struct registry_service *service = &plugin->descriptor.services[row];
            if (plugin->state == PLUGIN_AVAILABLE && service->kind == X07_KIND_SANDBOX && service->world &&
                strcmp(service->key, query->key) == 0)
                text_printf(&worlds, "%s%s", worlds.len ? " or " : "", service->world);
        }
    }
    if (worlds.len && strcmp(error->code, "E_PLUGIN_NONE") == 0) {
        error_free(error);
        error = error_new("E_SANDBOX_WORLD", "sandbox_backend=%s is only supported for --world %s",
                          query->key, text_string(&worlds));
    }
    text_free(&worlds);
    return error;
}

x07_status
host_sandbox_run(const x07_host *table, const char *backend, const x07_job *job, x07_job_result *result,
                 char **backend_id)
{
    struct host *host = host_of(table);
    struct registry_service_handle service;

    if (!x07_struct_usable(job, X07_SIZE_UP_TO(x07_job, policy_path)) ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_job_result, boundary)))
        return table->fail(table, X07_E_ARGUMENT, "E_SANDBOX_ARGUMENT", "sandbox_run: incomplete job");
    struct registry_query query = {
        .kind = X07_KIND_SANDBOX, .key = backend, .profile = job->profile, .world = job->world};
    struct error *error = registry_select(host->registry, &query, &service);
    if (error)
        return host_fail_error(host, X07_E_NOT_FOUND, explain(host, &query, error));
    host_clear_failure(host);
    x07_status status = run_on(host, service.vtable, job, result);
    if (status == X07_OK && backend_id)
        *backend_id = memory_string(service.id);
    return status;
}
