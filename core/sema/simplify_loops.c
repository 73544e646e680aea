/* simplify_loops.c: unrolls short loops with literal bounds, and takes repeated lengths out of the others. */
#include "sema/simplifier.h"

#include <string.h>

enum { MAX_ROUNDS = 8 };

/* Loops around the one being looked at. */
struct loop {
    const struct local *variable;
    const struct loop *outer;
};

static bool
loop_assigns(const struct node *node, const struct local *local)
{
    bool assigns =
        node->kind == NODE_SET || node->kind == NODE_SET0 || node->kind == NODE_FOR || node->kind == NODE_LET;

    if (assigns && node->local == local)
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (loop_assigns(node->kids[i], local))
            return true;
    return false;
}

/* Whether the unrolled loop's first assignment counts as a binding: the variable was declared by a loop, but
 * not by one around this one. */
static bool
unroll_binds(const struct local *variable, const struct loop *outer)
{
    for (const struct loop *loop = outer; loop; loop = loop->outer)
        if (loop->variable == variable)
            return false;
    return variable->loop_variable;
}

static struct node *
unroll_set(struct simplifier *simplifier, struct local *variable, struct node *value)
{
    struct node *set = simplify_node(simplifier, NODE_SET, TYPE_I32, 1);

    set->statement = true;
    set->local = variable;
    set->kids[0] = value;
    return set;
}

static struct node *
unroll_round(struct simplifier *simplifier, const struct node *body)
{
    struct node *round = simplify_node(simplifier, NODE_BEGIN, TYPE_I32, 2);

    round->statement = true;
    round->kids[0] = simplify_copy(simplifier, body);
    round->kids[1] = simplify_int(simplifier, 0, true);
    return round;
}

static struct node *
unroll_step(struct simplifier *simplifier, struct local *variable)
{
    struct node *sum = simplify_node(simplifier, NODE_OP, TYPE_I32, 2);

    sum->head = OP_ADD;
    sum->kids[0] = simplify_read(simplifier, variable);
    sum->kids[1] = simplify_int(simplifier, 1, false);
    return unroll_set(simplifier, variable, sum);
}

/* The value 0 of the loop, after the variable has got its final value at no cost. */
static struct node *
unroll_end(struct simplifier *simplifier, struct node *loop, int32_t end)
{
    struct node *silent = simplify_node(simplifier, NODE_SILENT, TYPE_I32, 2);

    silent->statement = loop->statement;
    silent->kids[0] = unroll_set(simplifier, loop->local, simplify_int(simplifier, end, false));
    silent->kids[0]->fresh = true;
    silent->kids[1] = simplify_int(simplifier, 0, loop->statement);
    return silent;
}

static struct node *
unroll_loop(struct simplifier *simplifier, struct node *loop, const struct loop *outer, int32_t start,
            uint32_t rounds)
{
    uint32_t count = rounds ? 2 * rounds + 1 : 2;
    struct node *block = simplify_node(simplifier, NODE_BEGIN, TYPE_I32, count);
    uint32_t at = 0;

    block->statement = loop->statement;
    block->local = loop->local;
    block->fresh = loop->fresh;
    block->kids[at++] = unroll_set(simplifier, loop->local, simplify_int(simplifier, start, false));
    block->kids[0]->fresh = unroll_binds(loop->local, outer);
    for (uint32_t i = 0; i < rounds; i++) {
        if (i)
            block->kids[at++] = unroll_step(simplifier, loop->local);
        block->kids[at++] = unroll_round(simplifier, loop->kids[2]);
    }
    block->kids[at] = unroll_end(simplifier, loop, (int32_t)((uint32_t)start + rounds));
    return block;
}

static struct node *
unroll_node(struct simplifier *simplifier, struct node *node, const struct loop *outer)
{
    struct loop here = {node->local, outer};
    int32_t start;
    int32_t end;

    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = unroll_node(simplifier, node->kids[i], node->kind == NODE_FOR ? &here : outer);
    if (node->kind != NODE_FOR || !simplify_is_int(node->kids[0], &start) ||
        !simplify_is_int(node->kids[1], &end))
        return node;
    uint32_t rounds = (uint32_t)end > (uint32_t)start ? (uint32_t)end - (uint32_t)start : 0;
    if (rounds > MAX_ROUNDS || loop_assigns(node->kids[2], node->local))
        return node;
    return unroll_loop(simplifier, node, outer, start, rounds);
}

