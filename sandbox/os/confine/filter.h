/* filter.h: the list of system calls that the program may make. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include "plan.h"

/* Installs the filter in this process and all that it starts. Needs no_new_privs. Returns the descriptor on
 * which the kernel tells of calls that the broker has to answer (broker.h), or -1 when there is none. */
int filter_install(const struct plan *plan);

#endif
