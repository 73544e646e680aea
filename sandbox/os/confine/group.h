/* group.h: a control group around everything inside, for limits that resource limits cannot set: on the
 * number of processes of the system's root, and on the memory of all processes together. Knows control groups
 * of both versions; knows nothing of what runs in the group. */
#ifndef CONFINE_GROUP_H
#define CONFINE_GROUP_H

#include "plan.h"

#include <sys/types.h>

enum { GROUP_DIRECTORIES = 2 };

/* The directories of the group, one for each hierarchy of version 1. NULL: none. */
struct group {
    char *directories[GROUP_DIRECTORIES];
};

/* Makes the group that the plan asks for and puts `init` into it, before that starts anything. Says in the
 * report when there can be none, and ends the process when a limit would not hold without it. */
void group_make(const struct plan *plan, pid_t init, struct group *group);

/* Removes an empty group. */
void group_remove(const struct group *group);

#endif
