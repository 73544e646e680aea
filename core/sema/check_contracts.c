/* check_contracts.c: typing of contract clauses. What they may say at all is checked in the document, by
 * typecheck_contract.c. */
#include "sema/checker.h"

/* A witness is only shown: an owned variable keeps its value. */
static struct node *
contract_witness(struct checker *checker, const struct ast_expr *expr)
{
    struct node *node = check_value(checker, expr);

    if (node && node->kind == NODE_LOCAL && node->use == USE_MOVE)
        node->use = USE_PEEK;
    return node;
}

static bool
contract_clause(struct checker *checker, const struct ast_clause *ast, struct clause *clause)
{
    struct scope_mark mark = scope_open(checker);

    clause->ast = ast;
    clause->expr = check_value(checker, ast->expr);
    if (!clause->expr)
        return false;
    if (clause->expr->type.type != TYPE_I32)
        return check_fail(checker, KIND_TYPING, "contract clause must typecheck to i32") != NULL;
    scope_close(checker, mark);
    clause->witness = ARENA_ARRAY(checker->program->context->arena, struct node *, ast->witness_count);
    for (uint32_t i = 0; i < ast->witness_count; i++) {
        mark = scope_open(checker);
        if (!(clause->witness[i] = contract_witness(checker, ast->witness[i])))
            return false;
        scope_close(checker, mark);
    }
    return true;
}

static bool
contract_kind(struct checker *checker, enum ast_contract kind)
{
    const struct ast_func *func = checker->func->ast;
    uint32_t count = func->clause_count[kind];

    checker->body->clauses[kind] = ARENA_ARRAY(checker->program->context->arena, struct clause, count);
    for (uint32_t i = 0; i < count; i++)
        if (!contract_clause(checker, &func->clauses[kind][i], &checker->body->clauses[kind][i]))
            return false;
    return true;
}

/* ensures, with __result in scope. It counts as a parameter: a clause may look at it, not take it. */
static bool
contract_ensures(struct checker *checker)
{
    struct scope_mark mark = scope_open(checker);
    struct symbol *name = ast_intern_string(checker->program->context, "__result");

    if (!(checker->body->result_local = scope_declare(checker, name, checker->result)))
        return false;
    checker->body->result_local->parameter = true;
    bool ok = contract_kind(checker, AST_ENSURES);
    scope_close(checker, mark);
    return ok;
}

bool
check_contracts(struct checker *checker)
{
    return contract_kind(checker, AST_REQUIRES) && contract_kind(checker, AST_INVARIANT) &&
           (!checker->func->ast->clause_count[AST_ENSURES] || contract_ensures(checker));
}
