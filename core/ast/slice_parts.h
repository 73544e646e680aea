/* slice_parts.h: what the files of slice.h share. Not for others. */
#ifndef AST_SLICE_PARTS_H
#define AST_SLICE_PARTS_H

#include "ast/slice.h"

struct slice_name; /* slice_names.c */

/* A declaration of the slice. */
struct slice_decl {
    struct ast_json value; /* without what the closure leaves out */
    uint32_t origin;       /* its index in the document */
};

/* One slice on its way. */
struct slicing {
    struct arena *arena;
    const struct ast_json *document;
    const struct slice_request *request;
    const struct ast_json *decls; /* of the document */
    unsigned closure;             /* of the request, and what the place forces */
    bool in_solve;                /* the place is in the solve expression */
    int64_t focus;                /* index of the declaration around the place; -1: none */
    bool *selected;               /* per declaration of the document */
    const struct slice_name *names;
    size_t name_count;
    struct slice_decl *out; /* the declarations of the slice, in its order */
    size_t out_count;
    const struct ast_json *solve; /* NULL: the slice has none */
    const struct ast_json *meta;  /* the document's own; NULL: none */
    struct ast_json imports;      /* of the slice */
    /* For the report: */
    struct ast_json missing_locals, missing_types, missing_imports; /* arrays of strings */
    size_t full_count;                                              /* declarations before any cut */
    uint64_t full_bytes, bytes;
    bool nodes_cut, bytes_cut;
};

/* slice_json.c */
const struct ast_json *slice_member(const struct ast_json *object, const char *name);
struct ast_json slice_string(const char *text, size_t len);
/* Copies of an object: with another value of a member (added when there is none), or without members. */
struct ast_json slice_with(struct arena *arena, const struct ast_json *object, const char *name,
                           struct ast_json value);
struct ast_json slice_without(struct arena *arena, const struct ast_json *object, const char *const *names);
/* Calls `hear` with the head of every list in the value. */
void slice_each_head(const struct ast_json *value, void (*hear)(void *context, const struct ast_json *head),
                     void *context);
/* The same for the body and the contract clauses of a declaration. */
void slice_each_head_of_decl(const struct ast_json *decl,
                             void (*hear)(void *context, const struct ast_json *head), void *context);
/* An array of the strings, sorted by bytes, each once. */
struct ast_json slice_sorted_set(struct arena *arena, struct ast_json *strings, size_t count);
extern const char *const slice_clauses[]; /* requires, ensures, invariant */

/* slice_names.c: selects what the slice has, and finds what it would have. */
void slice_select(struct slicing *slicing);
struct ast_json slice_imports(struct slicing *slicing);
struct ast_json slice_missing_locals(struct slicing *slicing);

/* slice_limits.c: the document of the slice, within its limits. False: they cannot be kept. */
bool slice_limit(struct slicing *slicing, struct ast_json *document, struct text *message);

/* slice_meta.c */
const char *slice_meta(const struct slicing *slicing);

#endif
