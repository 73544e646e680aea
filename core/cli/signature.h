/* signature.h: functions as people read them, for `x07 guide` and `x07 doc`. */
#ifndef CLI_SIGNATURE_H
#define CLI_SIGNATURE_H

#include "ast/ast.h"

/* Appends "std.bytes.slice(b: bytes_view, start: i32) -> bytes". Types that are no plain names print as
 * empty. */
void signature_write(const struct ast_func *func, struct text *out);

/* The function of that name in the document, or NULL. */
const struct ast_func *signature_find(const struct ast_doc *doc, const struct symbol *name);

#endif
