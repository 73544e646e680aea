/* move.c: two uses of one owner in a single expression, the first of which moves it. */
#include "lint/provenance.h"
#include "lint/unit.h"

#include "base/ptrmap.h"

#include <string.h>

/* ---- ["bytes.concat", x, x] ---- */

static void
add_concat_provenance(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list)
{
    const struct provenance_node nodes[] = {
        {PROVENANCE_OWNER, list->items[1]->loc, list->items[1]->symbol->text},
        {PROVENANCE_MOVE, list->items[1]->loc, "bytes.concat arg1"},
        {PROVENANCE_USE, list->items[2]->loc, "bytes.concat arg2"},
    };
    const struct provenance_edge edges[] = {{"moved_to", 0, 1}, {"used_after_move", 1, 2}};
    const struct provenance graph = {
        .focus = list->items[2]->loc,
        .nodes = nodes,
        .node_count = 3,
        .edges = edges,
        .edge_count = 2,
        .violation = "use_after_move",
        .violating_node = 2,
        .hint = "clone_before_use",
    };

    provenance_attach(unit->out, found, &graph);
}

void
lint_concat_twice(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    (void)place;
    if (head_of(list) != HEAD_BYTES_CONCAT || list->count != 3 || list->items[1]->kind != AST_ATOM ||
        list->items[2]->kind != AST_ATOM || list->items[1]->symbol != list->items[2]->symbol)
        return;
    struct diagnostic *found =
        lint_add(unit, CODE_MOVE_CONCAT, list->items[2]->loc, "bytes.concat uses the same identifier twice");
    struct text value = {0};
    lint_note_fixable(unit, found);
    lint_note(unit, found,
              "Suggested fix: copy one side (for example: [\"bytes.concat\", [\"view.to_bytes\", "
              "[\"bytes.view\", name]], name]).");
    lint_note(unit, found,
              "This operation moves owned values. Using the same identifier twice will trigger a "
              "use-after-move during compilation.");
    text_puts(&value, "[\"bytes.concat\",[\"view.to_bytes\",[\"bytes.view\"");
    lint_write_item(list->items[1], &value);
    text_puts(&value, "]]");
    lint_write_item(list->items[1], &value);
    text_putc(&value, ']');
    lint_fix(unit, found, "replace", list->loc, &value);
    lint_fix_note(unit, found, "Copy one side to avoid use-after-move");
    add_concat_provenance(unit, found, list);
}

/* ---- ["if", ..["bytes.view", x].., ..["bytes.view", x].., ...] ---- */

