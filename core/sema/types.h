/* types.h: the concrete types of checked programs and how messages print them.
 * Knows no heads and no programs. */
#ifndef SEMA_TYPES_H
#define SEMA_TYPES_H

#include "ast/ast.h"
#include "base/text.h"

#include <stdbool.h>

enum type {
#define TYPE(id, source, display, class, ctype, empty) TYPE_##id,
#include "sema/types.def"
#undef TYPE
    TYPE_COUNT
};

enum type_class { CLASS_COPY, CLASS_OWNED, CLASS_VIEW };

enum brand_kind { BRAND_NONE, BRAND_ANY, BRAND_NAMED };

/* The compile-time label of a bytes-like value. */
struct brand {
    enum brand_kind kind;
    const struct symbol *name; /* BRAND_NAMED */
};

/* A typed value: what checking knows of an expression's result. */
struct value_type {
    enum type type;
    struct brand brand;
    bool view_full; /* a view known to cover its whole owner */
};

const char *type_display(enum type type);
const char *type_source_name(enum type type); /* NULL for types that no source can name */
const char *type_c_name(enum type type);
enum type_class type_class(enum type type);
bool type_is_owned(enum type type);
bool type_is_view(enum type type);
bool type_is_pointer(enum type type);
/* A handle of a task. */
bool type_is_task(enum type type);
/* A type whose values may carry a brand. */
bool type_takes_brand(enum type type);

/* The suffix of the runtime's names for an owned type, e.g. "bytes" in x07_drop_bytes; NULL otherwise. */
const char *type_owned_suffix(enum type type);

/* Resolves a type_ref. False when it has no concrete type (variables, unknown applications). */
bool type_resolve(const struct ast_type *ref, enum type *out);

bool brand_equal(struct brand a, struct brand b);
/* The brand of a value that is one of two. Any is neutral where the type has a payload-less value. */
struct brand brand_join(enum type type, struct brand a, struct brand b);
/* An id, "any" or "unbranded". */
const char *brand_display(struct brand brand);

/* TyInfo { ty: Bytes, brand: None, view_full: false } */
void value_type_display(struct value_type type, struct text *out);

#endif
