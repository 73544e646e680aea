/* validate.h: a document against the schema of its version and against the reader (diagnostics chapter,
 * section 16.1). Knows JSON; knows nothing of files. */
#ifndef CLI_VALIDATE_H
#define CLI_VALIDATE_H

#include "ast/json.h"
#include "lint/lint.h"

/* Appends what is wrong to `found`. */
void validate_document(const struct ast_json *document, struct diagnostics *found);

/* The same; findings, if any, are printed as a report on standard output. Returns whether there were none. */
bool validate_print(struct arena *arena, const struct ast_json *document);

#endif
