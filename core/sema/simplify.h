/* simplify.h: rewrites checked bodies into cheaper ones with the same meaning (language chapter,
 * section 10.3). Fuel is charged on the result, so the passes and their order are part of what programs
 * observe. */
#ifndef SEMA_SIMPLIFY_H
#define SEMA_SIMPLIFY_H

#include "sema/program.h"

/* Simplifies all reachable bodies and checks the limit on nodes. */
bool simplify_program(struct program *program);

#endif
