/* memory.c: see memory.h. */
#include "memory.h"

#include "internal.h"
#include "x07rt_debug.h"

enum { FIRST_SLOTS = 8 };

static void
count_block(struct memory_figures *figures, uint32_t size)
{
    figures->bytes_allocated += size;
    figures->live_bytes += size;
    if (figures->peak_bytes < figures->live_bytes)
        figures->peak_bytes = figures->live_bytes;
    if (figures->peak_blocks < ++figures->live_blocks)
        figures->peak_blocks = figures->live_blocks;
}

static void
count_free(struct memory_figures *figures, uint32_t size)
{
    figures->free_calls++;
    figures->bytes_freed += size;
    figures->live_bytes -= size;
    figures->live_blocks--;
}

/* Blocks come from the heap, from the host of an embedded program, or from a heap that is watched. */
static void *
block_take(struct runtime *runtime, uint32_t size)
{
    if (X07_LIKELY(!runtime->indirect))
        return rt_heap_take(&runtime->heap, size);
    return runtime->hooks ? rt_hooks_take(&runtime->shared, size)
                          : rt_borrows_take(runtime->borrows, &runtime->heap, size);
}

static bool
block_give(struct runtime *runtime, void *block)
{
    if (X07_LIKELY(!runtime->indirect))
        return rt_heap_give(&runtime->heap, block);
    return runtime->hooks ? rt_hooks_give(runtime->hooks, block)
                          : rt_borrows_give(runtime->borrows, &runtime->heap, block);
}

/* As block_take; the contents are all 0. */
static void *
block_take_zeroed(struct runtime *runtime, uint32_t size)
{
    if (X07_LIKELY(!runtime->indirect))
        return rt_heap_take_zeroed(&runtime->heap, size);
    void *block = block_take(runtime, size);
    return block ? memset(block, 0, size) : NULL;
}

void *
rt_memory_take(x07_rt *rt, uint32_t size)
{
    struct runtime *runtime = runtime_of(rt);

    if (!size)
        return x07_nothing;
    void *block = block_take(runtime, size);
    if (X07_UNLIKELY(!block))
        x07_trap(rt, "out of memory");
    runtime->figures.alloc_calls++;
    count_block(&runtime->figures, size);
    return block;
}

void *
rt_memory_take_zeroed(x07_rt *rt, uint32_t size)
{
    struct runtime *runtime = runtime_of(rt);

    if (!size)
        return x07_nothing;
    void *block = block_take_zeroed(runtime, size);
    if (X07_UNLIKELY(!block))
        x07_trap(rt, "out of memory");
    runtime->figures.alloc_calls++;
    count_block(&runtime->figures, size);
    return block;
}

/* The figures are those of a new block beside the old one, whether or not the old one could be extended. */
void *
rt_memory_grow(x07_rt *rt, void *old, uint32_t old_size, uint32_t used, uint32_t size)
{
    struct runtime *runtime = runtime_of(rt);
    void *block = old;

    if (!old_size)
        return rt_memory_take(rt, size);
    bool extended = !runtime->indirect && rt_heap_extend(&runtime->heap, old, size);
    if (!extended)
        block = X07_UNLIKELY(runtime->hooks) ? rt_hooks_grow(rt, old, size) : block_take(runtime, size);
    if (X07_UNLIKELY(!block))
        x07_trap(rt, "out of memory");
    runtime->figures.realloc_calls++;
    runtime->figures.bytes_copied += used;
    count_block(&runtime->figures, size);
    count_free(&runtime->figures, old_size);
    if (extended)
        return block;
    memcpy(block, old, used);
    if (X07_UNLIKELY(!block_give(runtime, old)))
        x07_trap(rt, "heap corrupt");
    return block;
}

void
rt_memory_free(x07_rt *rt, void *block)
{
    struct runtime *runtime = runtime_of(rt);
    uint32_t size = X07_UNLIKELY(runtime->hooks) ? rt_hooks_size(runtime->hooks, block) : rt_heap_size(block);

    if (X07_UNLIKELY(!block_give(runtime, block)))
        x07_trap(rt, "double free or corrupt heap");
    count_free(&runtime->figures, size);
}

void
rt_memory_copy(x07_rt *rt, void *to, const void *from, uint32_t len)
{
    memcpy(to, from, len);
    runtime_of(rt)->figures.bytes_copied += len;
}

void
rt_memory_count_copy(x07_rt *rt, uint32_t len)
{
    runtime_of(rt)->figures.bytes_copied += len;
}

void *
rt_table_add(x07_rt *rt, struct table *table, uint32_t slot_size)
{
    if (table->count == table->cap) {
        uint64_t cap = table->cap ? (uint64_t)table->cap * 2 : FIRST_SLOTS;
        uint64_t size = cap * slot_size;
        if (size > UINT32_MAX)
            x07_trap(rt, "out of memory");
        table->slots = rt_memory_grow(rt, table->slots, table->cap * slot_size, table->count * slot_size,
                                      (uint32_t)size);
        table->cap = (uint32_t)cap;
    }
    uint8_t *slot = (uint8_t *)table->slots + (size_t)table->count * slot_size;
    table->count++;
    return memset(slot, 0, slot_size);
}

void
rt_table_free(x07_rt *rt, struct table *table)
{
    if (table->cap)
        rt_memory_free(rt, table->slots);
    *table = (struct table){0};
}

uint32_t
x07_borrow_holds(x07_rt *rt, const uint8_t *ptr, uint32_t len)
{
    struct runtime *runtime = runtime_of(rt);

    return rt_borrows_hold(runtime->borrows, &runtime->heap, ptr, len);
}
