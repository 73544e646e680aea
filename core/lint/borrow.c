/* borrow.c: views of values that have no name, and so no lifetime to borrow from. */
#include "lint/provenance.h"
#include "lint/unit.h"

#include <ctype.h>

/* The forms that borrow from their first operand. */
static const struct borrower {
    int head;
    const char *operands; /* after the owner, as the advice shows them */
} borrowers[] = {
    {HEAD_BYTES_VIEW, ""},
    {HEAD_BYTES_SUBVIEW, ", <start>, <len>"},
    {HEAD_VEC_AS_VIEW, ""},
};

static const struct borrower *
find_borrower(int head)
{
    for (size_t i = 0; i < sizeof borrowers / sizeof borrowers[0]; i++)
        if (borrowers[i].head == head)
            return &borrowers[i];
    return NULL;
}

/* Whether an expression is ["bytes.lit", text]. */
static bool
is_literal(const struct ast_expr *expr)
{
    return head_of(expr) == HEAD_BYTES_LIT && expr->count == 2 && expr->items[1]->kind == AST_ATOM;
}

static void
add_advice(struct lint_unit *unit, struct diagnostic *found, const struct borrower *borrower)
{
    const char *head = head_name(borrower->head);
    struct text note = {0};

    lint_note(unit, found,
              "This operation borrows from an owned value. It cannot borrow from a temporary expression.");
    text_printf(&note,
                "Suggested fix: replace [\"%s\", <expr>%s] with [\"begin\", [\"let\", \"tmp\", <expr>], "
                "[\"%s\", \"tmp\"%s]].",
                head, borrower->operands, head, borrower->operands);
    lint_note(unit, found, text_string(&note));
    text_free(&note);
    if (borrower->head == HEAD_BYTES_VIEW)
        lint_note(unit, found,
                  "If you want a literal bytes_view, prefer [\"bytes.view_lit\", \"...\"] over "
                  "[\"bytes.view\", [\"bytes.lit\", \"...\"]].");
}

static void
fix_literal(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list)
{
    struct text value = {0};

    text_puts(&value, "[\"bytes.view_lit\"");
    lint_write_item(list->items[1]->items[1], &value);
    text_putc(&value, ']');
    lint_fix(unit, found, "replace", list->loc, &value);
    lint_fix_note(unit, found, "Rewrite bytes.view(bytes.lit ...) as bytes.view_lit");
}

/* A local's name: made of the place, so that no other fix takes it. */
static const struct symbol *
temporary_name(struct lint_unit *unit, const struct ast_expr *list)
{
    struct text name = {0};

    text_puts(&name, "_x07_tmp_borrow");
    ast_loc_write(list->loc, &name);
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.data[i]))
            name.data[i] = '_';
    const struct symbol *symbol = lint_fresh_name(unit, text_string(&name));
    text_free(&name);
    return symbol;
}

/* Binds the owner before the statement. */
static void
fix_hoist(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list,
          const struct lint_place *place)
{
    const char *head = list->items[0]->symbol->text;
    const struct symbol *name = temporary_name(unit, list);
    struct text use = {0};
    struct text binding = {0};

    text_printf(&use, "[\"%s\",", head);
    lint_write_symbol(name, &use);
    for (uint32_t i = 2; i < list->count; i++)
        lint_write_item(list->items[i], &use);
    text_putc(&use, ']');
    text_puts(&binding, "[\"let\",");
    lint_write_symbol(name, &binding);
    lint_write_item(list->items[1], &binding);
    text_putc(&binding, ']');
    lint_fix(unit, found, "replace", list->loc, &use);
    lint_fix(unit, found, "add", place->statement->loc, &binding);
    lint_fix_note(unit, found, "Introduce let binding for %s owner", head);
}

static void
add_provenance(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list)
{
    const struct ast_expr *owner = list->items[1];
    const struct provenance_node nodes[] = {
        {PROVENANCE_TEMPORARY, owner->loc, owner->kind == AST_INT ? "int" : owner->items[0]->symbol->text},
        {PROVENANCE_BORROW, list->loc, list->items[0]->symbol->text},
    };
    const struct provenance_edge edges[] = {{"borrowed_from", 0, 1}};
    const struct provenance graph = {
        .focus = owner->loc,
        .nodes = nodes,
        .node_count = 2,
        .edges = edges,
        .edge_count = 1,
        .violation = "borrow_from_temporary",
        .violating_node = 1,
        .hint = "bind_owner_to_local",
    };

    provenance_attach(unit->out, found, &graph);
}

void
lint_borrow_owner(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    const struct borrower *borrower = find_borrower(head_of(list));

    if (!borrower || list->count < 2 || list->items[1]->kind == AST_ATOM)
        return;
    struct diagnostic *found =
        lint_add(unit, CODE_BORROW_TEMPORARY, list->items[1]->loc,
                 "%s requires an identifier owner (bind the value to a local with `let` first)",
                 head_name(borrower->head));
    add_advice(unit, found, borrower);
    if (borrower->head == HEAD_BYTES_VIEW && is_literal(list->items[1]))
        fix_literal(unit, found, list);
    else if (place->hoist_safe && place->statement)
        fix_hoist(unit, found, list, place);
    if (found->fix_count)
        lint_note_fixable(unit, found);
    add_provenance(unit, found, list);
}
