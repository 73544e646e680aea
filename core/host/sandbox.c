/* sandbox.c: finds the backend for a job. There is no fallback: what was asked for, or an error. */
#include "base/memory.h"
#include "host/internal.h"
#include "registry/registry.h"

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
        return host_fail_error(host, X07_E_NOT_FOUND, error);
    const x07_sandbox *sandbox = service.vtable;
    x07_status status = sandbox->run(table, job, result);
    if (status == X07_OK && backend_id)
        *backend_id = memory_string(service.id);
    return status;
}
