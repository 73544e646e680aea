/* heap.c: see heap.h. */
#include "heap.h"

#include <string.h>

#include "heap_block.h"

static void
list_add(struct heap *heap, struct block *block)
{
    unsigned class = class_of(block->units);
    uint64_t bit = UINT64_C(1) << class % 64;
    uint32_t position = position_of(heap, block);

    ASAN_UNPOISON_MEMORY_REGION(&block->next, 2 * sizeof block->next);
    block->state = STATE_FREE;
    block->previous = (uint32_t)NO_BLOCK;
    block->next = (uint32_t)NO_BLOCK;
    if (heap->filled[class / 64] & bit) {
        block->next = heap->first[class];
        block_at(heap, block->next)->previous = position;
    }
    heap->first[class] = position;
    heap->filled[class / 64] |= bit;
}

static void
list_remove(struct heap *heap, struct block *block)
{
    unsigned class = class_of(block->units);

    if (block->next != (uint32_t)NO_BLOCK)
        block_at(heap, block->next)->previous = block->previous;
    if (block->previous != (uint32_t)NO_BLOCK)
        block_at(heap, block->previous)->next = block->next;
    else if (block->next != (uint32_t)NO_BLOCK)
        heap->first[class] = block->next;
    else
        heap->filled[class / 64] &= ~(UINT64_C(1) << class % 64);
}

/* Sets the size of a block and tells the one above, if there is one. */
static void
set_units(struct heap *heap, struct block *block, uint32_t units)
{
    uint32_t end = position_of(heap, block) + units;

    block->units = units;
    if (end == heap->top)
        heap->last = units;
    else
        block_at(heap, end)->before = units;
}

/* Cuts a block down to `units`; the rest, if it can be a block, becomes a free one. */
static void
split(struct heap *heap, struct block *block, uint32_t units)
{
    uint32_t rest_units = block->units - units;

    if (rest_units < 2)
        return;
    struct block *rest = block_at(heap, position_of(heap, block) + units);
    ASAN_UNPOISON_MEMORY_REGION(rest, HEADER);
    rest->requested = 0;
    block->units = units;
    rest->before = units;
    set_units(heap, rest, rest_units);
    list_add(heap, rest);
}

static void *
make_live(struct block *block, uint32_t size)
{
    block->requested = size;
    block->state = STATE_LIVE;
    ASAN_POISON_MEMORY_REGION(payload_of(block), payload_room(block));
    ASAN_UNPOISON_MEMORY_REGION(payload_of(block), size);
    return payload_of(block);
}

static void
raise_top(struct heap *heap, uint32_t top)
{
    heap->top = top;
    if (heap->touched < top)
        heap->touched = top;
}

static struct block *
take_from_top(struct heap *heap, uint64_t units)
{
    if (units > heap->units - heap->top)
        return NULL;
    struct block *block = block_at(heap, heap->top);
    ASAN_UNPOISON_MEMORY_REGION(block, HEADER);
    block->units = (uint32_t)units;
    block->before = heap->last;
    heap->last = (uint32_t)units;
    raise_top(heap, heap->top + (uint32_t)units);
    return block;
}

/* A free block of at least `units`, out of its list and cut to size; NULL when only a search could find one.
 */
static struct block *
take_from_lists(struct heap *heap, uint32_t units)
{
    unsigned class = class_filled_from(heap, class_that_fits(units));

    if (class == HEAP_CLASSES)
        return NULL;
    struct block *block = block_at(heap, heap->first[class]);
    list_remove(heap, block);
    split(heap, block, units);
    return block;
}

/* A class that is not exact may still hold a block that is large enough. */
static struct block *
take_tight(struct heap *heap, uint32_t units)
{
    unsigned class = class_of(units);

    if (class_filled_from(heap, class) != class)
        return NULL;
    uint32_t position = heap->first[class];
    while (position != (uint32_t)NO_BLOCK && block_at(heap, position)->units < units)
        position = block_at(heap, position)->next;
    if (position == (uint32_t)NO_BLOCK)
        return NULL;
    struct block *block = block_at(heap, position);
    list_remove(heap, block);
    split(heap, block, units);
    return block;
}

