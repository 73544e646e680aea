/* run_policy.c: which policy a sandboxed run has. */
#include "base/file.h"
#include "cli/run.h"
#include "policy/environment.h"
#include "policy/grants.h"
#include "project/paths.h"
#include "project/worlds.h"

#include <unistd.h>

static bool
has_overrides(const struct run_options *options)
{
    return options->allow_hosts.count || options->deny_hosts.count || options->allow_host_files.count ||
           options->deny_host_files.count || options->allow_read_roots.count ||
           options->allow_write_roots.count;
}

struct error *
run_resolve_policy(struct run *run)
{
    const struct run_options *options = &run->options;
    bool sandboxed = world_is_sandboxed(run->world);
    const char *path = options->policy ? options->policy : run->profile ? run->profile->policy : NULL;

    if (has_overrides(options) && !sandboxed)
        return error_new("E_POLICY", "--allow-host/--deny-host/--allow-read-root/--allow-write-root requires "
                                     "run-os-sandboxed (policy-enforced OS world)");
    if (options->policy && !sandboxed)
        return error_new("E_POLICY", "--policy is only valid for --world run-os-sandboxed");
    if (!sandboxed)
        return NULL;
    if (!path)
        return error_new("E_POLICY", "run-os-sandboxed requires a policy file (--policy or profile policy)");
    run->policy_path = path[0] == '/' ? path : paths_join(run->arena, run->project_root, path);
    if (!file_is_regular(run->policy_path))
        return error_new("E_POLICY", "missing policy file: %s", run->policy_path);
    if (has_overrides(options))
        return error_new("E_NOT_YET", "derived policies are not available yet");
    return NULL;
}

struct error *
run_load_policy(struct run *run)
{
    struct policy *policy = ARENA_NEW(run->arena, struct policy);
    struct error *error = NULL;

    if (!run->policy_path)
        return NULL;
    if (!run->policy_text.data)
        error = policy_read(run->policy_path, &run->policy_text);
    if (!error)
        error = policy_parse(run->arena, run->policy_path, text_string(&run->policy_text),
                             run->policy_text.len, policy);
    run->policy = policy;
    return error;
}

void
run_fill_policy(const struct run *run, x07_run_request *request)
{
    const struct policy *policy = run->policy;

    if (!policy) {
        if (world_is_os(run->world))
            request->flags |= X07_RUN_ALLOW_UNSAFE | X07_RUN_ALLOW_FFI;
        return;
    }
    if (policy->language.allow_unsafe.value)
        request->flags |= X07_RUN_ALLOW_UNSAFE;
    if (policy->language.allow_ffi.value)
        request->flags |= X07_RUN_ALLOW_FFI;
    request->policy = text_string(&run->policy_text);
    request->policy_size = run->policy_text.len;
    request->policy_path = run->policy_path;
    request->grants = policy_grants(run->arena, policy);
    request->policy_environment = policy_environment(run->arena, policy, environ);
}
