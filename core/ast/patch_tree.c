/* patch_tree.c: see patch_tree.h. */
#include "ast/patch_tree.h"

#include "ast/patch.h"

#include <stdint.h>
#include <string.h>

/* Stands before the items or members of every container of the copy. */
union room {
    size_t capacity;
    max_align_t align;
};

static void *
new_block(struct arena *arena, size_t capacity, size_t size)
{
    union room *room = arena_alloc(arena, sizeof *room + capacity * size);

    room->capacity = capacity;
    return room + 1;
}

static size_t
element_size(const struct ast_json *container)
{
    return container->kind == JSON_ARRAY ? sizeof(struct ast_json) : sizeof(struct ast_json_member);
}

static char *
block_of(const struct ast_json *container)
{
    return (char *)(uintptr_t)container->items;
}

/* Makes room for one more element at `index` and returns the place. */
void *
patch_tree_insert(struct arena *arena, struct ast_json *container, uint32_t index)
{
    size_t size = element_size(container);
    char *block = block_of(container);

    if (container->count == ((union room *)(void *)block)[-1].capacity) {
        char *larger = new_block(arena, (size_t)container->count * 2 + 4, size);
        if (container->count)
            memcpy(larger, block, container->count * size);
        block = larger;
        container->items = (const struct ast_json *)(void *)block;
    }
    char *place = block + index * size;
    memmove(place + size, place, (container->count - index) * size);
    container->count++;
    return place;
}

void
patch_tree_remove(struct ast_json *container, uint32_t index)
{
    size_t size = element_size(container);
    char *place = block_of(container) + index * size;

    container->count--;
    memmove(place, place + size, (container->count - index) * size);
}

/* Copies a tree whose members are sorted into containers with room. */
struct ast_json
patch_tree_own(struct arena *arena, const struct ast_json *value)
{
    struct ast_json copy = *value;

    if (value->kind == JSON_ARRAY) {
        struct ast_json *items = new_block(arena, value->count, sizeof *items);
        for (uint32_t i = 0; i < value->count; i++)
            items[i] = patch_tree_own(arena, &value->items[i]);
        copy.items = items;
    } else if (value->kind == JSON_OBJECT) {
        struct ast_json_member *members = new_block(arena, value->count, sizeof *members);
        for (uint32_t i = 0; i < value->count; i++) {
            members[i] = value->members[i];
            members[i].value = patch_tree_own(arena, &value->members[i].value);
        }
        copy.members = members;
    }
    return copy;
}

struct ast_json
patch_tree_copy(struct arena *arena, const struct ast_json *value)
{
    struct ast_json sorted = ast_json_copy_sorted(arena, value);

    return patch_tree_own(arena, &sorted);
}

static size_t
child_count(const struct ast_json *value)
{
    return value->kind == JSON_ARRAY || value->kind == JSON_OBJECT ? value->count : 0;
}

const struct ast_json *
patch_tree_child(const struct ast_json *value, size_t index)
{
    return value->kind == JSON_ARRAY ? &value->items[index] : &value->members[index].value;
}

size_t
patch_tree_depth(const struct ast_json *value)
{
    size_t deepest = 0;

    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
        return 0;
    for (size_t i = 0; i < child_count(value); i++) {
        size_t depth = patch_tree_depth(patch_tree_child(value, i));
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

size_t
patch_tree_size(const struct ast_json *value)
{
    size_t size = value->kind == JSON_STRING ? (size_t)value->count + 1 : 1;

    for (size_t i = 0; i < child_count(value); i++) {
        size += patch_tree_size(patch_tree_child(value, i));
        if (value->kind == JSON_OBJECT)
            size += value->members[i].name_len;
    }
    return size;
}

/* Both trees have sorted members. */
bool
patch_tree_equal(const struct ast_json *left, const struct ast_json *right)
{
    if (left->kind != right->kind)
        return false;
    switch (left->kind) {
    case JSON_INTEGER:
        return left->integer == right->integer;
    case JSON_NATURAL:
        return left->natural == right->natural;
    case JSON_REAL:
        return !(left->real < right->real || left->real > right->real);
    case JSON_STRING:
        return left->count == right->count && memcmp(left->text, right->text, left->count) == 0;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    default:
        return true;
    }
    if (left->count != right->count)
        return false;
    for (uint32_t i = 0; i < left->count; i++) {
        const struct ast_json_member *a = &left->members[i], *b = &right->members[i];

        if (left->kind == JSON_OBJECT &&
            (a->name_len != b->name_len || memcmp(a->name, b->name, a->name_len) != 0))
            return false;
        if (!patch_tree_equal(patch_tree_child(left, i), patch_tree_child(right, i)))
            return false;
    }
    return true;
}

bool
patch_equal(struct arena *arena, const struct ast_json *left, const struct ast_json *right)
{
    struct ast_json a = ast_json_copy_sorted(arena, left), b = ast_json_copy_sorted(arena, right);

    return patch_tree_equal(&a, &b);
}
