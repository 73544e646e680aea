/* program.h: a whole program while it is being compiled: its documents, its functions, and what the checks
 * found. Everything lives in the arena of the ast_context. */
#ifndef SEMA_PROGRAM_H
#define SEMA_PROGRAM_H

#include "ast/ast.h"
#include "base/ptrmap.h"
#include "sema/failure.h"
#include "sema/tree.h"
#include "sema/types.h"
#include "sema/world.h"

#include <stdbool.h>
#include <stddef.h>

struct mono; /* sema/mono.h */
struct root_names;

struct module {
    struct symbol *id;
    struct ast_doc *doc;
    bool builtin;     /* part of the standard library */
    const char *path; /* of its file; NULL for the entry and for what is built in */
};

struct func {
    struct ast_func *ast;
    struct symbol *name;
    struct symbol *exported_as; /* the declared name; a specialisation keeps its generic's */
    struct module *module;      /* that declares it */
    enum type *param_types;
    struct brand *param_brands;
    uint32_t param_count;
    enum type result; /* TYPE_I32 for a void extern */
    struct brand result_brand;
    bool reachable;
    int view_source; /* parameter that a view result borrows from, or -1; set by returns_analyse */
    struct body *body;
    uint32_t calls;  /* in the reachable program, while simplifying */
    uint32_t number; /* position among the emitted functions */
};

struct program_limits {
    uint64_t max_ast_nodes;
    uint64_t max_locals;
};

struct program {
    struct ast_context *context;
    struct failure *failure;
    const struct world *world;
    bool allow_unsafe;
    bool allow_ffi;
    struct program_limits limits;
    bool documents_only;      /* load_program finds and reads documents, and leaves their rules unchecked */
    const char *const *roots; /* module roots, in order */
    size_t root_count;
    struct root_names *root_names; /* what lies in each root, once it was asked for; see roots.c */

    struct module **modules; /* [0] is the entry, then as loaded */
    size_t module_count;
    size_t module_capacity;
    struct ptrmap module_of; /* symbol of the id -> struct module */

    struct func **funcs; /* all defns and externs, sorted by name once loaded */
    size_t func_count;
    size_t func_capacity;
    struct ptrmap func_of; /* symbol of the name -> struct func */

    struct body *solve;
    uint64_t parsed_nodes;         /* of every loaded file */
    uint64_t simplified_nodes;     /* of what is left after simplification */
    struct mono *mono;             /* specialisations, once mono_run is done */
    struct symbol *unknown_module; /* after an "unknown module" failure */
};

struct func *program_func(const struct program *program, const struct symbol *name);
/* Whether the program has asynchronous functions that are reachable. */
bool program_has_tasks(const struct program *program);
/* Whether the function (NULL: solve) may end at this node: it returns, or it is a task's, waits and is
 * canceled. */
bool program_node_exits(const struct func *func, const struct node *node);
struct module *program_module(const struct program *program, const struct symbol *id);

#endif
