/* patch.h: JSON Patch (RFC 6902) on the JSON of json.h.
 * Knows operations and their order; knows nothing of x07AST, findings or files. Not thread-safe in one arena.
 */
#ifndef AST_PATCH_H
#define AST_PATCH_H

#include "ast/json.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which patch_order puts them; move and copy are one group. */
enum patch_kind { PATCH_TEST, PATCH_REPLACE, PATCH_MOVE, PATCH_COPY, PATCH_REMOVE, PATCH_ADD };

struct patch_op {
    enum patch_kind kind;
    const char *path; /* a JSON Pointer of path_len bytes */
    size_t path_len;
    const char *from; /* move and copy: the same */
    size_t from_len;
    const struct ast_json *value; /* test, replace and add */
};

/* The kind of that name, e.g. "add". Returns false when there is none. */
bool patch_kind_of(const char *name, size_t len, enum patch_kind *kind);

/* Reads a patch: an array of operations, whose unknown members are ignored. The operations are in `arena` and
 * point into `value`. Returns NULL and appends a message when it is none. */
struct patch_op *patch_read(struct arena *arena, const struct ast_json *value, size_t *count,
                            struct text *message);

/* Puts the operations of several independent repairs into the order in which they do not disturb each other
 * (diagnostics chapter, section 12.1): tests, replacements, moves and copies, removals, additions; within a
 * group deeper and later places first. */
void patch_order(struct patch_op *ops, size_t count);

/* Applies the operations in order and stores the result, whose objects have sorted members, in *document. It
 * lives in `arena` and may share strings with the document and the operations. Returns false and appends a
 * message when one fails, or when the document grows beyond what can be read back: nesting of 127, or 4
 * million copied values; *document is then as it was. */
bool patch_apply(struct arena *arena, struct ast_json *document, const struct patch_op *ops, size_t count,
                 struct text *message);

/* Whether two values are equal: kind and structure, whatever the order of members. 1 and 1.0 are not. */
bool patch_equal(struct arena *arena, const struct ast_json *left, const struct ast_json *right);

#endif
