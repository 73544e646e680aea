/* filter.h: the list of system calls that the program may make. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include "plan.h"

/* Installs the filter in this process and all that it starts. Needs no_new_privs. */
void filter_install(const struct plan *plan);

#endif
