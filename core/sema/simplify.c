/* simplify.c: runs the passes over all reachable bodies. */
#include "sema/simplify.h"

#include "sema/simplifier.h"
#include "sema/temporaries.h"

enum { MAX_IDLE_NODES = 1000 };

struct node *
simplify_node(struct simplifier *simplifier, enum node_kind kind, enum type type, uint32_t count)
{
    struct node *node = ARENA_NEW(simplifier->arena, struct node);

    node->kind = kind;
    node->type.type = type;
    node->count = count;
    node->kids = ARENA_ARRAY(simplifier->arena, struct node *, count ? count : 1);
    return node;
}

struct node *
simplify_int(struct simplifier *simplifier, int32_t value, bool statement)
{
    struct node *node = simplify_node(simplifier, NODE_INT, TYPE_I32, 0);

    node->value = value;
    node->statement = statement;
    return node;
}

struct node *
simplify_read(struct simplifier *simplifier, struct local *local)
{
    struct node *node = simplify_node(simplifier, NODE_LOCAL, local->type.type, 0);

    node->local = local;
    node->use = USE_COPY;
    return node;
}

struct node *
simplify_copy(struct simplifier *simplifier, const struct node *node)
{
    struct node *copy = ARENA_NEW(simplifier->arena, struct node);

    *copy = *node;
    copy->kids = ARENA_ARRAY(simplifier->arena, struct node *, node->count ? node->count : 1);
    for (uint32_t i = 0; i < node->count; i++)
        copy->kids[i] = simplify_copy(simplifier, node->kids[i]);
    return copy;
}

struct local *
simplify_local(struct simplifier *simplifier, const char *prefix, unsigned number)
{
    struct local *local = ARENA_NEW(simplifier->arena, struct local);

    local->name = ast_intern_string(simplifier->program->context,
                                    arena_printf(simplifier->arena, "%s%u", prefix, number));
    local->type.type = TYPE_I32;
    local->id = simplifier->body->local_count++;
    return local;
}

bool
simplify_is_pure(const struct node *node)
{
    switch (node->kind) {
    case NODE_INT:
    case NODE_INPUT:
        return true;
    case NODE_LOCAL:
        return node->use == USE_COPY;
    case NODE_OP:
        return simplify_is_pure(node->kids[0]) && simplify_is_pure(node->kids[1]);
    default:
        return false;
    }
}

bool
simplify_has_contracts(const struct func *func)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++)
        if (func->ast->clause_count[kind])
            return true;
    return false;
}

/* `budget` bounds the nodes that are looked at, so that recursion ends. */
static bool
simplify_looks_idle(const struct node *node, int *budget)
{
    bool block = node->kind == NODE_BEGIN || node->kind == NODE_UNSAFE;

    if (--*budget < 0)
        return false;
    switch (node->kind) {
    case NODE_INT:
    case NODE_INPUT:
        return true;
    case NODE_LOCAL:
        return node->use == USE_COPY || node->use == USE_PEEK;
    case NODE_HEAD:
        if (head_row(node->head)->effect != HEAD_EFFECT_PURE)
            return false;
        break;
    case NODE_CALL: {
        const struct func *callee = node->callee;

        if (callee->ast->kind != AST_DEFN || simplify_has_contracts(callee))
            return false;
        const struct node *tree = callee->body->tree;
        bool wrapped = tree->kind == NODE_RETURN || tree->kind == NODE_LET;
        if (!simplify_looks_idle(wrapped ? tree->kids[0] : tree, budget))
            return false;
        break;
    }
    case NODE_OP:
    case NODE_IF:
    case NODE_BEGIN:
    case NODE_UNSAFE:
    case NODE_VIEW:
        break;
    default:
        return false;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *kid = node->kids[i];

        if (!simplify_looks_idle(block && kid->kind == NODE_LET ? kid->kids[0] : kid, budget))
            return false;
    }
    return true;
}

bool
simplify_is_idle(const struct node *node)
{
    int budget = MAX_IDLE_NODES;

    return simplify_looks_idle(node, &budget);
}

bool
simplify_declares(const struct node *node)
{
    if (node->kind == NODE_LET || ((node->kind == NODE_FOR || node->kind == NODE_BEGIN) && node->fresh))
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (simplify_declares(node->kids[i]))
            return true;
    return false;
}

bool
simplify_is_int(const struct node *node, int32_t *value)
{
    *value = node->value;
    return node->kind == NODE_INT;
}

