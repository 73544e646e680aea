/* slice.h: the part of a document that one needs to see to understand one place in it.
 * Knows what declarations are made of and which names call which; knows nothing of files, types or what a
 * head means. Not thread-safe in one arena. */
#ifndef AST_SLICE_H
#define AST_SLICE_H

#include "ast/json.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum slice_enclosure {
    SLICE_DEFN,  /* the function around the place */
    SLICE_DECL,  /* the declaration around it */
    SLICE_MODULE /* the document */
};

/* What is added besides. */
enum { SLICE_LOCALS = 1, SLICE_TYPES = 2, SLICE_IMPORTS = 4, SLICE_ALL = 7 };

struct slice_request {
    const char *ptr; /* JSON Pointer of the place, in the canonical form */
    enum slice_enclosure enclosure;
    unsigned closure;          /* SLICE_LOCALS and others, added */
    const uint64_t *max_nodes; /* most JSON values in the slice; NULL: any */
    const uint64_t *max_bytes; /* most bytes of its canonical text; NULL: any */
};

struct slice {
    struct ast_json document;  /* the slice; members are in no order */
    const char *meta;          /* canonical JSON: what was asked, omitted and cut */
    bool nodes_cut, bytes_cut; /* a limit took something away */
};

/* Cuts the slice out of `document`, which must be x07AST in canonical form; the slice points into it. Returns
 * false and appends a message when the place does not exist or the limits cannot be kept; `meta` is set then
 * too. */
bool slice_cut(struct arena *arena, const struct ast_json *document, const struct slice_request *request,
               struct slice *slice, struct text *message);

/* "defn", "decl", "module" */
extern const char *const slice_enclosure_names[];

#endif
