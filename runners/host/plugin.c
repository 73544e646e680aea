/* The runner of the deterministic worlds. The program gets nothing of the machine: no environment, a folder
 * of its own, and no right to make files grow. */
#include "../shared/run.h"

#include <x07/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_FILES = 32 };

/* The folder of fixtures, or NULL. */
static const char *
fixtures_of(const x07_run_request *request)
{
    return X07_HAS(request, x07_run_request, fixtures) ? request->fixtures : NULL;
}

static x07_status
check(const x07_host *host, const x07_run_request *request)
{
    if (request->policy)
        return host->fail(host, X07_E_POLICY, "E_HOST_POLICY",
                          "--policy is only valid for --world run-os-sandboxed");
    if (request->sandbox_backend)
        return host->fail(host, X07_E_UNSUPPORTED, "E_HOST_SANDBOX",
                          "--sandbox-backend/--i-accept-weaker-isolation are only supported for OS worlds");
    if (strcmp(request->world, "solve-pure") != 0 && !fixtures_of(request))
        return host->fail(host, X07_E_UNSUPPORTED, "E_HOST_FIXTURES",
                          "this world needs fixtures, which the host did not prepare");
    return X07_OK;
}

static x07_status
prepare(const x07_host *host, const x07_run_request *request, struct runner_job *job)
{
    const char *trace = getenv("X07_DEBUG_SCHED");
    const char *fixtures = fixtures_of(request);
    x07_status status = fixtures ? X07_OK : host->temporary_directory(host, "run", &job->directory);

    if (status != X07_OK)
        return status;
    /* The one variable that is passed on: it makes the scheduler tell what it does. */
    if (trace) {
        snprintf(job->world_setting, sizeof job->world_setting, "X07_DEBUG_SCHED=%.100s", trace);
        job->settings[0] = job->world_setting;
    }
    job->spawn.environment = job->settings;
    job->spawn.directory = fixtures ? fixtures : job->directory;
    job->limits.set |= X07_LIMIT_FILE_SIZE | X07_LIMIT_OPEN_FILES;
    job->limits.file_size = 0;
    job->limits.open_files = OPEN_FILES;
    return X07_OK;
}

static const struct runner_kind kind = {
    .report_schema = "x07-host-runner.report@0.3.0",
    .artifact_mode = "solve",
    .timeout_trap = "wall timeout",
    .cpu_seconds = 5,
    .check = check,
    .prepare = prepare,
};

static x07_status
host_run(const x07_host *host, const x07_run_request *request, x07_run_result *result)
{
    return runner_run(&kind, host, request, result);
}

static const x07_runner runner = {.size = sizeof runner, .run = host_run};

#define SERVES(id)                                                                                        \
    {                                                                                                     \
        .size = sizeof services[0], .kind = X07_KIND_RUNNER, .key = "host", .world = id, .priority = 100, \
        .vtable = &runner,                                                                                \
    }

static const x07_service services[] = {
    SERVES("solve-pure"), SERVES("solve-fs"), SERVES("solve-rr"), SERVES("solve-kv"), SERVES("solve-full"),
};

static x07_status
host_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.runner.host",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Compiles and runs programs in the deterministic worlds",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = host_init,
};

X07_PLUGIN_DEFINE(plugin)