bool
simplify_equal(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->count != b->count || a->head != b->head || a->value != b->value ||
        a->callee != b->callee || a->text != b->text || a->terms != b->terms)
        return false;
    if ((a->local || b->local) && (!a->local || !b->local || a->local->name != b->local->name))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!simplify_equal(a->kids[i], b->kids[i]))
            return false;
    return true;
}

/* x07AST nodes of a form beside its kids: the list, its head, and names or texts in it. */
static uint64_t
simplify_own_nodes(const struct node *node)
{
    switch (node->kind) {
    case NODE_INT:
    case NODE_LOCAL:
    case NODE_INPUT:
        return 1;
    case NODE_LET:
    case NODE_SET:
    case NODE_SET0:
    case NODE_FOR:
        return 3;
    case NODE_CAST:
        return 4;
    case NODE_SCOPE:
    case NODE_SELECT:
        return 2 + node->terms->nodes;
    case NODE_VIEW:
    case NODE_SILENT:
        return 0;
    case NODE_HEAD:
        return node->text ? 3 : 2;
    default:
        return 2;
    }
}

uint64_t
simplify_count(const struct node *node)
{
    uint64_t count = simplify_own_nodes(node);

    if (node->kind == NODE_SILENT)
        return node->count == 2 ? simplify_count(node->kids[1]) : 0;
    for (uint32_t i = 0; i < node->count; i++)
        count += simplify_count(node->kids[i]);
    return count;
}

static bool
simplify_mark_exits(const struct func *func, struct node *node)
{
    bool exits = program_node_exits(func, node);

    for (uint32_t i = 0; i < node->count; i++)
        exits = simplify_mark_exits(func, node->kids[i]) || exits;
    node->exits = exits;
    return exits;
}

static void
simplify_body(struct program *program, struct body *body)
{
    static struct node *(*const passes[])(struct simplifier *, struct node *) = {
        simplify_fold,   simplify_strength, simplify_dead_lets, simplify_unroll,
        simplify_common, simplify_lengths,  simplify_dead_lets,
    };
    struct simplifier simplifier = {program, program->context->arena, body};

    body->temporaries = temporaries_count(body->tree);
    for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++)
        body->tree = passes[i](&simplifier, body->tree);
    simplify_mark_exits(body->func, body->tree);
    uint64_t temporaries = temporaries_count(body->tree);
    if (temporaries < body->temporaries) /* what unrolling adds is not held against the program */
        body->temporaries = temporaries;
}

static uint64_t
simplify_clause_nodes(const struct ast_func *func)
{
    uint64_t count = 0;

    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t c = 0; c < func->clause_count[kind]; c++) {
            count += ast_count_nodes(func->clauses[kind][c].expr);
            for (uint32_t w = 0; w < func->clauses[kind][c].witness_count; w++)
                count += ast_count_nodes(func->clauses[kind][c].witness[w]);
        }
    }
    return count;
}

static bool
simplify_check_size(struct program *program, uint64_t count)
{
    struct text message = {0};
    uint64_t limit = program->limits.max_ast_nodes;

    if (count <= limit)
        return true;
    text_printf(&message, "AST too large: max_ast_nodes=%llu got %llu (set X07_MAX_AST_NODES=<n>)",
                (unsigned long long)limit, (unsigned long long)count);
    failure_set(program->failure, KIND_BUDGET, "%s", text_string(&message));
    text_free(&message);
    return false;
}

static bool
simplify_check_temporaries(struct program *program)
{
    uint64_t limit = program->limits.max_locals;

    for (size_t i = 0; i < program->func_count; i++) {
        const struct func *func = program->funcs[i];

        if (func->reachable && func->body && func->body->temporaries > limit)
            return temporaries_exceeded(program, func);
    }
    return program->solve->temporaries <= limit || temporaries_exceeded(program, NULL);
}

bool
simplify_program(struct program *program)
{
    uint64_t clauses = 0;

    simplify_inline(program);
    simplify_body(program, program->solve);
    program->simplified_nodes = simplify_count(program->solve->tree);
    for (size_t i = 0; i < program->func_count; i++) {
        struct func *func = program->funcs[i];

        if (!func->reachable || !func->body)
            continue;
        simplify_body(program, func->body);
        program->simplified_nodes += simplify_count(func->body->tree);
        clauses += simplify_clause_nodes(func->ast);
    }
    return simplify_check_size(program, program->simplified_nodes + clauses) &&
           simplify_check_temporaries(program);
}
