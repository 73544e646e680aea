/* environment.h: a policy as the variables that the program's own gate reads, and the only environment that a
 * sandboxed program is given. Pure; any thread. */
#ifndef POLICY_ENVIRONMENT_H
#define POLICY_ENVIRONMENT_H

#include "policy/policy.h"

/* "NAME=value" for X07_WORLD, X07_OS_SANDBOXED, each variable of the policy in the documented order, and
 * those of `host` (as environ; may be NULL) that the policy lets the program see: env.allow_keys without
 * env.deny_keys, and TZ where the local time zone may be known. Ends with NULL; lives in the arena. */
const char *const *policy_environment(struct arena *arena, const struct policy *policy, char *const *host);

#endif
