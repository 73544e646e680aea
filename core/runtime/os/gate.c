/* gate.c: see gate.h. */
#include "gate.h"

#include "../internal.h"
#include "path.h"
#include "policy.h"

void
rt_gate_path(x07_rt *rt, x07_view path, const char *unsafe, const char *hidden)
{
    const struct policy *policy = rt_policy(rt);

    if (!policy->fs)
        x07_trap(rt, "os.fs disabled by policy");
    if (!policy->max_blocking)
        x07_trap(rt, "os.threads.blocking disabled by policy");
    if (!rt_path_is_safe(path))
        x07_trap(rt, unsafe);
    if (policy->deny_hidden && rt_path_is_hidden(path))
        x07_trap(rt, hidden);
}
