/* check.h: typing of bodies: from x07AST to the checked tree (language chapter, sections 2, 3 and 13). */
#ifndef SEMA_CHECK_H
#define SEMA_CHECK_H

#include "sema/program.h"

/* Checks one function's body, or solve when `func` is NULL, and stores the tree. False: program->failure is
 * set, without the " (fn=...)" suffix. */
bool check_body(struct program *program, struct func *func);

#endif
