/* net.c: os.net.http_request, which no program gets an answer from. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "policy.h"

static void
check_allowed(x07_rt *rt)
{
    const struct policy *policy = rt_policy(rt);

    if (!policy->sandboxed)
        return;
    if (!policy->net)
        x07_trap(rt, "os.net disabled by policy");
    if (!policy->allow_tcp || !policy->allow_dns)
        x07_trap(rt, "os.net.http_request disabled by policy");
    if (!policy->allow_hosts)
        x07_trap(rt, "os.net.allow_hosts required");
}

x07_bytes
x07_os_net_http_request(x07_rt *rt, x07_bytes request)
{
    check_allowed(rt);
    x07_drop_bytes(rt, request);
    x07_trap(rt, "os.net.http_request not implemented");
}
