/* init.h: the first process inside, which starts the program, reaps what it leaves, and ends with it. */
#ifndef CONFINE_INIT_H
#define CONFINE_INIT_H

#include "plan.h"

/* `parent` is a stream to the process outside: a byte comes when this process has its identity; the program's
 * wait status goes back. Its end means that the one outside died. */
_Noreturn void init_main(struct plan *plan, int parent);

#endif
