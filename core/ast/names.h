/* names.h: the rules for names (section 1.3). Pure; each returns false and appends the message when the name,
 * without white space around it, breaks its rule. ast_check_symbol, the third rule, is in ast.h. */
#ifndef AST_NAMES_H
#define AST_NAMES_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Parameters, type parameters, type variables, extern link names. */
bool ast_check_local(const char *text, size_t len, struct text *message);

/* Type names, heads of type applications, bounds. */
bool ast_check_type_name(const char *text, size_t len, struct text *message);

#endif
