/* limits.h: the resource limits of the plan. */
#ifndef CONFINE_LIMITS_H
#define CONFINE_LIMITS_H

#include "plan.h"

/* Sets the limits of this process. Last of all steps: with them, nothing more may be possible. */
void limits_apply(const struct plan *plan);

#endif
