/* check.c: the type checker's entry and its dispatch on the shape of an expression. */
#include "sema/check.h"

#include "base/memory.h"
#include "sema/checker.h"

#include <stdlib.h>
#include <string.h>

struct node *
check_fail(struct checker *checker, const char *kind, const char *message)
{
    failure_set(checker->program->failure, kind, "%s", message);
    return NULL;
}

struct node *
node_new(struct checker *checker, enum node_kind kind, enum type type, const struct ast_expr *expr,
         uint32_t count)
{
    struct arena *arena = checker->program->context->arena;
    struct node *node = ARENA_NEW(arena, struct node);

    node->kind = kind;
    node->type.type = type;
    node->loc = expr->loc;
    node->count = count;
    if (count)
        node->kids = ARENA_ARRAY(arena, struct node *, count);
    return node;
}

bool
check_arity(struct checker *checker, const struct ast_expr *expr, const char *name, uint32_t want)
{
    /* The one head whose message has the plural for one operand. */
    bool plural = want != 1 || expr->items[0]->symbol->head == HEAD_BYTES_LEN;

    if (expr->count - 1 == want)
        return true;
    return failure_set(checker->program->failure, KIND_PARSE, "%s expects %d %s", name, (int)want,
                       plural ? "args" : "arg");
}

static struct node *
check_atom(struct checker *checker, const struct ast_expr *expr)
{
    if (!strcmp(expr->symbol->text, "input") && expr->symbol->len == 5)
        return node_new(checker, NODE_INPUT, TYPE_VIEW, expr, 0);
    struct local *local = scope_lookup(checker, expr->symbol);
    if (!local) {
        failure_set(checker->program->failure, KIND_TYPING, "unknown identifier: %Q", expr->symbol);
        return NULL;
    }
    struct node *node = node_new(checker, NODE_LOCAL, local->type.type, expr, 0);
    node->type = local->type;
    node->local = local;
    node->use = type_is_owned(local->type.type) ? USE_MOVE : USE_COPY;
    return node;
}

/* Where the head may be used at all; false after an error. */
static bool
check_gate(struct checker *checker, int head)
{
    const struct program *program = checker->program;
    const char *name = head_name(head);

    if (head_gate(head) == GATE_OS && !program->world->os)
        return failure_set(program->failure, KIND_UNSUPPORTED,
                           "%s is standalone-only; compile with --world run-os or --world run-os-sandboxed",
                           name);
    if (head_needs_task(head) && checker->func && !check_in_task(checker))
        return failure_set(program->failure, KIND_UNSUPPORTED, "%s is only allowed in solve or defasync",
                           name);
    return true;
}

static struct node *
check_future(struct checker *checker, int head)
{
    failure_set(checker->program->failure, KIND_UNSUPPORTED,
                "head is not available in this version yet: \"%s\"", head_name(head));
    return NULL;
}

static struct node *
check_list(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    int head = head_canonical(head_of(expr));

    if (head >= 0 && !check_gate(checker, head))
        return NULL;
    if (head >= 0 && head <= FORM_TRY)
        return check_form(checker, head, expr, statement);
    if (head >= 0 && head <= FORM_CAST_VIEW)
        return check_cast(checker, head, expr);
    if (head >= 0 && head < FORM_COUNT)
        return check_task_form(checker, head, expr);
    if (head >= 0 && head_is_operator(head))
        return check_operator(checker, head, expr);
    if (head >= 0 && head_is_call(head))
        return check_head(checker, head, expr);
    if (head >= 0)
        return check_future(checker, head);

    struct symbol *name = expr->items[0]->symbol;
    struct func *callee = program_func(checker->program, name);
    if (callee)
        return check_call(checker, callee, expr);
    failure_set(checker->program->failure, head_is_family_member(name) ? KIND_TYPING : KIND_UNSUPPORTED,
                "unsupported head: %Q", name);
    return NULL;
}

static struct node *
check_expr(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    struct node *node = NULL;

    switch (expr->kind) {
    case AST_INT:
        node = node_new(checker, NODE_INT, TYPE_I32, expr, 0);
        node->value = expr->value;
        break;
    case AST_ATOM:
        node = check_atom(checker, expr);
        break;
    case AST_LIST:
        node = check_list(checker, expr, statement);
        break;
    }
    if (!node)
        return NULL;
    node->statement = statement;
    node->exits = node->exits || program_node_exits(checker->func, node);
    for (uint32_t i = 0; i < node->count; i++)
        node->exits = node->exits || node->kids[i]->exits;
    return node;
}

