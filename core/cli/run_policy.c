/* run_policy.c: which policy a sandboxed run has. */
#include "base/file.h"
#include "cli/run.h"
#include "project/paths.h"
#include "project/worlds.h"

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
    return NULL;
}

void
run_fill_policy(const struct run *run, x07_run_request *request)
{
    request->policy = run->policy_text.len ? text_string(&run->policy_text) : NULL;
    request->policy_size = run->policy_text.len;
    request->policy_path = run->policy_path;
}
