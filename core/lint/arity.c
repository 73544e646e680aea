/* arity.c: core forms with the wrong number of operands. */
#include "lint/unit.h"

/* ["for",a,b,c,["begin",d,e]] */
static void
fix_for(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list)
{
    struct text value = {0};

    text_puts(&value, "[\"for\"");
    for (uint32_t i = 1; i < 4; i++)
        lint_write_item(list->items[i], &value);
    text_puts(&value, ",[\"begin\"");
    for (uint32_t i = 4; i < list->count; i++)
        lint_write_item(list->items[i], &value);
    text_puts(&value, "]]");
    lint_fix(unit, found, "replace", list->loc, &value);
    lint_fix_note(unit, found, "Wrap extra for body expressions in begin");
}

/* ["begin",["let",a,b],c,d] */
static void
fix_let(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list)
{
    const char *head = list->items[0]->symbol->text;
    struct text value = {0};

    text_printf(&value, "[\"begin\",[\"%s\"", head);
    for (uint32_t i = 1; i < 3; i++)
        lint_write_item(list->items[i], &value);
    text_putc(&value, ']');
    for (uint32_t i = 3; i < list->count; i++)
        lint_write_item(list->items[i], &value);
    text_putc(&value, ']');
    lint_fix(unit, found, "replace", list->loc, &value);
    lint_fix_note(unit, found, "Rewrite %s with body into begin", head);
}

/* What each form takes. */
static const struct arity {
    int head;
    enum code_id code;
    uint32_t count; /* exactly; 0: at least one */
    void (*fix)(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list);
} arities[] = {
    {FORM_IF, CODE_ARITY_IF, 3, NULL},       {FORM_FOR, CODE_ARITY_FOR, 4, fix_for},
    {FORM_BEGIN, CODE_ARITY_BEGIN, 0, NULL}, {FORM_UNSAFE, CODE_ARITY_UNSAFE, 0, NULL},
    {FORM_LET, CODE_ARITY_LET, 2, fix_let},  {FORM_SET, CODE_ARITY_LET, 2, fix_let},
    {FORM_SET0, CODE_ARITY_LET, 2, fix_let}, {FORM_RETURN, CODE_ARITY_RETURN, 1, NULL},
};

void
lint_arity(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    const char *head = list->items[0]->symbol->text;
    uint32_t got = list->count - 1;

    (void)place;
    for (size_t i = 0; i < sizeof arities / sizeof arities[0]; i++) {
        const struct arity *arity = &arities[i];

        if (head_of(list) != arity->head)
            continue;
        if (!arity->count && !got)
            lint_add(unit, arity->code, list->loc, "%s expects at least 1 expression", head);
        if (!arity->count || arity->count == got)
            return;
        struct diagnostic *found = lint_add(unit, arity->code, list->loc, "%s expects %d arg%s; got %d", head,
                                            (int)arity->count, arity->count == 1 ? "" : "s", (int)got);
        if (got > arity->count && arity->fix)
            arity->fix(unit, found, list);
    }
}
