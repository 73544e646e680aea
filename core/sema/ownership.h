/* ownership.h: the move and borrow check of a typed body (language chapter, section 4). */
#ifndef SEMA_OWNERSHIP_H
#define SEMA_OWNERSHIP_H

#include "sema/program.h"

/* Checks body->tree in evaluation order. False: program->failure is set. The tree is not changed. */
bool ownership_check(struct program *program, struct body *body);

#endif
