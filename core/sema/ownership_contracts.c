/* ownership_contracts.c: moves and borrows in contract clauses, which see the parameters as they are at the
 * function's entry or at each of its exits. */
#include "sema/contracts.h"
#include "sema/ownership_walk.h"
#include "sema/program.h"

bool
walk_clause_may_take(struct walk *walk, const struct local *local, const struct ast_loc *loc)
{
    if (!walk->in_clause || !local->parameter)
        return true;
    return failure_set_at(walk->failure, KIND_TYPING, loc, "contract clause must not move: %Q", local->name);
}

static bool
walk_clause_expr(struct walk *walk, struct node *node)
{
    size_t start = walk->state.scope_count;
    size_t outer = walk->state.scope_start;
    struct local *owner = NULL;

    walk->state.scope_start = start;
    walk->asker = node->loc;
    return walk_node(walk, node, &owner) && owner_close_scope(&walk->state, start, outer, walk->failure);
}

static bool
walk_clause(struct walk *walk, const struct clause *clause)
{
    if (!walk_clause_expr(walk, clause->expr))
        return false;
    for (uint32_t i = 0; i < clause->ast->witness_count; i++)
        if (!walk_clause_expr(walk, clause->witness[i]))
            return false;
    return true;
}

static bool
walk_phase(struct walk *walk, enum contract_phase phase)
{
    const struct ast_func *func = walk->body->func->ast;
    const struct ast_loc *asker = walk->asker;

    walk->in_clause = true;
    for (int step = 0; step < CONTRACT_STEPS; step++) {
        enum ast_contract kind = contract_steps[phase][step].kind;

        for (uint32_t i = 0; i < func->clause_count[kind]; i++)
            if (!walk_clause(walk, &walk->body->clauses[kind][i]))
                return false;
    }
    walk->in_clause = false;
    walk->asker = asker;
    return true;
}

bool
walk_entry_contracts(struct walk *walk)
{
    return !walk->body->func || walk_phase(walk, CONTRACT_ENTRY);
}

bool
walk_exit_contracts(struct walk *walk, struct local *source, const struct ast_loc *loc)
{
    struct local *result = walk->body->result_local;
    size_t start = walk->state.scope_count;
    size_t outer = walk->state.scope_start;

    if (!walk->body->func)
        return true;
    if (!result)
        return walk_phase(walk, CONTRACT_EXIT);
    walk->state.scope_start = start;
    owner_declare(&walk->state, result);
    if (type_is_view(result->type.type))
        owner_borrow(&walk->state, result, source, loc);
    return walk_phase(walk, CONTRACT_EXIT) && owner_close_scope(&walk->state, start, outer, walk->failure);
}
