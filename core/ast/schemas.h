/* schemas.h: the JSON Schemas that the host itself checks documents against, from spec/.
 * Read-only data of the program. Any thread. */
#ifndef AST_SCHEMAS_H
#define AST_SCHEMAS_H

#include "ast/json.h"
#include "base/arena.h"

/* The schema in the file spec/<name>.schema.json, as a tree in `arena`, or NULL when there is none. */
const struct ast_json *schemas_find(struct arena *arena, const char *name);

/* Its text as it stands in the file, or NULL when there is none. */
const char *schemas_text(const char *name, size_t *len);

#endif
