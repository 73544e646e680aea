/* boolean.c: conditions that evaluate a read that may trap although the other operand has decided already. */
#include "lint/unit.h"

static bool
is_eager(const struct ast_expr *list)
{
    return head_of(list) == OP_AND || head_of(list) == OP_OR;
}

/* The first eager operator, first things first; NULL when there is none. */
static const struct ast_expr *
find_eager(const struct ast_expr *expr)
{
    const struct ast_expr *found = NULL;

    if (expr->kind != AST_LIST || is_eager(expr))
        return expr->kind == AST_LIST ? expr : NULL;
    for (uint32_t i = 0; i < expr->count && !found; i++)
        found = find_eager(expr->items[i]);
    return found;
}

static bool
has_read_that_traps(const struct ast_expr *condition)
{
    static const int heads[] = {HEAD_VIEW_GET_U8, HEAD_VIEW_SLICE, HEAD_BYTES_GET_U8, HEAD_BYTES_SLICE};

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (lint_find(condition, heads[i], NULL))
            return true;
    return false;
}

void
lint_eager_bool(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    (void)place;
    if (head_of(list) != FORM_IF || list->count != 4)
        return;
    const struct ast_expr *eager = find_eager(list->items[1]);
    if (!eager || !has_read_that_traps(list->items[1]))
        return;
    const char *name = eager->items[0]->symbol->text;
    struct text value = {0};
    struct diagnostic *found =
        lint_add(unit, CODE_BOOL_EAGER, eager->loc,
                 "if condition uses eager '&' / '|' with trap-prone view ops (prefer '&&' / '||')");
    lint_note(unit, found, "`&` and `|` evaluate both sides eagerly (no short-circuit).");
    lint_note(unit, found, "Using `&&` / `||` avoids evaluating the RHS when the LHS determines the result.");
    lint_note_fixable(unit, found);
    text_printf(&value, "\"%s%s\"", name, name);
    lint_fix(unit, found, "replace", eager->items[0]->loc, &value);
    lint_fix_note(unit, found, "Rewrite '%s' to '%s%s' to short-circuit", name, name, name);
}
