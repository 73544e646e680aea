/* program.c: lookups in a program. */
#include "sema/program.h"

struct func *
program_func(const struct program *program, const struct symbol *name)
{
    return ptrmap_get(&program->func_of, name);
}

struct module *
program_module(const struct program *program, const struct symbol *id)
{
    return ptrmap_get(&program->module_of, id);
}
