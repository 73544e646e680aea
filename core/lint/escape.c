/* escape.c: blocks whose value is a view of something that ends with the block. */
#include "lint/unit.h"

#include "base/ptrmap.h"

#include <stdlib.h>
#include <string.h>

/* The names that a view may borrow from: one name, or those of two others, or none. Parts are shared, so that
 * sets of sets stay small. A NULL pointer stands for "not known". */
struct sources {
    const struct symbol *name;
    struct sources *left, *right;
    struct sources *next; /* while they are collected */
    bool seen;
};

/* One block at a time. */
struct escape {
    struct arena *arena;
    struct ptrmap bindings; /* symbol -> struct sources */
    struct ptrmap locals;   /* symbol -> symbol */
};

/* The locals that a value borrows from. */
struct names {
    const struct symbol **items;
    size_t count;
};

static struct sources *
sources_new(struct escape *escape, const struct symbol *name)
{
    struct sources *sources = ARENA_NEW(escape->arena, struct sources);

    sources->name = name;
    return sources;
}

static struct sources *sources_of(struct escape *escape, const struct ast_expr *expr);

static struct sources *
sources_of_if(struct escape *escape, const struct ast_expr *list)
{
    struct sources *first = list->count == 4 ? sources_of(escape, list->items[2]) : NULL;
    struct sources *second = first ? sources_of(escape, list->items[3]) : NULL;

    if (!second)
        return NULL;
    struct sources *both = sources_new(escape, NULL);
    both->left = first;
    both->right = second;
    return both;
}

static struct sources *
sources_of_list(struct escape *escape, const struct ast_expr *list)
{
    switch (head_of(list)) {
    case FORM_IF:
        return sources_of_if(escape, list);
    case HEAD_BRAND_ERASE_VIEW:
        return list->count == 2 ? sources_of(escape, list->items[1]) : NULL;
    case HEAD_BRAND_ASSUME_VIEW:
        return list->count == 3 ? sources_of(escape, list->items[2]) : NULL;
    case HEAD_VIEW_SLICE:
        return list->count == 4 ? sources_of(escape, list->items[1]) : NULL;
    case HEAD_BYTES_VIEW:
    case HEAD_BYTES_SUBVIEW:
    case HEAD_VEC_AS_VIEW:
    case HEAD_BRAND_VIEW:
        return list->count > 1 && list->items[1]->kind == AST_ATOM
                   ? sources_new(escape, list->items[1]->symbol)
                   : NULL;
    default:
        return NULL;
    }
}

static struct sources *
sources_of(struct escape *escape, const struct ast_expr *expr)
{
    if (expr->kind == AST_LIST)
        return sources_of_list(escape, expr);
    if (expr->kind != AST_ATOM)
        return NULL;
    return strcmp(expr->symbol->text, "input") == 0 && expr->symbol->len == 5
               ? sources_new(escape, NULL)
               : ptrmap_get(&escape->bindings, expr->symbol);
}

static bool
is_binding(const struct ast_expr *expr)
{
    return head_of(expr) == FORM_LET && expr->count == 3 && expr->items[1]->kind == AST_ATOM;
}

static void
read_statements(struct escape *escape, const struct ast_expr *block)
{
    for (uint32_t i = 1; i + 1 < block->count; i++) {
        const struct ast_expr *statement = block->items[i];

        if (!is_binding(statement))
            continue;
        struct symbol *name = statement->items[1]->symbol;
        struct sources *sources = sources_of(escape, statement->items[2]);
        ptrmap_set(&escape->locals, name, name);
        if (sources)
            ptrmap_set(&escape->bindings, name, sources);
    }
}

static int
symbol_order(const void *a, const void *b)
{
    const struct symbol *left = *(const struct symbol *const *)a;
    const struct symbol *right = *(const struct symbol *const *)b;
    int order = memcmp(left->text, right->text, left->len < right->len ? left->len : right->len);

    return order ? order : (left->len > right->len) - (left->len < right->len);
}

