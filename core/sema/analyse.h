/* analyse.h: the front end as a whole: from the entry's text to checked, simplified bodies, in the order of
 * section 0.3 of the language chapter, which decides what error is reported. */
#ifndef SEMA_ANALYSE_H
#define SEMA_ANALYSE_H

#include "sema/program.h"

/* The caller has filled context, failure, world, allow_*, limits and roots. False: program->failure holds the
 * kind and the complete message. */
bool analyse_program(struct program *program, const char *source, size_t len);

/* Frees what is not in the arena. */
void analyse_free(struct program *program);

#endif
