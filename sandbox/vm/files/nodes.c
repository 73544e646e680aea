/* nodes.c: what the guest's kernel knows by number. A number is a slot and how often the slot was used
 * before, so that an old number never means something new. A node lives while the guest knows its number or
 * the node of something in it. */
#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 1 << 14, FIRST_SLOTS = 1 << 10, AGE_SHIFT = 32 };

static void *
grown(void *list, size_t count, size_t size)
{
    void *more = reallocarray(list, count, size);

    if (!more)
        _exit(1); /* as good as any answer: the guest's calls fail */
    return more;
}

static size_t
bucket_of(const struct node *parent, const char *name)
{
    uint64_t hash = 14695981039346656037u ^ parent->id;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return (hash ^ hash >> 32) % BUCKETS;
}

struct node *
nodes_find(const struct nodes *nodes, uint64_t id)
{
    uint32_t slot = (uint32_t)id;
    struct node *node = slot < nodes->used ? nodes->slots[slot] : NULL;

    return node && node->id == id ? node : NULL;
}

struct node *
nodes_at(const struct nodes *nodes, const struct node *parent, const char *name)
{
    struct node *node = nodes->names[bucket_of(parent, name)];

    while (node && (node->parent != parent || strcmp(node->name, name) != 0))
        node = node->next;
    return node;
}

static uint32_t
take_slot(struct nodes *nodes)
{
    if (nodes->free_count)
        return nodes->free[--nodes->free_count];
    if (nodes->used == nodes->slot_count) {
        nodes->slot_count = nodes->slot_count ? nodes->slot_count * 2 : FIRST_SLOTS;
        nodes->slots = grown(nodes->slots, nodes->slot_count, sizeof(struct node *));
        nodes->ages = grown(nodes->ages, nodes->slot_count, sizeof(uint32_t));
        nodes->free = grown(nodes->free, nodes->slot_count, sizeof(uint32_t));
    }
    nodes->ages[nodes->used] = 0;
    return nodes->used++;
}

static struct node *
new_node(struct nodes *nodes, const struct root *root)
{
    struct node *node = grown(NULL, 1, sizeof *node);
    uint32_t slot = take_slot(nodes);

    *node = (struct node){.id = (uint64_t)nodes->ages[slot] << AGE_SHIFT | slot, .root = root};
    nodes->slots[slot] = node;
    return node;
}

static void
attach(struct nodes *nodes, struct node *node, struct node *parent, const char *name)
{
    size_t bucket = bucket_of(parent, name);
    char *copy = strdup(name);

    if (!copy)
        _exit(1);
    free(node->name);
    node->name = copy;
    node->parent = parent;
    node->next = nodes->names[bucket];
    nodes->names[bucket] = node;
    parent->children++;
}

/* Frees a node that nobody needs, then perhaps the one above it, and so on. */
static void
release(struct nodes *nodes, struct node *node)
{
    while (node && node->name && !node->lookups && !node->children) {
        struct node *parent = node->parent;
        uint32_t slot = (uint32_t)node->id;

        nodes_lose(nodes, node);
        nodes->slots[slot] = NULL;
        nodes->ages[slot]++;
        nodes->free[nodes->free_count++] = slot;
        free(node->name);
        free(node);
        node = parent;
    }
}

void
nodes_lose(struct nodes *nodes, struct node *node)
{
    struct node **at;

    if (!node->parent)
        return;
    at = &nodes->names[bucket_of(node->parent, node->name)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    node->next = NULL;
    node->parent->children--;
    node->parent = NULL;
}

struct node *
nodes_look_up(struct nodes *nodes, struct node *parent, const char *name, const struct stat *found)
{
    struct node *node = nodes_at(nodes, parent, name);

    if (node && (node->inode != found->st_ino || node->device != found->st_dev)) {
        nodes_lose(nodes, node);
        release(nodes, node);
        node = NULL;
    }
    if (!node) {
        if (nodes->used - nodes->free_count >= FILES_NODES_MAX)
            return NULL;
        node = new_node(nodes, parent->root);
        attach(nodes, node, parent, name);
        node->inode = found->st_ino;
        node->device = found->st_dev;
    }
    node->lookups++;
    return node;
}

static bool
is_above(const struct node *node, const struct node *other)
{
    while (other && other != node)
        other = other->parent;
    return other == node;
}

void
nodes_move(struct nodes *nodes, struct node *node, struct node *parent, const char *name)
{
    struct node *there = nodes_at(nodes, parent, name);
    struct node *before = node->parent;

    if (there == node)
        return;
    if (there)
        nodes_lose(nodes, there); /* `parent` stays: the caller has it from the guest */
    nodes_lose(nodes, node);
    if (!is_above(node, parent))
        attach(nodes, node, parent, name);
    if (there)
        release(nodes, there);
    if (before != parent && before != there)
        release(nodes, before);
}

void
nodes_exchange(struct nodes *nodes, struct node *left, struct node *right)
{
    struct node *parents[] = {left->parent, right->parent};
    char *name = strdup(right->name);

    if (!name)
        _exit(1);
    nodes_lose(nodes, right);
    nodes_lose(nodes, left);
    if (!is_above(right, parents[0]))
        attach(nodes, right, parents[0], left->name);
    if (!is_above(left, parents[1]))
        attach(nodes, left, parents[1], name);
    free(name);
}

void
nodes_forget(struct nodes *nodes, uint64_t id, uint64_t lookups)
{
    struct node *node = nodes_find(nodes, id);

    if (!node || !node->name)
        return;
    node->lookups -= lookups < node->lookups ? lookups : node->lookups;
    release(nodes, node);
}

void
nodes_open(struct nodes *nodes, const struct root *roots, size_t count)
{
    *nodes = (struct nodes){.names = calloc(BUCKETS, sizeof(struct node *))};
    if (!nodes->names)
        _exit(1);
    while (nodes->used <= FUSE_ROOT_ID) {
        uint32_t slot = take_slot(nodes);
        nodes->slots[slot] = NULL;
    }
    for (size_t i = 0; i < count; i++)
        new_node(nodes, &roots[i]);
}
