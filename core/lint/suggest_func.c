/* suggest_func.c: see suggest_func.h. New nodes are in the context's arena. */
#include "lint/suggest_func.h"

#include <string.h>

static const char *const tags[SUGGEST_TAGS] = {"bytes", "bytes_view", "i32", "u32"};

int
suggest_tag_of(const char *name, size_t len)
{
    for (int i = 0; i < SUGGEST_TAGS; i++)
        if (strlen(tags[i]) == len && memcmp(tags[i], name, len) == 0)
            return i;
    return -1;
}

const char *
suggest_tag_name(int tag)
{
    return tags[tag];
}

/* One function on its way. */
struct rewrite {
    struct ast_context *context;
    struct symbol *tag;
    struct symbol *tapp, *tys;
    bool failed;
};

static struct ast_expr *
new_list(struct ast_context *context, uint32_t count)
{
    struct ast_expr *list = ARENA_NEW(context->arena, struct ast_expr);

    list->kind = AST_LIST;
    list->count = count;
    list->items = ARENA_ARRAY(context->arena, struct ast_expr *, count);
    return list;
}

static struct ast_expr *
new_atom(struct ast_context *context, struct symbol *symbol)
{
    struct ast_expr *atom = ARENA_NEW(context->arena, struct ast_expr);

    atom->kind = AST_ATOM;
    atom->symbol = symbol;
    return atom;
}

/* ---- types ---- */

static struct ast_type *
rewrite_type(struct rewrite *rewrite, const struct ast_type *type)
{
    struct ast_type *copy = ARENA_NEW(rewrite->context->arena, struct ast_type);

    *copy = *type;
    if (type->kind == AST_TYPE_VAR)
        rewrite->failed = true;
    if (type->kind == AST_TYPE_NAMED && type->name == rewrite->tag) {
        copy->kind = AST_TYPE_VAR;
        copy->name = ast_intern_string(rewrite->context, "A");
    }
    copy->args = ARENA_ARRAY(rewrite->context->arena, struct ast_type *, type->count + 1);
    for (uint32_t i = 0; i < type->count; i++)
        copy->args[i] = rewrite_type(rewrite, type->args[i]);
    return copy;
}

/* A type among operands: ["t","A"] where the tag stands. */
static struct ast_expr *
rewrite_type_expr(struct rewrite *rewrite, const struct ast_expr *expr)
{
    struct ast_expr *copy;

    if (expr->kind == AST_ATOM && expr->symbol == rewrite->tag) {
        copy = new_list(rewrite->context, 2);
        copy->items[0] = new_atom(rewrite->context, ast_intern_string(rewrite->context, "t"));
        copy->items[1] = new_atom(rewrite->context, ast_intern_string(rewrite->context, "A"));
        return copy;
    }
    copy = ARENA_NEW(rewrite->context->arena, struct ast_expr);
    *copy = *expr;
    if (expr->kind != AST_LIST)
        return copy;
    copy->items = ARENA_ARRAY(rewrite->context->arena, struct ast_expr *, expr->count);
    copy->items[0] = expr->items[0];
    for (uint32_t i = 1; i < expr->count; i++)
        copy->items[i] = rewrite_type_expr(rewrite, expr->items[i]);
    return copy;
}

/* ---- expressions ---- */

static bool
is_tag(const struct ast_expr *expr)
{
    return expr->kind == AST_ATOM && suggest_tag_of(expr->symbol->text, expr->symbol->len) >= 0;
}

/* How many items from the first on, the head not counted, are types: sets *first. */
static uint32_t
count_type_items(struct rewrite *rewrite, const struct ast_expr *list, uint32_t *first)
{
    const struct symbol *head = list->items[0]->symbol;
    uint32_t count = 0;

    *first = 1;
    if (head->len > 3 && memcmp(head->text, "ty.", 3) == 0) {
        if (list->count > 1 && is_tag(list->items[1]))
            return 1;
        rewrite->failed = true;
    }
    if (head != rewrite->tapp || list->count < 3)
        return 0;
    *first = 2;
    if (list->items[2]->kind == AST_LIST && list->items[2]->items[0]->symbol == rewrite->tys)
        return 1;
    while (2 + count < list->count && is_tag(list->items[2 + count]))
        count++;
    return count;
}

