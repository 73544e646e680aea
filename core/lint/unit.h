/* unit.h: what the files of rules share. Private to them.
 *
 * A rule looks at a document or at one list expression and adds findings; it never changes anything. */
#ifndef LINT_UNIT_H
#define LINT_UNIT_H

#include "base/ptrmap.h"
#include "lint/codes.h"
#include "lint/lint.h"
#include "sema/heads.h"

/* The check of one document. */
struct lint_unit {
    struct ast_context *context;
    const struct ast_doc *doc;
    const struct lint_options *options;
    struct diagnostics *out;
    struct ptrmap invented; /* names that only fixes have, as symbols */
};

/* What is around an expression. */
struct lint_place {
    bool value_used;
    bool hoist_safe;                  /* evaluated exactly once when its statement is */
    const struct ast_expr *statement; /* the statement of a block that it belongs to, or NULL */
};

/* The rules on lists; each looks for its own heads. */
void lint_arity(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_unsafe_size(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_borrow_owner(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_view_escape(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_eager_bool(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_concat_twice(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_view_twice(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);
void lint_world_head(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);

/* The rules on documents. */
void lint_entry(struct lint_unit *unit);
void lint_world_imports(struct lint_unit *unit);
void lint_world_decls(struct lint_unit *unit);
void lint_generics(struct lint_unit *unit);

/* Adds a finding with the severity and stage of its code. Format of failure.h. */
struct diagnostic *lint_add(struct lint_unit *unit, enum code_id code, const struct ast_loc *loc,
                            const char *format, ...);
void lint_note(struct lint_unit *unit, struct diagnostic *found, const char *note);
/* Adds an operation to the finding's fix and frees `value` (NULL for a removal). */
void lint_fix(struct lint_unit *unit, struct diagnostic *found, const char *op, const struct ast_loc *loc,
              struct text *value);
/* Says what the fix does; `format` is that of printf. */
void lint_fix_note(struct lint_unit *unit, struct diagnostic *found, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The note that tells of an automatic fix. */
void lint_note_fixable(struct lint_unit *unit, struct diagnostic *found);

/* Calls `visit` for every expression root of the document, in the order of the linter. */
void lint_roots(const struct ast_doc *doc, void (*visit)(void *context, const struct ast_expr *root),
                void *context);
/* The same, of one function: clauses with their witnesses, then the body. */
void lint_func_roots(const struct ast_func *func, void (*visit)(void *context, const struct ast_expr *root),
                     void *context);

/* Expressions in fixes: appends `expr` as JSON, with ',' before it. */
void lint_write_item(const struct ast_expr *expr, struct text *out);
/* A name for a local in a fix: `wish`, or with a number behind it when the document has that name. */
const struct symbol *lint_fresh_name(struct lint_unit *unit, const char *wish);
/* Appends a symbol as a JSON string. */
void lint_write_symbol(const struct symbol *symbol, struct text *out);

/* The first list of that head among `expr` and what is in it, first things first; or NULL. `item`: its second
 * item must be that atom and it must have no third one; NULL: any list of that head. */
const struct ast_expr *lint_find(const struct ast_expr *expr, int head, const struct symbol *item);

#endif
