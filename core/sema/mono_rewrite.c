/* mono_rewrite.c: walks expressions, hands tapp and ty.* to their lowerings and builds the new nodes. */
#include "sema/heads.h"
#include "sema/mono_inside.h"

#include <string.h>

struct ast_expr *
mono_int(struct mono_work *work, const struct ast_loc *loc, int32_t value)
{
    struct ast_expr *expr = ARENA_NEW(work->program->context->arena, struct ast_expr);

    expr->kind = AST_INT;
    expr->value = value;
    expr->loc = loc;
    return expr;
}

struct ast_expr *
mono_atom(struct mono_work *work, const struct ast_loc *loc, struct symbol *symbol)
{
    struct ast_expr *expr = ARENA_NEW(work->program->context->arena, struct ast_expr);

    expr->kind = AST_ATOM;
    expr->symbol = symbol;
    expr->loc = loc;
    return expr;
}

static struct ast_expr *
list_new(struct mono_work *work, const struct ast_loc *loc, uint32_t count)
{
    struct ast_expr *list = ARENA_NEW(work->program->context->arena, struct ast_expr);

    list->kind = AST_LIST;
    list->loc = loc;
    list->count = count;
    list->items = ARENA_ARRAY(work->program->context->arena, struct ast_expr *, count);
    return list;
}

struct ast_expr *
mono_list(struct mono_work *work, const struct ast_loc *loc, const char *head, uint32_t count,
          struct ast_expr *const *operands)
{
    struct ast_expr *list = list_new(work, loc, count + 1);

    list->items[0] = mono_atom(work, loc, ast_intern_string(work->program->context, head));
    for (uint32_t i = 0; i < count; i++)
        list->items[i + 1] = operands[i];
    return list;
}

struct ast_expr *
mono_rewrite_rest(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *list,
                  uint32_t first, struct symbol *head, uint32_t extra)
{
    struct ast_expr *result = list_new(work, list->loc, 1 + extra + (list->count - first));

    result->items[0] = mono_atom(work, list->items[0]->loc, head);
    for (uint32_t i = first; i < list->count; i++) {
        struct ast_expr *item = mono_rewrite(work, caller, list->items[i]);

        if (!item)
            return NULL;
        result->items[1 + extra + (i - first)] = item;
    }
    return result;
}

/* The list itself while its items do not change, a copy from the first change on. */
static struct ast_expr *
rewrite_items(struct mono_work *work, const struct mono_caller *caller, struct ast_expr *list)
{
    struct ast_expr *result = list;

    for (uint32_t i = 1; i < list->count; i++) {
        struct ast_expr *item = mono_rewrite(work, caller, list->items[i]);

        if (!item)
            return NULL;
        if (item != list->items[i] && result == list) {
            result = list_new(work, list->loc, list->count);
            memcpy(result->items, list->items, list->count * sizeof *list->items);
        }
        if (result != list)
            result->items[i] = item;
    }
    return result;
}

struct ast_expr *
mono_rewrite(struct mono_work *work, const struct mono_caller *caller, struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return expr;
    const struct symbol *head = expr->items[0]->symbol;
    if (head == work->tapp)
        return mono_tapp(work, caller, expr);
    if (mono_is_intrinsic(head))
        return mono_intrinsic(work, caller, expr);
    const struct mono_func *func = head_of(expr) < 0 ? ptrmap_get(&work->functions, head) : NULL;
    if (func && func->ast->type_param_count) {
        failure_set(work->program->failure, KIND_TYPING,
                    "X07-TY-0108: generic function must be called via tapp: %Q", head);
        return NULL;
    }
    return rewrite_items(work, caller, expr);
}
