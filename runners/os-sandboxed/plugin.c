/* The runner of the world run-os-sandboxed. What the program may do comes from the policy: the host has read
 * it, and says here what it comes to; the program's own gate and the sandbox backend enforce it. */
#include "../shared/run.h"

#include <x07/plugin.h>

static x07_status
check(const x07_host *host, const x07_run_request *request)
{
    if (request->flags & X07_RUN_COMPILE_ONLY)
        return host->fail(host, X07_E_UNSUPPORTED, "E_OS_COMPILE_ONLY",
                          "--compile-only is only valid for deterministic solve worlds");
    if (!request->policy)
        return host->fail(host, X07_E_POLICY, "E_OS_POLICY", "run-os-sandboxed requires --policy");
    if (!X07_HAS(request, x07_run_request, policy_environment) || !request->grants ||
        !request->policy_environment)
        return host->fail(host, X07_E_ARGUMENT, "E_OS_GRANTS",
                          "the host does not say what the policy grants");
    if (request->target_kind == X07_TARGET_ARTIFACT && !(request->flags & X07_RUN_ACCEPT_ARTIFACT))
        return host->fail(host, X07_E_POLICY, "E_OS_ARTIFACT",
                          "run-os-sandboxed does not support --artifact; use --program or --project so "
                          "policy can be enforced at compile time");
    return X07_OK;
}

static x07_status
prepare(const x07_host *host, const x07_run_request *request, struct runner_job *job)
{
    const x07_grants *grants = request->grants;
    x07_limits *limits = &job->limits;

    (void)host;
    limits->set |= X07_LIMIT_ADDRESS_SPACE | X07_LIMIT_OPEN_FILES | X07_LIMIT_PROCESSES;
    limits->cpu_seconds = (grants->cpu_ms + 999) / 1000;
    limits->address_space = grants->memory_bytes;
    limits->open_files = grants->open_files;
    limits->processes = grants->processes;
    limits->core_size = grants->flags & X07_GRANT_CORE_DUMPS ? UINT64_MAX : 0;
    limits->wall_ms = grants->wall_ms;
    job->spawn.environment = request->policy_environment;
    return X07_OK;
}

static const struct runner_kind kind = {
    .report_schema = "x07-os-runner.report@0.3.0",
    .report_names_world = 1,
    .artifact_mode = "run-os",
    .timeout_trap = "timed out",
    .cpu_seconds = 1, /* stands in until the policy's limit is set */
    .check = check,
    .prepare = prepare,
};

static x07_status
sandboxed_run(const x07_host *host, const x07_run_request *request, x07_run_result *result)
{
    return runner_run(&kind, host, request, result);
}

static const x07_runner runner = {.size = sizeof runner, .run = sandboxed_run};

static const x07_service services[] = {
    {.size = sizeof services[0],
     .kind = X07_KIND_RUNNER,
     .key = "os",
     .world = "run-os-sandboxed",
     .priority = 100,
     .vtable = &runner},
};

static x07_status
sandboxed_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.runner.os-sandboxed",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Compiles and runs programs that may do what a policy grants",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = sandboxed_init,
};

X07_PLUGIN_DEFINE(plugin)
