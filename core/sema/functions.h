/* functions.h: the functions of a loaded program: names, signatures, reachability, visibility. */
#ifndef SEMA_FUNCTIONS_H
#define SEMA_FUNCTIONS_H

#include "sema/program.h"

/* Collects the functions of all modules (entry first, then modules by id) and the specialisations of generic
 * ones, and resolves the types of their signatures. Needs mono_run. Afterwards program->funcs is sorted by
 * name. */
bool functions_collect(struct program *program);

/* The concrete type of a signature's type_ref. */
bool function_type(struct program *program, const struct ast_type *ref, enum type *out);

/* Marks what solve reaches through list heads and validators. */
void functions_reach(struct program *program);

/* World capabilities of the reachable program (section 9.2). */
bool functions_check_world(struct program *program);

/* Imports and exports of every call in the reachable program (section 5.5). */
bool functions_check_visibility(struct program *program);

#endif
