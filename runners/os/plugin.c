/* The runner of the world run-os. The program gets the caller's environment and rights. */
#include "../shared/run.h"

#include <x07/plugin.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static x07_status
check(const x07_host *host, const x07_run_request *request)
{
    if (request->flags & X07_RUN_COMPILE_ONLY)
        return host->fail(host, X07_E_UNSUPPORTED, "E_OS_COMPILE_ONLY",
                          "--compile-only is only valid for deterministic solve worlds");
    if (request->policy)
        return host->fail(host, X07_E_POLICY, "E_OS_POLICY",
                          "--policy is only valid for --world run-os-sandboxed");
    return X07_OK;
}

/* The host's environment without what would make the program believe in a policy. */
static const char **
free_environment(const x07_host *host)
{
    size_t count = 0;
    size_t kept = 0;

    while (environ[count])
        count++;
    const char **all = host->alloc(host, sizeof *all * (count + 1));
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "X07_OS_", 7) != 0)
            all[kept++] = environ[i];
    return all;
}

static x07_status
prepare(const x07_host *host, const x07_run_request *request, struct runner_job *job)
{
    job->environment = free_environment(host);
    job->spawn.environment = job->environment;
    snprintf(job->world_setting, sizeof job->world_setting, "X07_WORLD=%s", request->world);
    job->settings[0] = job->world_setting;
    job->spawn.extra_environment = job->settings;
    return X07_OK;
}

static const struct runner_kind kind = {
    .report_schema = "x07-os-runner.report@0.3.0",
    .report_names_world = 1,
    .artifact_mode = "run-os",
    .timeout_trap = "timed out",
    .cpu_seconds = 30,
    .compile_flags = X07_COMPILE_ALLOW_UNSAFE | X07_COMPILE_ALLOW_FFI,
    .check = check,
    .prepare = prepare,
};

static x07_status
os_run(const x07_host *host, const x07_run_request *request, x07_run_result *result)
{
    return runner_run(&kind, host, request, result);
}

static const x07_runner runner = {.size = sizeof runner, .run = os_run};

static const x07_service services[] = {
    {.size = sizeof services[0],
     .kind = X07_KIND_RUNNER,
     .key = "os",
     .world = "run-os",
     .priority = 100,
     .vtable = &runner},
};

static x07_status
os_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.runner.os",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Compiles and runs programs with the rights of the user",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = os_init,
};

X07_PLUGIN_DEFINE(plugin)