static struct ast_expr *
rewrite_expr(struct rewrite *rewrite, const struct ast_expr *expr)
{
    struct ast_expr *copy = ARENA_NEW(rewrite->context->arena, struct ast_expr);

    *copy = *expr;
    if (expr->kind == AST_ATOM && expr->symbol == rewrite->tag)
        rewrite->failed = true;
    if (expr->kind != AST_LIST)
        return copy;
    uint32_t first;
    uint32_t types = count_type_items(rewrite, expr, &first);
    copy->items = ARENA_ARRAY(rewrite->context->arena, struct ast_expr *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++)
        copy->items[i] = i >= first && i - first < types ? rewrite_type_expr(rewrite, expr->items[i])
                                                         : rewrite_expr(rewrite, expr->items[i]);
    return copy;
}

static struct ast_clause *
rewrite_clauses(struct rewrite *rewrite, const struct ast_clause *clauses, uint32_t count)
{
    struct arena *arena = rewrite->context->arena;
    struct ast_clause *copies = ARENA_ARRAY(arena, struct ast_clause, count + 1);

    for (uint32_t i = 0; i < count; i++) {
        copies[i] = clauses[i];
        copies[i].expr = rewrite_expr(rewrite, clauses[i].expr);
        copies[i].witness = ARENA_ARRAY(arena, struct ast_expr *, clauses[i].witness_count + 1);
        for (uint32_t k = 0; k < clauses[i].witness_count; k++)
            copies[i].witness[k] = rewrite_expr(rewrite, clauses[i].witness[k]);
    }
    return copies;
}

struct ast_func *
suggest_generic_of(struct ast_context *context, const struct ast_func *func, int tag, struct symbol *base)
{
    struct rewrite rewrite = {
        .context = context,
        .tag = ast_intern_string(context, tags[tag]),
        .tapp = ast_intern_string(context, "tapp"),
        .tys = ast_intern_string(context, "tys"),
    };
    struct ast_func *generic = ARENA_NEW(context->arena, struct ast_func);

    *generic = *func;
    generic->name = base;
    generic->type_params = ARENA_NEW(context->arena, struct ast_type_param);
    generic->type_params[0].name = ast_intern_string(context, "A");
    generic->type_param_count = 1;
    generic->params = ARENA_ARRAY(context->arena, struct ast_param, func->param_count + 1);
    for (uint32_t i = 0; i < func->param_count; i++) {
        generic->params[i] = func->params[i];
        generic->params[i].type = rewrite_type(&rewrite, func->params[i].type);
    }
    generic->result = rewrite_type(&rewrite, func->result);
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++)
        generic->clauses[kind] = rewrite_clauses(&rewrite, func->clauses[kind], func->clause_count[kind]);
    generic->body = rewrite_expr(&rewrite, func->body);
    return rewrite.failed ? NULL : generic;
}

struct ast_func *
suggest_wrapper_of(struct ast_context *context, const struct ast_func *func, int tag, struct symbol *base)
{
    struct ast_func *wrapper = ARENA_NEW(context->arena, struct ast_func);
    struct ast_expr *types = new_list(context, 2);
    struct ast_expr *body = new_list(context, 3 + func->param_count);

    types->items[0] = new_atom(context, ast_intern_string(context, "tys"));
    types->items[1] = new_atom(context, ast_intern_string(context, tags[tag]));
    body->items[0] = new_atom(context, ast_intern_string(context, "tapp"));
    body->items[1] = new_atom(context, base);
    body->items[2] = types;
    for (uint32_t i = 0; i < func->param_count; i++)
        body->items[3 + i] = new_atom(context, func->params[i].name);
    *wrapper = *func;
    memset(wrapper->clause_count, 0, sizeof wrapper->clause_count);
    wrapper->body = body;
    return wrapper;
}
