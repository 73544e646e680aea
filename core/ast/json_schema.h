/* json_schema.h: checks JSON against a JSON Schema (draft 2020-12).
 * Knows the keywords that the schemas in spec/ use: $ref into the same schema, type, const, enum, required,
 * properties, additionalProperties (false), items, prefixItems, minItems, maxItems, uniqueItems, minLength,
 * maxLength, pattern (POSIX extended), minimum, maximum, allOf, if/then/else, and false. Others are ignored.
 * Knows nothing of what the documents mean. */
#ifndef AST_JSON_SCHEMA_H
#define AST_JSON_SCHEMA_H

#include "ast/json.h"

/* Is told of each violation. The texts live during the call only: pointers into the document and into the
 * schema, and a message of one line. */
typedef void json_schema_report(void *context, const char *instance, const char *schema, const char *message);

/* Calls `report` for every violation. Returns whether there was none. `schema` must be one of ours; the
 * document must have been read by ast_json_read. Any thread. */
bool json_schema_check(const struct ast_json *schema, const struct ast_json *document,
                       json_schema_report *report, void *context);

#endif
