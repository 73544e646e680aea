/* borrows.c: see borrows.h. */
#include "borrows.h"

#include <string.h>

bool
rt_borrows_open(struct borrows *borrows, struct heap *heap)
{
    uint32_t ring = BORROWS_WAITING * (uint32_t)sizeof *borrows->waiting, bits = heap->units / 8 + 1;
    uint32_t size = ring + bits > BORROWS_HEAP_BYTES ? ring + bits : BORROWS_HEAP_BYTES;
    uint8_t *tables = rt_heap_take(heap, size);

    if (!tables)
        return false;
    *borrows = (struct borrows){.waiting = (void **)(void *)tables, .live = tables + ring};
    memset(borrows->live, 0, bits);
    return true;
}

static uint32_t
unit_of(const struct heap *heap, const void *at)
{
    return (uint32_t)((size_t)((const uint8_t *)at - heap->base) / HEAP_UNIT);
}

static bool
is_live(const struct borrows *borrows, uint32_t unit)
{
    return borrows->live[unit / 8] >> unit % 8 & 1;
}

/* All units from the first to the last. They are then of one block: between two lies a header, which is of
 * none. */
static bool
are_live(const struct borrows *borrows, uint32_t first, uint32_t last)
{
    uint32_t unit = first;

    while (unit <= last && is_live(borrows, unit))
        unit += unit % 8 == 0 && borrows->live[unit / 8] == UINT8_MAX ? 8 : 1;
    return unit > last;
}

static void
mark(struct borrows *borrows, const struct heap *heap, const void *block, bool live)
{
    uint32_t first = unit_of(heap, block), count = (rt_heap_size(block) + HEAP_UNIT - 1) / HEAP_UNIT;

    for (uint32_t unit = first; unit < first + count; unit++) {
        uint8_t bit = (uint8_t)(1 << unit % 8);
        if (live)
            borrows->live[unit / 8] |= bit;
        else
            borrows->live[unit / 8] &= (uint8_t)~bit;
    }
}

static void
give_oldest(struct borrows *borrows, struct heap *heap)
{
    rt_heap_give(heap, borrows->waiting[borrows->oldest]);
    borrows->oldest = (borrows->oldest + 1) % BORROWS_WAITING;
    borrows->count--;
}

void *
rt_borrows_take(struct borrows *borrows, struct heap *heap, uint32_t size)
{
    void *block = rt_heap_take(heap, size);

    while (!block && borrows->count) {
        give_oldest(borrows, heap);
        block = rt_heap_take(heap, size);
    }
    if (block)
        mark(borrows, heap, block, true);
    return block;
}

bool
rt_borrows_give(struct borrows *borrows, struct heap *heap, void *block)
{
    if (!is_live(borrows, unit_of(heap, block)))
        return false;
    mark(borrows, heap, block, false);
    if (borrows->count == BORROWS_WAITING)
        give_oldest(borrows, heap);
    borrows->waiting[(borrows->oldest + borrows->count++) % BORROWS_WAITING] = block;
    return true;
}

bool
rt_borrows_hold(struct borrows *borrows, const struct heap *heap, const uint8_t *ptr, uint32_t len)
{
    const uint8_t *end = heap->base + (size_t)heap->units * HEAP_UNIT;

    if (!len || ptr < heap->base || ptr >= end)
        return true;
    if (len <= (size_t)(end - ptr) && are_live(borrows, unit_of(heap, ptr), unit_of(heap, ptr + len - 1)))
        return true;
    borrows->violations++;
    return false;
}
