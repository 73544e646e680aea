/* temporaries.h: how many local values a function needs, and the limit on them. */
#ifndef SEMA_TEMPORARIES_H
#define SEMA_TEMPORARIES_H

#include "sema/program.h"

/* Bindings, operands, conditions, bounds and discarded values of a body's tree. */
uint64_t temporaries_count(const struct node *node);

/* The failure of a body that needs more than X07_MAX_LOCALS; `func` is NULL for solve. Returns false. */
bool temporaries_exceeded(struct program *program, const struct func *func);

#endif
