/* The backend without a boundary: a job runs as an ordinary child process, under the limits of its request
 * and nothing more. It serves run-os, whose programs have the user's own rights by definition, the
 * deterministic worlds, whose programs the compiler gives no way to ask the system for anything, and who asks
 * for it by name in run-os-sandboxed: there the program's own gate is all that enforces the policy. */
#include <x07/plugin.h>

#include <string.h>

static x07_status
none_probe(const x07_host *host, x07_probe *probe)
{
    static const char weakness[] = "no boundary: resource limits only";

    if (!x07_struct_usable(probe, X07_SIZE_UP_TO(x07_probe, facts)))
        return X07_E_ARGUMENT;
    probe->available = 1;
    probe->strength = X07_STRENGTH_NONE;
    probe->reason = host->alloc(host, sizeof weakness);
    memcpy(probe->reason, weakness, sizeof weakness);
    return X07_OK;
}

static char *
describe_boundary(const x07_host *host, const x07_job *job)
{
    static const char limits[] = "{\"layers\":[\"rlimits\"],\"strength\":\"none\"}";
    static const char gate[] = "{\"layers\":[\"rlimits\",\"policy-gate\"],\"strength\":\"none\"}";
    const char *text = job->policy ? gate : limits;
    char *copy = host->alloc(host, strlen(text) + 1);

    memcpy(copy, text, strlen(text));
    return copy;
}

/* Nothing hides the host's environment from the job, so it is given: what the policy sets is on top of it. */
static x07_spawn
inherit(const x07_spawn *process)
{
    x07_spawn spawn = *process;

    spawn.size = sizeof spawn;
    if (!process->environment || process->extra_environment)
        return spawn;
    spawn.environment = NULL;
    spawn.extra_environment = process->environment;
    return spawn;
}

static x07_status
none_run(const x07_host *host, const x07_job *job, x07_job_result *result)
{
    if (!x07_struct_usable(job, X07_SIZE_UP_TO(x07_job, policy_path)) ||
        !x07_struct_usable(job->process, X07_SIZE_UP_TO(x07_spawn, limits)) ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_job_result, boundary)) || !result->process)
        return X07_E_ARGUMENT;
    x07_spawn inherited = inherit(job->process);
    x07_status status = host->spawn(host, job->policy ? &inherited : job->process, result->process);
    if (status == X07_OK)
        result->boundary = describe_boundary(host, job);
    return status;
}

static const x07_sandbox none_sandbox = {.size = sizeof none_sandbox, .probe = none_probe, .run = none_run};

#define SERVES(id, its_priority)                                                          \
    {                                                                                     \
        .size = sizeof services[0], .kind = X07_KIND_SANDBOX, .key = "none", .world = id, \
        .priority = its_priority, .vtable = &none_sandbox,                                \
    }

static const x07_service services[] = {
    SERVES("run-os", 100),          SERVES("solve-pure", 100), SERVES("solve-fs", 100),
    SERVES("solve-rr", 100),        SERVES("solve-kv", 100),   SERVES("solve-full", 100),
    SERVES("run-os-sandboxed", -2),
};

static x07_status
none_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.sandbox.none",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Runs programs with resource limits and no boundary",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = none_init,
};

X07_PLUGIN_DEFINE(plugin)
