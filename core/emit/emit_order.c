/* emit_order.c: in which order functions are emitted, and who pays for them.
 *
 * A function's straight-line beginning costs the same each time, so its callers charge it with their own
 * code: then small functions need no fuel of their own, and loops that call them stay loops of constant cost.
 * For that a function is emitted after those that it calls. Where calls go round, the one that was emitted
 * last was called before its terms were known: it charges itself, which also bounds how far recursion goes.
 */
#include "base/memory.h"
#include "emit/emitter.h"

#include <stdlib.h>

/* Costs above this are not handed to callers: they could add up beyond what a number holds. */
enum { TERMS_MAX_COST = 4096 };

/* One function whose callees are being visited. */
struct visit {
    struct func *func;
    struct func **callees;
    size_t count, next, capacity;
};

struct order {
    struct func **funcs;
    size_t count;
    bool *seen; /* by number */
    struct visit *stack;
    size_t depth;
};

static void
collect_callees(struct visit *visit, const struct node *node)
{
    if (node->callee && node->callee->body) {
        if (visit->count == visit->capacity) {
            visit->capacity = visit->capacity ? visit->capacity * 2 : 8;
            visit->callees = memory_resize(visit->callees, visit->capacity * sizeof *visit->callees);
        }
        visit->callees[visit->count++] = node->callee;
    }
    for (uint32_t i = 0; i < node->count; i++)
        collect_callees(visit, node->kids[i]);
}

static void
order_enter(struct order *order, struct func *func)
{
    if (order->seen[func->number])
        return;
    order->seen[func->number] = true;
    struct visit *visit = &order->stack[order->depth++];
    *visit = (struct visit){.func = func};
    collect_callees(visit, func->body->tree);
}

static void
order_from(struct order *order, struct func *func)
{
    order_enter(order, func);
    while (order->depth) {
        struct visit *visit = &order->stack[order->depth - 1];

        if (visit->next < visit->count) {
            order_enter(order, visit->callees[visit->next++]);
            continue;
        }
        order->funcs[order->count++] = visit->func;
        free(visit->callees);
        order->depth--;
    }
}

size_t
emit_order(struct arena *arena, const struct program *program, struct func ***funcs)
{
    struct order order = {
        .funcs = ARENA_ARRAY(arena, struct func *, program->func_count + 1),
        .seen = ARENA_ARRAY(arena, bool, program->func_count + 1),
        .stack = ARENA_ARRAY(arena, struct visit, program->func_count + 1),
    };

    for (size_t i = 0; i < program->func_count; i++)
        if (emit_is_emitted(program->funcs[i]))
            order_from(&order, program->funcs[i]);
    *funcs = order.funcs;
    return order.count;
}

/* Clauses run before the body, and must be charged before it. */
static bool
has_clauses(const struct ast_func *func)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++)
        if (func->clause_count[kind])
            return true;
    return false;
}

bool
emit_call_terms(struct emitter *emitter, const struct func *callee)
{
    struct call_terms *terms = &emitter->terms[callee->number];

    if (!terms->known) {
        terms->charges_itself = true;
        emitter->fuel_in_calls = true;
        return true;
    }
    if (!terms->charges_itself)
        emitter->regions[emitter->region] += terms->cost;
    if (terms->takes_fuel)
        emitter->fuel_in_calls = true;
    return terms->takes_fuel;
}

void
emit_settle_terms(struct emitter *emitter)
{
    const struct func *func = emitter->body->func;
    uint64_t rest = emitter->local_fuel || emitter->fuel_in_calls;

    if (!func)
        return;
    struct call_terms *terms = &emitter->terms[func->number];

    for (size_t i = 1; i < emitter->region_count; i++)
        rest |= emitter->regions[i];
    if (emitter->regions[0] > TERMS_MAX_COST || has_clauses(func->ast) || func->ast->kind == AST_DEFASYNC)
        terms->charges_itself = true;
    terms->known = true;
    terms->takes_fuel = terms->charges_itself || rest;
    terms->cost = emitter->regions[0];
    if (!terms->charges_itself)
        emitter->regions[0] = 0;
}
