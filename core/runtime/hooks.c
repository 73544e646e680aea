/* hooks.c: see hooks.h. The table lies in the arena, which has no other use then, as long as it fits. */
#include "hooks.h"

#include "internal.h"

enum { FIRST_SLOTS = 32, ALIGNMENT = 16 };

static uint32_t
slot_of(const struct hooks *hooks, const void *block)
{
    uint64_t mixed = (uint64_t)(uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);

    return (uint32_t)(mixed >> 32) & (hooks->cap - 1);
}

/* Where the block is, or the free slot where it would be. */
static struct hooked_block *
find(const struct hooks *hooks, const void *block)
{
    uint32_t slot = slot_of(hooks, block);

    while (hooks->slots[slot].block && hooks->slots[slot].block != block)
        slot = (slot + 1) & (hooks->cap - 1);
    return &hooks->slots[slot];
}

static void *
ask(x07_rt *rt, uint32_t size)
{
    const allocator_v1_t *allocator = &runtime_of(rt)->hooks->allocator;
    void *block = allocator->alloc(allocator->ctx, size, ALIGNMENT);

    if (X07_UNLIKELY(!block))
        x07_trap(rt, "allocator.alloc failed");
    return block;
}

static void
free_slots(struct runtime *runtime, struct hooked_block *slots, uint32_t cap, bool hooked)
{
    const allocator_v1_t *allocator = &runtime->hooks->allocator;

    if (hooked)
        allocator->free(allocator->ctx, slots, cap * (uint32_t)sizeof *slots, ALIGNMENT);
    else if (slots)
        rt_heap_give(&runtime->heap, slots);
}

static void
grow(struct runtime *runtime)
{
    struct hooks *hooks = runtime->hooks;
    struct hooks old = *hooks;
    uint64_t size = (uint64_t)(old.cap ? old.cap * 2 : FIRST_SLOTS) * sizeof *old.slots;

    if (size > UINT32_MAX)
        x07_trap(&runtime->shared, "out of memory");
    hooks->cap = old.cap ? old.cap * 2 : FIRST_SLOTS;
    hooks->slots = rt_heap_take(&runtime->heap, (uint32_t)size);
    hooks->slots_hooked = !hooks->slots;
    if (!hooks->slots)
        hooks->slots = ask(&runtime->shared, (uint32_t)size);
    memset(hooks->slots, 0, size);
    for (uint32_t i = 0; i < old.cap; i++)
        if (old.slots[i].block)
            *find(hooks, old.slots[i].block) = old.slots[i];
    free_slots(runtime, old.slots, old.cap, old.slots_hooked);
}

static void
remember(struct hooks *hooks, void *block, uint32_t size)
{
    *find(hooks, block) = (struct hooked_block){block, size};
    hooks->count++;
}

static void
make_room(struct runtime *runtime)
{
    if (runtime->hooks->count * 2 >= runtime->hooks->cap)
        grow(runtime);
}

void *
rt_hooks_take(x07_rt *rt, uint32_t size)
{
    make_room(runtime_of(rt));
    void *block = ask(rt, size);
    remember(runtime_of(rt)->hooks, block, size);
    return block;
}

void *
rt_hooks_grow(x07_rt *rt, void *old, uint32_t size)
{
    struct hooks *hooks = runtime_of(rt)->hooks;
    const allocator_v1_t *allocator = &hooks->allocator;

    make_room(runtime_of(rt));
    void *block = allocator->realloc(allocator->ctx, old, rt_hooks_size(hooks, old), size, ALIGNMENT);
    if (X07_UNLIKELY(!block))
        x07_trap(rt, "allocator.realloc failed");
    remember(hooks, block, size);
    return block;
}

/* Empties a slot and moves up what would no longer be found behind it. */
static void
empty(struct hooks *hooks, struct hooked_block *at)
{
    uint32_t hole = (uint32_t)(at - hooks->slots);

    hooks->slots[hole].block = NULL;
    hooks->count--;
    for (uint32_t i = (hole + 1) & (hooks->cap - 1); hooks->slots[i].block; i = (i + 1) & (hooks->cap - 1)) {
        struct hooked_block moved = hooks->slots[i];

        hooks->slots[i].block = NULL;
        *find(hooks, moved.block) = moved;
    }
}

uint32_t
rt_hooks_size(const struct hooks *hooks, const void *block)
{
    const struct hooked_block *found = hooks->cap ? find(hooks, block) : NULL;

    return found && found->block ? found->size : 0;
}

void
rt_hooks_forget(struct hooks *hooks, const void *block)
{
    struct hooked_block *found = hooks->cap ? find(hooks, block) : NULL;

    if (found && found->block)
        empty(hooks, found);
}

bool
rt_hooks_give(struct hooks *hooks, void *block)
{
    uint32_t size = rt_hooks_size(hooks, block);

    if (!size)
        return false;
    rt_hooks_forget(hooks, block);
    hooks->allocator.free(hooks->allocator.ctx, block, size, ALIGNMENT);
    return true;
}

void
rt_hooks_close(x07_rt *rt)
{
    struct runtime *runtime = runtime_of(rt);

    free_slots(runtime, runtime->hooks->slots, runtime->hooks->cap, runtime->hooks->slots_hooked);
    runtime->hooks->slots = NULL;
    runtime->hooks->cap = 0;
}
