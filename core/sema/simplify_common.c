/* simplify_common.c: subexpressions that occur more than once in a pure expression are computed once. */
#include "base/memory.h"
#include "sema/simplifier.h"

#include <stdlib.h>

enum { MAX_BINDINGS = 8 };

typedef unsigned __int128 fingerprint;

/* A subexpression of the pure expression being rewritten. */
struct candidate {
    const struct node *node;
    fingerprint print;
    uint64_t size;
    uint32_t count;
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
};

/* ---- fingerprints: FNV-1a with 128 bits over a binary form of the expression ---- */

static fingerprint
print_prime(void)
{
    return ((fingerprint)1 << 88) + 0x13b;
}

static fingerprint
print_byte(fingerprint print, uint8_t byte)
{
    return (print ^ byte) * print_prime();
}

static fingerprint
print_word(fingerprint print, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        print = print_byte(print, (uint8_t)(word >> (8 * i)));
    return print;
}

static fingerprint
print_atom(fingerprint print, const char *text, uint32_t len)
{
    print = print_word(print_byte(print, 2), len);
    for (uint32_t i = 0; i < len; i++)
        print = print_byte(print, (uint8_t)text[i]);
    return print;
}

static fingerprint
print_string(fingerprint print, const char *text)
{
    uint32_t len = 0;

    while (text[len])
        len++;
    return print_atom(print, text, len);
}

static fingerprint
print_node(fingerprint print, const struct node *node)
{
    switch (node->kind) {
    case NODE_INT:
        return print_word(print_byte(print, 1), (uint32_t)node->value);
    case NODE_LOCAL:
        return print_atom(print, node->local->name->text, node->local->name->len);
    case NODE_INPUT:
        return print_string(print, "input");
    default:
        print = print_string(print_word(print_byte(print, 3), 3), operator_name(node->head));
        return print_node(print_node(print, node->kids[0]), node->kids[1]);
    }
}

static fingerprint
print_of(const struct node *node)
{
    fingerprint basis = ((fingerprint)0x6c62272e07bb0142u << 64) | 0x62b821756295c58du;

    return print_node(basis * print_prime(), node);
}

/* ---- candidates ---- */

static void
common_collect(struct candidates *all, const struct node *node)
{
    if (node->kind != NODE_OP)
        return;
    if (all->count == all->capacity) {
        all->capacity = all->capacity ? all->capacity * 2 : 32;
        all->items = memory_resize(all->items, all->capacity * sizeof *all->items);
    }
    all->items[all->count++] = (struct candidate){node, print_of(node), simplify_count(node), 1};
    common_collect(all, node->kids[0]);
    common_collect(all, node->kids[1]);
}

static int
common_by_print(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;

    return (left->print > right->print) - (left->print < right->print);
}

static int
common_by_worth(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;

    if (left->size != right->size)
        return left->size < right->size ? 1 : -1;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return common_by_print(a, b);
}

/* Unites equal candidates and keeps those that occur more than once, best first. */
static void
common_choose(struct candidates *all)
{
    size_t kept = 0;

    qsort(all->items, all->count, sizeof *all->items, common_by_print);
    for (size_t i = 0; i < all->count;) {
        size_t same = i + 1;

        while (same < all->count && all->items[same].print == all->items[i].print)
            same++;
        if (same - i >= 2) {
            all->items[kept] = all->items[i];
            all->items[kept++].count = (uint32_t)(same - i);
        }
        i = same;
    }
    all->count = kept;
    if (kept)
        qsort(all->items, kept, sizeof *all->items, common_by_worth);
    if (all->count > MAX_BINDINGS)
        all->count = MAX_BINDINGS;
}

/* A copy of the expression with the first `count` candidates replaced by their locals. */
static struct node *
common_rewrite(struct simplifier *simplifier, const struct node *node, const struct candidates *all,
               size_t count, struct local *const *locals)
{
    for (size_t i = 0; node->kind == NODE_OP && i < count; i++)
        if (simplify_equal(node, all->items[i].node)) {
            struct node *read = simplify_read(simplifier, locals[i]);

            read->statement = node->statement;
            return read;
        }
    struct node *copy = ARENA_NEW(simplifier->arena, struct node);
    *copy = *node;
    copy->kids = ARENA_ARRAY(simplifier->arena, struct node *, node->count ? node->count : 1);
    for (uint32_t i = 0; i < node->count; i++)
        copy->kids[i] = common_rewrite(simplifier, node->kids[i], all, count, locals);
    return copy;
}

static struct node *
common_bind(struct simplifier *simplifier, struct node *tree, const struct candidates *all)
{
    struct local *locals[MAX_BINDINGS];
    struct node *block = simplify_node(simplifier, NODE_BEGIN, TYPE_I32, (uint32_t)all->count + 1);

    block->statement = tree->statement;
    for (uint32_t i = 0; i < all->count; i++) {
        struct node *let = simplify_node(simplifier, NODE_LET, TYPE_I32, 1);

        let->statement = true;
        let->kids[0] = common_rewrite(simplifier, all->items[i].node, all, i, locals);
        let->kids[0]->statement = false;
        locals[i] = let->local = simplify_local(simplifier, "__x07_cse", i);
        block->kids[i] = let;
    }
    block->kids[all->count] = common_rewrite(simplifier, tree, all, all->count, locals);
    return block;
}

static struct node *
common_tree(struct simplifier *simplifier, struct node *tree)
{
    struct candidates all = {0};

    common_collect(&all, tree);
    common_choose(&all);
    struct node *result = all.count ? common_bind(simplifier, tree, &all) : tree;
    free(all.items);
    return result;
}

struct node *
simplify_common(struct simplifier *simplifier, struct node *node)
{
    if (node->kind == NODE_OP && simplify_is_pure(node))
        return common_tree(simplifier, node);
    for (uint32_t i = 0; i < node->count; i++)
        node->kids[i] = simplify_common(simplifier, node->kids[i]);
    return node;
}
