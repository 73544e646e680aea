/* privileges.h: gives up every capability for good, and any way to get one. */
#ifndef CONFINE_PRIVILEGES_H
#define CONFINE_PRIVILEGES_H

#include "plan.h"

void privileges_drop(const struct plan *plan);

#endif
