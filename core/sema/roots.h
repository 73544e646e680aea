/* roots.h: which file beneath the module roots is a module's.
 * Knows names of modules and files; knows nothing of what is in them. */
#ifndef SEMA_ROOTS_H
#define SEMA_ROOTS_H

#include "sema/program.h"

/* Appends "a/b.x07.json" for a.b. */
void roots_module_file(const struct symbol *id, struct text *out);

/* Every root's file of that name: paths in the arena, in the order of the roots. Returns how many. With many
 * roots their top folders are listed once, which later searches then ask instead of the file system. */
size_t roots_search(struct program *program, const struct symbol *id, const char ***found);

#endif
