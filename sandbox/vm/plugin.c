/* The backend with a kernel of its own: a job runs in a QEMU microvm, resumed from a frozen guest. See vm.h
 * for its parts and docs/sandboxing.md for what it stops. */
#include "vm.h"

static x07_status
probe(const x07_host *host, x07_probe *result)
{
    if (!x07_struct_usable(result, X07_SIZE_UP_TO(x07_probe, facts)))
        return X07_E_ARGUMENT;
    return vm_probe(host, result);
}

static x07_status
run(const x07_host *host, const x07_job *job, x07_job_result *result)
{
    if (!x07_struct_usable(job, X07_SIZE_UP_TO(x07_job, world)) ||
        !x07_struct_usable(job->process, X07_SIZE_UP_TO(x07_spawn, limits)) || !job->process->path ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_job_result, boundary)) ||
        !x07_struct_usable(result->process, X07_SIZE_UP_TO(x07_spawn_result, peak_memory)))
        return X07_E_ARGUMENT;
    return job_run(host, job, result);
}

static x07_status
maintain(const x07_host *host, const char *const *words, char **report)
{
    return words && report ? maintain_run(host, words, report) : X07_E_ARGUMENT;
}

static const x07_sandbox vm_sandbox = {
    .size = sizeof vm_sandbox, .probe = probe, .run = run, .maintain = maintain};

static const x07_service services[] = {
    {.size = sizeof services[0],
     .kind = X07_KIND_SANDBOX,
     .key = "vm",
     .world = "run-os-sandboxed",
     .priority = 100,
     .vtable = &vm_sandbox},
};

static x07_status
init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.sandbox.vm",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Runs programs in a virtual machine of their own",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = init,
};

X07_PLUGIN_DEFINE(plugin)
