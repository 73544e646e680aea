/* simplify_inline.c: small functions of words that are called once are put in the place of the call. */
#include "sema/simplifier.h"

enum { MAX_INLINE_NODES = 12 };

/* Only the function's own parameters, integers and operators. */
static bool
inline_is_simple(const struct node *node)
{
    return node->kind != NODE_INPUT && (node->kind != NODE_LOCAL || node->local->parameter) &&
           (node->count == 0 || (inline_is_simple(node->kids[0]) && inline_is_simple(node->kids[1])));
}

static bool
inline_is_candidate(const struct func *func)
{
    if (!func->reachable || !func->body || func->result != TYPE_I32 || simplify_has_contracts(func))
        return false;
    for (uint32_t i = 0; i < func->param_count; i++)
        if (func->param_types[i] != TYPE_I32)
            return false;
    const struct node *tree = func->body->tree;
    return simplify_is_pure(tree) && inline_is_simple(tree) && simplify_count(tree) <= MAX_INLINE_NODES;
}

static void
inline_count_calls(const struct node *node)
{
    if (node->callee)
        node->callee->calls++;
    for (uint32_t i = 0; i < node->count; i++)
        inline_count_calls(node->kids[i]);
}

static void
inline_count_ast(const struct program *program, const struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return;
    struct func *callee = program_func(program, expr->items[0]->symbol);
    if (callee)
        callee->calls++;
    for (uint32_t i = 1; i < expr->count; i++)
        inline_count_ast(program, expr->items[i]);
}

static void
inline_count_clauses(const struct program *program, const struct ast_func *func)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t c = 0; c < func->clause_count[kind]; c++) {
            inline_count_ast(program, func->clauses[kind][c].expr);
            for (uint32_t w = 0; w < func->clauses[kind][c].witness_count; w++)
                inline_count_ast(program, func->clauses[kind][c].witness[w]);
        }
    }
}

/* The callee's body with its parameters replaced by the locals of the place it goes to. */
static struct node *
inline_body(struct simplifier *simplifier, const struct func *callee, const struct node *node,
            struct local *const *locals)
{
    struct node *copy = simplify_node(simplifier, node->kind, node->type.type, node->count);

    copy->value = node->value;
    copy->head = node->head;
    for (uint32_t i = 0; node->kind == NODE_LOCAL && i < callee->param_count; i++)
        if (callee->body->params[i] == node->local)
            copy->local = locals[i];
    for (uint32_t i = 0; i < node->count; i++)
        copy->kids[i] = inline_body(simplifier, callee, node->kids[i], locals);
    return copy;
}

static struct node *
inline_call(struct simplifier *simplifier, struct node *call)
{
    struct func *callee = call->callee;
    struct node *block = simplify_node(simplifier, NODE_BEGIN, TYPE_I32, call->count + 1);
    struct local **locals = ARENA_ARRAY(simplifier->arena, struct local *, call->count + 1);

    block->statement = call->statement;
    for (uint32_t i = 0; i < call->count; i++) {
        struct node *let = simplify_node(simplifier, NODE_LET, TYPE_I32, 1);

        let->statement = true;
        let->kids[0] = call->kids[i];
        block->open = block->open || simplify_declares(call->kids[i]);
        locals[i] = let->local = simplify_local(simplifier, "__x07_inl", i);
        block->kids[i] = let;
    }
    block->kids[call->count] = inline_body(simplifier, callee, callee->body->tree, locals);
    block->kids[call->count]->statement = call->statement;
    callee->reachable = false;
    return block;
}

static struct node *
inline_node(struct simplifier *simplifier, const struct module *module, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = inline_node(simplifier, module, node->kids[i]);
    if (node->kind != NODE_CALL || node->callee->calls != 1 || node->callee->module != module ||
        !inline_is_candidate(node->callee))
        return node;
    return inline_call(simplifier, node);
}

static void
inline_into(struct program *program, struct body *body)
{
    struct simplifier simplifier = {program, program->context->arena, body};
    const struct module *module = body->func ? body->func->module : program->modules[0];

    body->tree = inline_node(&simplifier, module, body->tree);
}

void
simplify_inline(struct program *program)
{
    inline_count_calls(program->solve->tree);
    for (size_t i = 0; i < program->func_count; i++) {
        if (!program->funcs[i]->reachable)
            continue;
        if (program->funcs[i]->body)
            inline_count_calls(program->funcs[i]->body->tree);
        inline_count_clauses(program, program->funcs[i]->ast);
    }
    inline_into(program, program->solve);
    for (size_t i = 0; i < program->func_count; i++)
        if (program->funcs[i]->reachable && program->funcs[i]->body)
            inline_into(program, program->funcs[i]->body);
}
