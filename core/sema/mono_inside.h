/* mono_inside.h: what the files of the generics stage share. For them only. */
#ifndef SEMA_MONO_INSIDE_H
#define SEMA_MONO_INSIDE_H

#include "sema/mono.h"

/* A function as a document declares it. */
struct mono_func {
    struct ast_func *ast;
    struct module *module;
};

struct mono_work {
    struct program *program;
    struct mono *result;
    struct ptrmap functions;  /* name -> struct mono_func */
    struct ptrmap items;      /* key -> struct mono_item */
    struct ptrmap item_names; /* specialised name -> struct mono_item */
    uint32_t item_capacity;
    struct mono_item *pending[MONO_MAX_SPECIALISATIONS]; /* to be generated; the smallest key is last */
    uint32_t pending_count;
    const struct symbol *tapp, *tys;
};

/* Whose body is being rewritten. */
struct mono_caller {
    struct module *module;
    const struct symbol *name;
    const struct ast_func *generic; /* NULL in plain functions and solve */
    struct ast_type **args;         /* what the generic's type parameters stand for */
};

/* ---- expressions (mono_rewrite.c): NULL after an error ---- */

struct ast_expr *mono_rewrite(struct mono_work *work, const struct mono_caller *caller,
                              struct ast_expr *expr);

/* A list "head", then the items of `list` from `first` on, rewritten, after `extra` free places. */
struct ast_expr *mono_rewrite_rest(struct mono_work *work, const struct mono_caller *caller,
                                   const struct ast_expr *list, uint32_t first, struct symbol *head,
                                   uint32_t extra);

struct ast_expr *mono_int(struct mono_work *work, const struct ast_loc *loc, int32_t value);
struct ast_expr *mono_atom(struct mono_work *work, const struct ast_loc *loc, struct symbol *symbol);
struct ast_expr *mono_list(struct mono_work *work, const struct ast_loc *loc, const char *head,
                           uint32_t count, struct ast_expr *const *operands);

/* ---- tapp (mono_tapp.c) ---- */

struct ast_expr *mono_tapp(struct mono_work *work, const struct mono_caller *caller,
                           const struct ast_expr *tapp);

/* The type arguments of a tapp whose callee has `want` type parameters; sets the index of the first value
 * argument. */
bool mono_type_args(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *tapp,
                    uint32_t want, struct ast_type **args, uint32_t *first_value);

/* ---- other lowerings ---- */

/* ty.* (mono_intrinsics.c). */
bool mono_is_intrinsic(const struct symbol *head);
struct ast_expr *mono_intrinsic(struct mono_work *work, const struct mono_caller *caller,
                                const struct ast_expr *list);
/* The module that lowering this intrinsic refers to, or NULL. */
const char *mono_intrinsic_module(const struct symbol *head);

/* ty.lt and ty.cmp once their operands are rewritten (mono_compare.c). */
struct ast_expr *mono_compare_words(struct mono_work *work, const struct ast_loc *loc, bool is_signed,
                                    struct ast_expr *a, struct ast_expr *b);
struct ast_expr *mono_compare_bytes(struct mono_work *work, const struct ast_loc *loc, bool is_owned,
                                    struct ast_expr *a, struct ast_expr *b);

/* vec_value.* and map_value.* (mono_containers.c). */
struct mono_container;
const struct mono_container *mono_container_find(const struct symbol *callee);
struct ast_expr *mono_container_call(struct mono_work *work, const struct mono_caller *caller,
                                     const struct mono_container *container, const struct ast_expr *tapp);

/* ---- types (mono_types.c) ---- */

/* Reads a type operand. NULL after an error. */
struct ast_type *mono_type_read(struct mono_work *work, const struct ast_expr *expr);

/* Puts the caller's type arguments for type variables. In plain functions variables stay. NULL after an
 * error. */
struct ast_type *mono_type_substitute(struct mono_work *work, const struct mono_caller *caller,
                                      struct ast_type *type);

bool mono_type_is_concrete(const struct ast_type *type);
/* Nodes on the longest path. Stops counting nodes at `budget`, which it lowers. */
uint32_t mono_type_depth(const struct ast_type *type, uint32_t *budget);

/* As canonical JSON, and as part of a specialised name. */
void mono_type_write(const struct ast_type *type, struct text *out);
void mono_type_write_name(const struct ast_type *type, struct text *out);

struct mono_bound;
const struct mono_bound *mono_bound_find(const char *name);
/* Reports an argument that does not satisfy the bound of the type parameter `name`. */
bool mono_bound_check(struct mono_work *work, const struct mono_bound *bound, const struct symbol *name,
                      const struct ast_type *type);

/* failure_set with a type at its end: "<format>: R<type>". `name` is the format's %Q. */
bool mono_fail_type(struct mono_work *work, const char *format, const struct symbol *name,
                    const struct ast_type *type);

#endif
