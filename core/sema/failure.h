/* failure.h: the first compile error of a program: a kind and a message. Compilation stops at it. */
#ifndef SEMA_FAILURE_H
#define SEMA_FAILURE_H

#include "ast/ast.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>

#define KIND_PARSE "Parse"
#define KIND_TYPING "Typing"
#define KIND_UNSUPPORTED "Unsupported"
#define KIND_BUDGET "Budget"
#define KIND_INTERNAL "Internal"

struct failure {
    const char *kind; /* NULL while nothing has failed */
    struct text message;
    bool has_loc; /* the message is about one node, whose pointer the caller adds */
    const struct ast_loc *loc;
};

/* Records an error and returns false, so that a caller can `return failure_set(...)`. In the format, %Q takes
 * a const struct symbol * and prints it quoted; %L takes a const struct ast_loc * and prints its pointer; %s,
 * %d and
 * %% are as in printf. Nothing else is understood. */
bool failure_set(struct failure *failure, const char *kind, const char *format, ...);

/* The same, about the node at `loc`. */
bool failure_set_at(struct failure *failure, const char *kind, const struct ast_loc *loc, const char *format,
                    ...);

/* Appends text in those formats. */
void failure_format(struct text *out, const char *format, va_list *args);

/* Appends formatted text to the message, same formats. */
void failure_append(struct failure *failure, const char *format, ...);

void failure_free(struct failure *failure);

#endif