struct node *
check_value(struct checker *checker, const struct ast_expr *expr)
{
    return check_expr(checker, expr, false);
}

struct node *
check_statement(struct checker *checker, const struct ast_expr *expr)
{
    return check_expr(checker, expr, true);
}

struct node *
check_scoped(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    struct scope_mark mark = scope_open(checker);
    struct node *node = check_expr(checker, expr, statement);

    scope_close(checker, mark);
    return node;
}

static bool
check_result(struct checker *checker, const struct node *tree)
{
    struct failure *failure = checker->program->failure;
    const struct func *called;
    struct text got = {0};

    if (tree->type.type == TYPE_NEVER || check_stands_for(checker->result.type, tree, &called))
        return true;
    if (called)
        return failure_set(failure, KIND_TYPING, "async call %Q returns %s", called->name,
                           type_display(tree->type.type));
    value_type_display(tree->type, &got);
    if (checker->func)
        failure_set(failure, KIND_TYPING, "function %Q must evaluate to %s (or return), got %s",
                    checker->func->name, type_display(checker->result.type), text_string(&got));
    else
        failure_set(failure, KIND_TYPING, "solve expression must evaluate to bytes (or return), got %s",
                    text_string(&got));
    text_free(&got);
    return false;
}

static bool
check_params(struct checker *checker)
{
    struct func *func = checker->func;
    struct body *body = checker->body;

    body->param_count = func->param_count;
    body->params = ARENA_ARRAY(checker->program->context->arena, struct local *, func->param_count);
    for (uint32_t i = 0; i < func->param_count; i++) {
        struct value_type type = {.type = func->param_types[i], .brand = func->param_brands[i]};

        body->params[i] = scope_declare(checker, func->ast->params[i].name, type);
        if (!body->params[i])
            return false;
        body->params[i]->parameter = true;
    }
    return true;
}

static bool
check_function_result(struct checker *checker)
{
    switch (checker->result.type) {
    case TYPE_RESULT_RESULT_BYTES:
    case TYPE_PTR_CONST_U8:
    case TYPE_PTR_MUT_U8:
    case TYPE_PTR_CONST_VOID:
    case TYPE_PTR_MUT_VOID:
    case TYPE_PTR_CONST_I32:
    case TYPE_PTR_MUT_I32:
        return failure_set(checker->program->failure, KIND_INTERNAL, "invalid function return type: %s",
                           type_display(checker->result.type));
    default:
        return true;
    }
}

static bool
check_task_result(struct checker *checker)
{
    if (!check_in_task(checker) || checker->result.type == TYPE_BYTES ||
        checker->result.type == TYPE_RESULT_BYTES)
        return true;
    return failure_set(checker->program->failure, KIND_UNSUPPORTED,
                       "defasync %Q must return bytes or result_bytes", checker->func->name);
}

static bool
check_tree(struct checker *checker, const struct ast_expr *expr)
{
    struct scope_mark mark = scope_open(checker);
    bool ok = (!checker->func ||
               (check_task_result(checker) && check_params(checker) && check_contracts(checker))) &&
              (checker->body->tree = check_value(checker, expr)) &&
              check_result(checker, checker->body->tree) &&
              (!checker->func || check_function_result(checker));

    scope_close(checker, mark);
    return ok;
}

bool
check_body(struct program *program, struct func *func)
{
    struct checker checker = {.program = program, .func = func};

    checker.body = ARENA_NEW(program->context->arena, struct body);
    checker.body->func = func;
    checker.result = func ? (struct value_type){.type = func->result, .brand = func->result_brand}
                          : (struct value_type){.type = TYPE_BYTES};
    checker.body->result = checker.result;
    bool ok = check_tree(&checker, func ? func->ast->body : program->modules[0]->doc->solve);
    if (func)
        func->body = checker.body;
    else
        program->solve = checker.body;
    ptrmap_free(&checker.bindings);
    free(checker.undo);
    return ok;
}