static int
symbol_order(const struct symbol *a, const struct symbol *b)
{
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Whether the expression is ["bytes.view", atom]. */
static bool
is_view(const struct ast_expr *expr)
{
    return head_of(expr) == HEAD_BYTES_VIEW && expr->count == 2 && expr->items[1]->kind == AST_ATOM;
}

/* The first view of `name` in one of the branches. */
static const struct ast_expr *
view_in_branch(const struct ast_expr *list, const struct symbol *name)
{
    const struct ast_expr *found = lint_find(list->items[2], HEAD_BYTES_VIEW, name);

    return found ? found : lint_find(list->items[3], HEAD_BYTES_VIEW, name);
}

static void
collect_views(const struct ast_expr *expr, struct ptrmap *names)
{
    if (expr->kind != AST_LIST)
        return;
    if (is_view(expr))
        ptrmap_set(names, expr->items[1]->symbol, expr->items[1]->symbol);
    for (uint32_t i = 0; i < expr->count; i++)
        collect_views(expr->items[i], names);
}

/* The least of `names` that is viewed in `expr`, or NULL. */
static const struct symbol *
least_view(const struct ast_expr *expr, const struct ptrmap *names, const struct symbol *least)
{
    if (expr->kind != AST_LIST)
        return least;
    if (is_view(expr) && ptrmap_get(names, expr->items[1]->symbol) &&
        (!least || symbol_order(expr->items[1]->symbol, least) < 0))
        least = expr->items[1]->symbol;
    for (uint32_t i = 0; i < expr->count; i++)
        least = least_view(expr->items[i], names, least);
    return least;
}

/* The least name that is viewed in the condition and in a branch; NULL when there is none. */
static const struct symbol *
shared_name(const struct ast_expr *list)
{
    struct ptrmap names = {0};

    if (!lint_find(list->items[1], HEAD_BYTES_VIEW, NULL))
        return NULL;
    collect_views(list->items[2], &names);
    collect_views(list->items[3], &names);
    const struct symbol *name = names.count ? least_view(list->items[1], &names, NULL) : NULL;
    ptrmap_free(&names);
    return name;
}

/* The condition with the copy's name in each view of `name`. */
static void
write_condition(const struct ast_expr *expr, const struct symbol *name, const struct symbol *copy,
                struct text *out)
{
    if (expr->kind != AST_LIST) {
        ast_write_expr(expr, out);
        return;
    }
    if (is_view(expr) && expr->items[1]->symbol == name) {
        text_puts(out, "[\"bytes.view\",");
        lint_write_symbol(copy, out);
        text_putc(out, ']');
        return;
    }
    for (uint32_t i = 0; i < expr->count; i++) {
        text_putc(out, i ? ',' : '[');
        write_condition(expr->items[i], name, copy, out);
    }
    text_putc(out, ']');
}

static void
fix_copy(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list,
         const struct symbol *name)
{
    const struct symbol *copy = lint_fresh_name(unit, "_x07_tmp_copy");
    struct text value = {0};

    text_puts(&value, "[\"begin\",[\"let\",");
    lint_write_symbol(copy, &value);
    text_puts(&value, ",[\"view.to_bytes\",[\"bytes.view\",");
    lint_write_symbol(name, &value);
    text_puts(&value, "]]],[\"if\",");
    write_condition(list->items[1], name, copy, &value);
    lint_write_item(list->items[2], &value);
    lint_write_item(list->items[3], &value);
    text_puts(&value, "]]");
    lint_fix(unit, found, "replace", list->loc, &value);
    lint_fix_note(unit, found, "Copy bytes for if condition");
}

static void
add_view_provenance(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *list,
                    const struct symbol *name)
{
    const struct ast_expr *first = lint_find(list->items[1], HEAD_BYTES_VIEW, name);
    const struct provenance_node nodes[] = {
        {PROVENANCE_OWNER, first->items[1]->loc, name->text},
        {PROVENANCE_BORROW, first->loc, "bytes.view (cond)"},
        {PROVENANCE_BORROW, view_in_branch(list, name)->loc, "bytes.view (branch)"},
    };
    const struct provenance_edge edges[] = {
        {"borrowed_from", 0, 1}, {"borrowed_from", 0, 2}, {"borrow_conflict", 1, 2}};
    const struct provenance graph = {
        .focus = list->loc,
        .nodes = nodes,
        .node_count = 3,
        .edges = edges,
        .edge_count = 3,
        .violation = "borrow_conflict",
        .violating_node = 2,
        .hint = "introduce_tmp_copy",
    };

    provenance_attach(unit->out, found, &graph);
}

void
lint_view_twice(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    (void)place;
    if (head_of(list) != FORM_IF || list->count != 4)
        return;
    const struct symbol *name = shared_name(list);
    if (!name)
        return;
    struct diagnostic *found = lint_add(unit, CODE_MOVE_VIEW, list->loc,
                                        "if uses bytes.view of the same identifier in condition and branch");
    lint_note(unit, found,
              "bytes.view borrows from an owned bytes value and is move-sensitive. Using it in both the "
              "condition and a branch can trigger a use-after-move during compilation.");
    lint_note(unit, found,
              "Suggested fix: copy the bytes for the condition (for example via view.to_bytes) and use the "
              "copy in the condition.");
    lint_note_fixable(unit, found);
    fix_copy(unit, found, list, name);
    add_view_provenance(unit, found, list, name);
}
