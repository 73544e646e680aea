/* landlock.h: the second lock on files, and the one on TCP ports, abstract sockets and signals.
 * Knows Landlock and the places of the plan; knows nothing of mounts. Without Landlock in the kernel it only
 * says so in the report: the view is the first lock. In a bare plan it is the only one. */
#ifndef CONFINE_LANDLOCK_H
#define CONFINE_LANDLOCK_H

#include "plan.h"

/* The version of the kernel's interface; 0 with errno: none. */
int landlock_abi(void);

/* Restricts this process and all that it starts, inside the view. Needs no_new_privs. */
void landlock_restrict(const struct plan *plan);

#endif
