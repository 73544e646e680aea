/* returns.h: what the view results of functions borrow from (language chapter, section 4.6). */
#ifndef SEMA_RETURNS_H
#define SEMA_RETURNS_H

#include "sema/program.h"

/* Sets view_source of every reachable defn with a view result. Works on the documents' expressions, before
 * typing. False: program->failure is set, with its suffix. */
bool returns_analyse(struct program *program);

#endif