struct node *
simplify_unroll(struct simplifier *simplifier, struct node *node)
{
    return unroll_node(simplifier, node, NULL);
}

/* ---- lengths ---- */

/* bytes.len of a name: the local, or NULL for the program's input. */
static bool
length_is_of(const struct node *node, const struct local *local)
{
    if (node->kind != NODE_HEAD || node->head != HEAD_BYTES_LEN)
        return false;
    const struct node *owner = node->kids[0];
    if (owner->kind == NODE_VIEW)
        owner = owner->kids[0];
    if (owner->kind == NODE_INPUT)
        return !local;
    return local && owner->kind == NODE_LOCAL && owner->local == local;
}

static uint32_t
length_count(const struct node *node, const struct local *local)
{
    uint32_t count = length_is_of(node, local) ? 1 : 0;

    for (uint32_t i = 0; i < node->count; i++)
        count += length_count(node->kids[i], local);
    return count;
}

static bool
length_moves(const struct node *node, const struct local *local)
{
    if (node->kind == NODE_LOCAL && node->local == local &&
        (node->use == USE_MOVE || node->use == USE_CONSUME || node->use == USE_DEFAULT))
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (length_moves(node->kids[i], local))
            return true;
    return false;
}

static void
length_replace(struct simplifier *simplifier, struct node *node, const struct local *local,
               struct local *length)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (length_is_of(node->kids[i], local)) {
            bool statement = node->kids[i]->statement;

            node->kids[i] = simplify_read(simplifier, length);
            node->kids[i]->statement = statement;
        } else {
            length_replace(simplifier, node->kids[i], local, length);
        }
    }
}

/* The first length in the body that is worth taking out. */
static const struct node *
length_find(const struct node *node, const struct node *body, const struct local *variable)
{
    if (node->kind == NODE_HEAD && node->head == HEAD_BYTES_LEN) {
        const struct node *owner = node->kids[0]->kind == NODE_VIEW ? node->kids[0]->kids[0] : node->kids[0];
        bool named = owner->kind == NODE_INPUT || owner->kind == NODE_LOCAL;
        const struct local *local = owner->kind == NODE_LOCAL ? owner->local : NULL;

        if (named &&
            (!local || (local != variable && !loop_assigns(body, local) && !length_moves(body, local))) &&
            length_count(body, local) >= 2)
            return node;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *found = length_find(node->kids[i], body, variable);

        if (found)
            return found;
    }
    return NULL;
}

/* let <length> = bytes.len <name>, in front of the loop. */
static struct node *
length_binding(struct simplifier *simplifier, const struct node *found, struct node *loop, unsigned number)
{
    const struct node *owner = found->kids[0]->kind == NODE_VIEW ? found->kids[0]->kids[0] : found->kids[0];
    struct local *local = owner->kind == NODE_LOCAL ? owner->local : NULL;
    struct node *let = simplify_node(simplifier, NODE_LET, TYPE_I32, 1);

    let->statement = true;
    let->local = simplify_local(simplifier, "__x07_len", number);
    let->kids[0] = simplify_copy(simplifier, found);
    let->kids[0]->statement = false;
    struct node *body = loop->kids[2];
    if (length_is_of(body, local))
        loop->kids[2] = simplify_read(simplifier, let->local);
    else
        length_replace(simplifier, body, local, let->local);
    return let;
}

static struct node *
lengths_of_loop(struct simplifier *simplifier, struct node *loop)
{
    struct node *lets[16];
    uint32_t count = 0;
    const struct node *found;

    while (count < 16 && (found = length_find(loop->kids[2], loop->kids[2], loop->local))) {
        lets[count] = length_binding(simplifier, found, loop, count);
        count++;
    }
    if (!count)
        return loop;
    struct node *block = simplify_node(simplifier, NODE_BEGIN, TYPE_I32, count + 1);
    block->statement = loop->statement;
    block->local = loop->local;
    block->fresh = loop->fresh;
    block->open = simplify_declares(loop->kids[0]) || simplify_declares(loop->kids[1]);
    loop->fresh = false;
    memcpy(block->kids, lets, count * sizeof(struct node *));
    block->kids[count] = loop;
    return block;
}

struct node *
simplify_lengths(struct simplifier *simplifier, struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = simplify_lengths(simplifier, node->kids[i]);
    return node->kind == NODE_FOR ? lengths_of_loop(simplifier, node) : node;
}
