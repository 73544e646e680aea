/* simplify_fold.c: constant folding, and cheaper operators for multiplications and divisions by constants. */
#include "sema/simplifier.h"

/* `node`, after a condition that decides nothing but may do something. */
static struct node *
fold_after(struct simplifier *simplifier, struct node *condition, struct node *node)
{
    struct node *silent = simplify_node(simplifier, NODE_SILENT, node->type.type, 2);

    silent->type = node->type;
    silent->statement = node->statement;
    silent->kids[0] = condition;
    silent->kids[1] = node;
    return silent;
}

/* Whether operand `i` is a value after such a condition, and nothing before the condition could tell if it
 * ran before the whole form. */
static bool
fold_may_lift(const struct node *node, uint32_t i)
{
    bool first = i == 0 && (node->kind == NODE_OP || node->kind == NODE_IF || node->kind == NODE_LET);
    bool second = i == 1 && node->kind == NODE_OP && node->kids[0]->kind == NODE_INT &&
                  node->head != OP_LAND && node->head != OP_LOR;

    return i < node->count && node->kids[i]->kind == NODE_SILENT && (first || second);
}

static struct node *fold_form(struct simplifier *simplifier, struct node *node);

/* The form after the condition, so that it is folded as if there was none. */
static struct node *
fold_lift(struct simplifier *simplifier, struct node *node, uint32_t i)
{
    struct node *condition = node->kids[i]->kids[0];

    node->kids[i] = node->kids[i]->kids[1];
    return fold_after(simplifier, condition, fold_form(simplifier, node));
}

static struct node *
fold_if(struct simplifier *simplifier, struct node *node)
{
    int32_t condition;

    if (simplify_is_int(node->kids[0], &condition))
        return node->kids[condition ? 1 : 2];
    if (!simplify_equal(node->kids[1], node->kids[2]))
        return node;
    return simplify_is_idle(node->kids[0]) ? node->kids[1]
                                           : fold_after(simplifier, node->kids[0], node->kids[1]);
}

static struct node *
fold_operator(struct simplifier *simplifier, struct node *node)
{
    int32_t a;
    int32_t b;

    if (node->head == OP_LAND || node->head == OP_LOR || !simplify_is_int(node->kids[0], &a) ||
        !simplify_is_int(node->kids[1], &b))
        return node;
    return simplify_int(simplifier, (int32_t)operator_fold(node->head, (uint32_t)a, (uint32_t)b),
                        node->statement);
}

static struct node *
fold_form(struct simplifier *simplifier, struct node *node)
{
    if (fold_may_lift(node, 0))
        return fold_lift(simplifier, node, 0);
    if (fold_may_lift(node, 1))
        return fold_lift(simplifier, node, 1);
    switch (node->kind) {
    case NODE_BEGIN:
        return node->count == 1 ? node->kids[0] : node;
    case NODE_IF:
        return fold_if(simplifier, node);
    case NODE_OP:
        return fold_operator(simplifier, node);
    default:
        return node;
    }
}

struct node *
simplify_fold(struct simplifier *simplifier, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = simplify_fold(simplifier, node->kids[i]);
    return fold_form(simplifier, node);
}

/* The exponent of a power of two above 1, or -1. */
static int
strength_exponent(int32_t value)
{
    uint32_t bits = (uint32_t)value;

    if (bits < 2 || (bits & (bits - 1)))
        return -1;
    int k = 0;
    while (bits >>= 1)
        k++;
    return k;
}

static struct node *
strength_replace(struct simplifier *simplifier, struct node *node, int op, struct node *left, int32_t right)
{
    struct node *result = simplify_node(simplifier, NODE_OP, TYPE_I32, 2);

    result->head = op;
    result->statement = node->statement;
    result->kids[0] = left;
    result->kids[1] = simplify_int(simplifier, right, false);
    return result;
}

static struct node *
strength_keep(struct node *node, struct node *operand)
{
    operand->statement = node->statement;
    return operand;
}

/* A product with the literal `value` on one side; NULL when nothing applies. */
static struct node *
strength_factor(struct simplifier *simplifier, struct node *node, int32_t value, struct node *other)
{
    int k = strength_exponent(value);

    if (value == 0 && simplify_is_pure(other))
        return simplify_int(simplifier, 0, node->statement);
    if (value == 1)
        return strength_keep(node, other);
    return k > 0 ? strength_replace(simplifier, node, OP_SHL, other, k) : NULL;
}

static struct node *
strength_product(struct simplifier *simplifier, struct node *node)
{
    struct node *result = NULL;
    int32_t value;

    if (simplify_is_int(node->kids[0], &value))
        result = strength_factor(simplifier, node, value, node->kids[1]);
    if (!result && simplify_is_int(node->kids[1], &value))
        result = strength_factor(simplifier, node, value, node->kids[0]);
    return result ? result : node;
}

static struct node *
strength_quotient(struct simplifier *simplifier, struct node *node)
{
    struct node *left = node->kids[0];
    int32_t value;

    if (simplify_is_int(node->kids[1], &value)) {
        int k = strength_exponent(value);

        if (value == 0 && simplify_is_pure(left))
            return simplify_int(simplifier, 0, node->statement);
        if (value == 1)
            return strength_keep(node, left);
        if (k > 0)
            return strength_replace(simplifier, node, OP_SHR, left, k);
    }
    if (simplify_is_int(left, &value) && value == 0 && simplify_is_pure(node->kids[1]))
        return simplify_int(simplifier, 0, node->statement);
    return node;
}

static struct node *
strength_remainder(struct simplifier *simplifier, struct node *node)
{
    struct node *left = node->kids[0];
    int32_t value;

    if (simplify_is_int(node->kids[1], &value)) {
        if (value == 0)
            return strength_keep(node, left);
        if (value == 1 && simplify_is_pure(left))
            return simplify_int(simplifier, 0, node->statement);
        if (strength_exponent(value) > 0)
            return strength_replace(simplifier, node, OP_AND, left, (int32_t)((uint32_t)value - 1));
    }
    if (simplify_is_int(left, &value) && value == 0 && simplify_is_pure(node->kids[1]))
        return simplify_int(simplifier, 0, node->statement);
    return node;
}

struct node *
simplify_strength(struct simplifier *simplifier, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = simplify_strength(simplifier, node->kids[i]);
    if (node->kind != NODE_OP)
        return node;
    switch (node->head) {
    case OP_MUL:
        return strength_product(simplifier, node);
    case OP_DIV:
        return strength_quotient(simplifier, node);
    case OP_REM:
        return strength_remainder(simplifier, node);
    default:
        return node;
    }
}
