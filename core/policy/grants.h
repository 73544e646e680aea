/* grants.h: a policy as the grants that sandbox backends enforce (x07/grants.h). Pure; any thread. */
#ifndef POLICY_GRANTS_H
#define POLICY_GRANTS_H

#include "policy/policy.h"

#include <x07/grants.h>

/* What the policy grants. A section that is switched off grants nothing, whatever its members say. Everything
 * lives in the arena; texts may be those of the policy. */
const x07_grants *policy_grants(struct arena *arena, const struct policy *policy);

#endif
