/* namespaces.h: starts a process in namespaces of its own.
 * Knows clone and the maps of users and groups; knows nothing of what runs inside. */
#ifndef CONFINE_NAMESPACES_H
#define CONFINE_NAMESPACES_H

#include "plan.h"

#include <sys/types.h>

/* Like fork: returns 0 in the child, which is the first process of its process namespace. When it returns in
 * the parent, the child has the users and groups of this process, under the same numbers; until then it has
 * none and must wait. When namespaces cannot be had, the plan becomes a bare one (bare.h), or the process
 * ends. */
pid_t namespaces_fork(struct plan *plan);

#endif