/* Makes a block free, joined with free neighbours or, below the top, with what was never used. */
static void
join(struct heap *heap, struct block *block)
{
    uint32_t start = position_of(heap, block), end = start + block->units;

    block->state = 0;
    struct block *next = block_at(heap, end);
    if (end != heap->top && next->state == STATE_FREE) {
        list_remove(heap, next);
        next->state = 0;
        block->units += next->units;
        end += next->units;
    }
    struct block *below = block_at(heap, start - block->before);
    if (block->before && below->state == STATE_FREE) {
        list_remove(heap, below);
        below->units += block->units;
        block = below;
        start = position_of(heap, block);
    }
    if (end == heap->top) {
        heap->top = start;
        heap->last = block->before;
        block->state = 0;
        return;
    }
    set_units(heap, block, block->units);
    list_add(heap, block);
}

static void
give_quick(struct heap *heap, struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(&block->next, sizeof block->next);
    block->state = STATE_QUICK;
    block->next = heap->quick[block->units];
    heap->quick[block->units] = position_of(heap, block) + 1;
}

static struct block *
take_quick(struct heap *heap, uint32_t units)
{
    if (units >= HEAP_QUICK_UNITS || !heap->quick[units])
        return NULL;
    struct block *block = block_at(heap, heap->quick[units] - 1);
    heap->quick[units] = block->next;
    return block;
}

/* When nothing is left: joins what lies ready for quick use, looks again, and searches. */
static struct block *
take_last(struct heap *heap, uint32_t units)
{
    for (uint32_t i = 0; i < HEAP_QUICK_UNITS; i++)
        for (struct block *block = take_quick(heap, i); block; block = take_quick(heap, i))
            join(heap, block);
    struct block *block = take_from_lists(heap, units);
    if (!block)
        block = take_from_top(heap, units);
    return block ? block : take_tight(heap, units);
}

void *
rt_heap_take(struct heap *heap, uint32_t size)
{
    uint64_t units = units_for(size);

    if (units > heap->units)
        return NULL;
    struct block *block = take_quick(heap, (uint32_t)units);
    if (!block)
        block = take_from_lists(heap, (uint32_t)units);
    if (!block)
        block = take_from_top(heap, units);
    if (!block)
        block = take_last(heap, (uint32_t)units);
    return block ? make_live(block, size) : NULL;
}

void *
rt_heap_take_zeroed(struct heap *heap, uint32_t size)
{
    const uint8_t *clean = heap->base + (uint64_t)heap->touched * HEAP_UNIT;
    uint8_t *payload = rt_heap_take(heap, size);

    if (payload && payload < clean) {
        uint64_t dirty = (uint64_t)(clean - payload);
        memset(payload, 0, dirty < size ? dirty : size);
    }
    return payload;
}

bool
rt_heap_extend(struct heap *heap, void *payload, uint32_t size)
{
    struct block *block = block_of(payload);
    uint64_t units = units_for(size);
    uint32_t start = position_of(heap, block), end = start + block->units;

    if (units > block->units && end == heap->top) {
        if (units > heap->units - start)
            return false;
        raise_top(heap, start + (uint32_t)units);
        block->units = heap->last = (uint32_t)units;
    } else if (units > block->units) {
        struct block *next = block_at(heap, end);
        if (next->state != STATE_FREE || block->units + (uint64_t)next->units < units)
            return false;
        list_remove(heap, next);
        next->state = 0;
        set_units(heap, block, block->units + next->units);
        split(heap, block, (uint32_t)units);
    }
    make_live(block, size);
    return true;
}

bool
rt_heap_give(struct heap *heap, void *payload)
{
    struct block *block = block_of(payload);

    if (block->state != STATE_LIVE || position_of(heap, block) + block->units > heap->top)
        return false;
    ASAN_POISON_MEMORY_REGION(payload_of(block), payload_room(block));
    if (block->units < HEAP_QUICK_UNITS)
        give_quick(heap, block);
    else
        join(heap, block);
    return true;
}

uint32_t
rt_heap_size(const void *payload)
{
    return ((const struct block *)(const void *)((const uint8_t *)payload - HEADER))->requested;
}

bool
rt_heap_place(struct heap *heap, void *memory, uint64_t size)
{
    uint64_t units = size / HEAP_UNIT;

    if (units > UINT32_MAX / HEAP_UNIT)
        units = UINT32_MAX / HEAP_UNIT;
    *heap = (struct heap){.base = memory, .units = (uint32_t)units, .touched = (uint32_t)units};
    if (units < 2)
        return false;
    ASAN_POISON_MEMORY_REGION(heap->base, units * HEAP_UNIT);
    return true;
}

void
rt_heap_leave(struct heap *heap)
{
    if (heap->base)
        ASAN_UNPOISON_MEMORY_REGION(heap->base, (uint64_t)heap->units * HEAP_UNIT);
}
