/* bare.h: the boundary on a machine that gives no namespaces to this user (a setting, a filter around us), or
 * only ones in which nothing can be mounted. What a plan asks for can then be held by Landlock and the system
 * call filter alone, or not at all.
 *
 * Held is one process without a network that reads and writes beneath its places. It can find out which files
 * there are elsewhere, how large and of whom, but neither their contents nor the names in a directory. */
#ifndef CONFINE_BARE_H
#define CONFINE_BARE_H

#include "plan.h"

/* What is missing, and what can be held without it. */
enum bareness {
    BARE_OF_VIEW,      /* no mounts, but a process namespace of its own */
    BARE_OF_NAMESPACES /* none at all */
};

/* Makes the plan a bare one and says so in the report, or ends the process when it could not be held. errno
 * says why it has come to this. */
void bare_accept(struct plan *plan, enum bareness bareness);

#endif
