/* load.h: the documents of a program: the entry and the modules it imports (language chapter, sections 0.3
 * and 5.4). */
#ifndef SEMA_LOAD_H
#define SEMA_LOAD_H

#include "sema/program.h"

/* Reads the entry's text and, depth first, all modules it imports; fills program->modules. False:
 * program->failure is set. After an unknown module, program->unknown_module is its id. */
bool load_program(struct program *program, const char *source, size_t len);

/* Makes `module` import the module `id` whether or not its document says so, and loads that one unless it is
 * loaded already. Errors as above. */
bool load_implicit_import(struct program *program, struct module *module, struct symbol *id);

#endif
