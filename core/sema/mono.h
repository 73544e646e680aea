/* mono.h: generics (language chapter, section 7). A stage over documents, from x07AST to x07AST: it replaces
 * tapp and ty.* by plain heads and calls and makes one function of every generic function and list of type
 * arguments. Nothing generic is left behind it.
 * Knows type_refs and bounds; knows nothing of typed trees. */
#ifndef SEMA_MONO_H
#define SEMA_MONO_H

#include "sema/program.h"

enum { MONO_MAX_SPECIALISATIONS = 4096, MONO_MAX_DEPTH = 64, MONO_MAX_SITES = 8 };

/* A place that asks for a specialisation. */
struct mono_site {
    const struct symbol *caller; /* a function, or the entry's module id for solve */
    const struct symbol *module;
    const struct ast_loc *loc;
};

/* One specialisation. */
struct mono_item {
    struct symbol *key; /* orders and identifies: the generic's name, then its type arguments as JSON */
    struct ast_func *generic;
    struct module *module;
    struct ast_type **args; /* concrete; one per type parameter */
    struct ast_func *func;  /* without type parameters */
    struct mono_site sites[MONO_MAX_SITES];
    uint32_t site_count;
};

struct mono {
    struct mono_item **items; /* sorted by key */
    uint32_t item_count;
    uint32_t generic_count; /* generic functions of all documents */
    uint64_t tapp_sites;    /* every tapp that was lowered */
};

/* Sorts the program's modules (the entry first, then by id), adds the imports that ty.* needs, and gives
 * every module a document whose bodies are rewritten and that has no generic functions; what they were
 * specialised to is in program->mono. The documents read before stay as they are. Reports unknown bounds,
 * reserved and duplicate names of all functions first. False: program->failure is set, the program is of no
 * further use. Everything made lives in the program's arena. */
bool mono_run(struct program *program);

/* Appends the mono map (x07.mono.map@0.1.0) as canonical JSON with its line feed. Needs a finished mono_run.
 */
void mono_map_write(const struct program *program, struct text *out);

#endif
