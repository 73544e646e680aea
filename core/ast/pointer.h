/* pointer.h: JSON Pointers (RFC 6901) over the JSON of json.h.
 * Knows how a pointer is written and followed; knows nothing of what documents mean.
 *
 * Pointers are bytes and a length, need not be NUL-terminated and may hold NULs. Nothing here keeps what it
 * is given. Not thread-safe in one struct. */
#ifndef AST_POINTER_H
#define AST_POINTER_H

#include "ast/json.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pointer on the way from its first token to its last. `token` is the current one, without escapes; free it
 * with text_free. */
struct pointer {
    const char *text;
    size_t len;
    size_t at;
    struct text token;
};

/* Returns false when the pointer neither is empty nor begins with '/'. */
bool pointer_start(struct pointer *pointer, const char *text, size_t len);

/* Moves to the next token; false at the end. A '~' that starts no escape stands for itself. */
bool pointer_next(struct pointer *pointer);

/* Whether the current token is the last. */
bool pointer_is_last(const struct pointer *pointer);

/* Reads the current token as an array index: decimal, without sign and without leading zeros. */
bool pointer_index(const struct pointer *pointer, uint64_t *index);

/* The number of tokens. */
size_t pointer_depth(const char *text, size_t len);

/* One step from `value` to what the current token names, or NULL with the message appended. In objects the
 * last member of a name counts. */
const struct ast_json *pointer_step(const struct pointer *pointer, const struct ast_json *value,
                                    struct text *message);

/* The value that the pointer names, or NULL with the message appended: the texts of the patch engine
 * (diagnostics chapter, section 4). */
const struct ast_json *pointer_get(const struct ast_json *root, const char *text, size_t len,
                                   struct text *message);

/* Appends a token with its escapes, after a '/'. */
void pointer_append(struct text *out, const char *token, size_t len);

#endif
