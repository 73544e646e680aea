/* document.h: an x07AST document or its JSON from the bytes of a file, for commands.
 * Knows encodings and what is a document; knows nothing of files. */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "ast/ast.h"
#include "ast/json.h"
#include "base/text.h"

#include <stdbool.h>

/* ast_read, after a check that the bytes are UTF-8 at all. Returns NULL and appends "<message> at <pointer>"
 * when they are no document. */
struct ast_doc *document_read(struct ast_context *context, const struct text *bytes, struct text *message);

/* ast_json_read after the same check. `bytes` must outlive the tree. */
bool document_read_json(struct arena *arena, const struct text *bytes, struct ast_json *value,
                        struct text *message);

/* The canonical form of the document that `value` is, as JSON again and as text appended to `out`, which may
 * be NULL. Returns false and appends the message when it is none. */
bool document_canonical(struct arena *arena, const struct ast_json *value, struct ast_json *canonical,
                        struct text *out, struct text *message);

#endif
