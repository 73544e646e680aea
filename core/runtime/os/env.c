/* env.c: os.env.get. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "policy.h"

#include <stdlib.h>

static void
check_allowed(x07_rt *rt, x07_view key)
{
    const struct policy *policy = rt_policy(rt);

    if (!policy->sandboxed)
        return;
    if (!policy->env)
        x07_trap(rt, "os.env disabled by policy");
    if (rt_policy_lists(policy->env_deny_keys, key))
        x07_trap(rt, "os.env.get key denied");
    if (!rt_policy_lists(policy->env_allow_keys, key))
        x07_trap(rt, "os.env.get key not allowed");
}

x07_bytes
x07_os_env_get(x07_rt *rt, x07_bytes key)
{
    check_allowed(rt, x07_view_of(key));
    if (memchr(key.ptr, 0, key.len))
        x07_trap(rt, "os.env.get key contains NUL");
    char *name = strndup((const char *)key.ptr, key.len);
    if (!name)
        x07_trap(rt, "out of memory");
    /* No variable's name holds a '=': getenv would take the rest for part of a value. */
    const char *value = key.len && !strchr(name, '=') ? getenv(name) : NULL;
    free(name);
    x07_drop_bytes(rt, key);
    size_t len = value ? strlen(value) : 0;
    if (len > UINT32_MAX)
        x07_trap(rt, "os.env.get value too large");
    return x07_view_to_bytes(rt, (x07_view){(const uint8_t *)(value ? value : ""), (uint32_t)len});
}
