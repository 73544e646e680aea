/* suggest_func.h: from one function that names a type in its name to a generic one and back. Private to
 * suggest.c. */
#ifndef LINT_SUGGEST_FUNC_H
#define LINT_SUGGEST_FUNC_H

#include "ast/ast.h"

/* Index of a type among those that names may end in, in byte order; -1: none of them. */
int suggest_tag_of(const char *name, size_t len);
const char *suggest_tag_name(int tag);

enum { SUGGEST_TAGS = 4 };

/* The function with the name `base` and a type parameter A in the place of the type `tag`. NULL when the tag
 * is used as something else than a type, so that this would change the meaning. */
struct ast_func *suggest_generic_of(struct ast_context *context, const struct ast_func *func, int tag,
                                    struct symbol *base);

/* The function with a body that calls the generic one. */
struct ast_func *suggest_wrapper_of(struct ast_context *context, const struct ast_func *func, int tag,
                                    struct symbol *base);

#endif