static void
push(struct sources **stack, struct sources *sources)
{
    if (!sources || sources->seen)
        return;
    sources->seen = true;
    sources->next = *stack;
    *stack = sources;
}

/* The locals among the names, sorted. */
static struct names
collect_locals(struct escape *escape, struct sources *sources)
{
    struct names names = {.items = ARENA_ARRAY(escape->arena, const struct symbol *, escape->locals.count)};
    struct ptrmap found = {0};
    struct sources *stack = NULL;

    push(&stack, sources);
    while (stack) {
        struct sources *top = stack;
        stack = top->next;
        push(&stack, top->left);
        push(&stack, top->right);
        if (!top->name || !ptrmap_get(&escape->locals, top->name) || ptrmap_get(&found, top->name))
            continue;
        ptrmap_set(&found, top->name, top);
        names.items[names.count++] = top->name;
    }
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, symbol_order);
    ptrmap_free(&found);
    return names;
}

/* A block that views a literal needs no owner. */
static void
fix_literal(struct lint_unit *unit, struct diagnostic *found, const struct ast_expr *block,
            const struct names *names)
{
    const struct ast_expr *binding = block->items[1];
    const struct ast_expr *tail = block->items[block->count - 1];
    bool whole = head_of(tail) == HEAD_BYTES_VIEW && tail->count == 2;
    bool part = head_of(tail) == HEAD_BYTES_SUBVIEW && tail->count == 4;

    if (block->count != 3 || !is_binding(binding) || head_of(binding->items[2]) != HEAD_BYTES_LIT ||
        binding->items[2]->count != 2 || binding->items[2]->items[1]->kind != AST_ATOM)
        return;
    if (names->count != 1 || names->items[0] != binding->items[1]->symbol || !(whole || part))
        return;
    struct text value = {0};
    text_puts(&value, part ? "[\"view.slice\",[\"bytes.view_lit\"" : "[\"bytes.view_lit\"");
    lint_write_item(binding->items[2]->items[1], &value);
    for (uint32_t i = 2; part && i < 4; i++) {
        text_puts(&value, i == 2 ? "]" : "");
        lint_write_item(tail->items[i], &value);
    }
    text_putc(&value, ']');
    lint_fix(unit, found, "replace", block->loc, &value);
    lint_fix_note(unit, found,
                  whole ? "Rewrite begin(let k = bytes.lit ...; bytes.view k) as bytes.view_lit"
                        : "Rewrite begin(let k = bytes.lit ...; bytes.subview k ...) using bytes.view_lit");
}

static void
report(struct lint_unit *unit, const struct ast_expr *block, const struct names *names)
{
    struct text joined = {0};

    for (size_t i = 0; i < names->count; i++)
        text_printf(&joined, "%s%s", i ? ", " : "", names->items[i]->text);
    struct diagnostic *found = lint_add(unit, CODE_BORROW_ESCAPE, block->items[block->count - 1]->loc,
                                        "%s returns a bytes_view that borrows from a local binding: %s",
                                        block->items[0]->symbol->text, text_string(&joined));
    text_free(&joined);
    lint_note(unit, found, "This bytes_view escapes a statement block scope.");
    lint_note(unit, found,
              "Suggested fix: hoist the owned value `let` binding outside the statement block so the borrow "
              "source outlives the view.");
    fix_literal(unit, found, block, names);
    if (found->fix_count)
        lint_note_fixable(unit, found);
}

void
lint_view_escape(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    int head = head_of(list);

    if ((head != FORM_BEGIN && head != FORM_UNSAFE) || !place->value_used || list->count < 3)
        return;
    struct escape escape = {.arena = arena_new()};
    read_statements(&escape, list);
    struct sources *sources = escape.locals.count ? sources_of(&escape, list->items[list->count - 1]) : NULL;
    if (sources) {
        struct names names = collect_locals(&escape, sources);
        if (names.count)
            report(unit, list, &names);
    }
    ptrmap_free(&escape.bindings);
    ptrmap_free(&escape.locals);
    arena_free(escape.arena);
}
