/* simplify_lets.c: removes bindings of a block that nothing after them names and whose value is a pure
 * expression of known words. Names count, not locals: a later binding of the same name keeps an earlier one
 * alive only if the name is read. */
#include "base/ptrmap.h"
#include "sema/simplifier.h"

/* A name is live when it maps to anything but NULL. */
static void
lets_mark(struct ptrmap *live, const struct symbol *name, bool alive)
{
    ptrmap_set(live, name, alive ? live : NULL);
}

static void
lets_names(struct ptrmap *live, const struct node *node)
{
    bool final_value = node->kind == NODE_SILENT && node->kids[0]->kind == NODE_SET && node->kids[0]->fresh;

    if (node->local && node->kind != NODE_LET && node->kind != NODE_BEGIN)
        lets_mark(live, node->local->name, true);
    for (uint32_t i = final_value ? 1 : 0; i < node->count; i++)
        lets_names(live, node->kids[i]);
}

/* A pure expression of integers, i32 parameters and earlier bindings of such. */
static bool
lets_is_known(const struct node *node)
{
    switch (node->kind) {
    case NODE_INT:
        return true;
    case NODE_LOCAL:
        return node->use == USE_COPY && node->local->known;
    case NODE_OP:
        return lets_is_known(node->kids[0]) && lets_is_known(node->kids[1]);
    default:
        return false;
    }
}

/* The binding that an item of a block is, also after a condition that is only evaluated; or NULL. */
static struct node *
lets_binding(struct node *node)
{
    while (node->kind == NODE_SILENT && node->count == 2)
        node = node->kids[1];
    return node->kind == NODE_LET || (node->kind == NODE_SET && node->fresh) ? node : NULL;
}

/* The names that an item of a block reads; not the one that it binds. */
static void
lets_item_names(struct ptrmap *live, struct node *item)
{
    const struct node *binding = lets_binding(item);

    if (!binding) {
        lets_names(live, item);
        return;
    }
    for (; item != binding; item = item->kids[1])
        lets_names(live, item->kids[0]);
    lets_names(live, binding->kids[0]);
}

/* What is left of an item without its binding: the conditions, or NULL. */
static struct node *
lets_without(struct node *node)
{
    if (node->kind != NODE_SILENT)
        return NULL;
    node->kids[1] = lets_without(node->kids[1]);
    node->count = node->kids[1] ? 2 : 1;
    return node;
}

/* Removes dead bindings among the first count - 1 kids. */
static void
lets_clean(struct node *block)
{
    struct ptrmap live = {0};
    uint32_t kept = block->count;

    lets_names(&live, block->kids[block->count - 1]);
    for (uint32_t i = block->count - 1; i-- > 0;) {
        struct node *binding = lets_binding(block->kids[i]);

        if (binding) {
            const struct symbol *name = binding->local->name;

            if (!ptrmap_get(&live, name) && lets_is_known(binding->kids[0]))
                block->kids[i] = lets_without(block->kids[i]);
            else
                lets_mark(&live, name, false);
        }
        if (block->kids[i])
            lets_item_names(&live, block->kids[i]);
        else
            kept--;
    }
    ptrmap_free(&live);
    uint32_t to = 0;
    for (uint32_t i = 0; i < block->count; i++)
        if (block->kids[i])
            block->kids[to++] = block->kids[i];
    block->count = kept;
}

static struct node *
lets_block(struct node *block)
{
    lets_clean(block);
    /* A block that declares a loop variable for what follows it stays. */
    return block->kind == NODE_BEGIN && block->count == 1 && !block->fresh ? block->kids[0] : block;
}

static struct node *
lets_node(struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        node->kids[i] = lets_node(node->kids[i]);
        struct node *binding = lets_binding(node->kids[i]);
        if ((node->kind == NODE_BEGIN || node->kind == NODE_UNSAFE) && binding)
            binding->local->known = lets_is_known(binding->kids[0]);
    }
    return node->kind == NODE_BEGIN || node->kind == NODE_UNSAFE ? lets_block(node) : node;
}

struct node *
simplify_dead_lets(struct simplifier *simplifier, struct node *node)
{
    for (uint32_t i = 0; i < simplifier->body->param_count; i++) {
        struct local *param = simplifier->body->params[i];

        param->known = param->type.type == TYPE_I32;
    }
    return lets_node(node);
}
