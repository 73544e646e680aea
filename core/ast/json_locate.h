/* json_locate.h: where in its text a value of a JSON tree stands. The tree itself keeps no positions; they
 * are found again for the one value that an error is about. Knows JSON; knows nothing of x07AST. Pure; any
 * thread. */
#ifndef AST_JSON_LOCATE_H
#define AST_JSON_LOCATE_H

#include "ast/json.h"

/* Offsets of the value's first byte and behind its last. `root` must be what ast_json_read made of the text,
 * and `target` a value in it; false when it is not. */
bool json_locate(const char *data, size_t len, const struct ast_json *root, const struct ast_json *target,
                 size_t *start, size_t *end);

/* Offset behind the quoted name of a member. */
bool json_locate_name(const char *data, size_t len, const struct ast_json *root,
                      const struct ast_json_member *member, size_t *end);

/* Appends " at line L column C" for the place behind the first `offset` bytes; columns count bytes. */
void json_append_place(const char *data, size_t offset, struct text *out);

#endif
