/* signature.h: functions as people read them, for `x07 guide` and `x07 doc`. */
#ifndef CLI_SIGNATURE_H
#define CLI_SIGNATURE_H

#include "ast/ast.h"

/* Appends "std.bytes.slice(b: bytes_view, start: i32) -> bytes". Types that are no plain names print as
 * empty. */
void signature_write(const struct ast_func *func, struct text *out);

/* A type: its name, "void" for NULL, "" for one that is no plain name. */
const char *signature_type(const struct ast_type *type);

/* "defn", "defasync", or "export" for what is written in C. */
const char *signature_kind(const struct ast_func *func);

/* The function of that name in the document, or NULL. */
const struct ast_func *signature_find(const struct ast_doc *doc, const struct symbol *name);

#endif
