/* heap.c: see heap.h. Positions and sizes are counted in units of 16 bytes, so that they fit 32 bits. */
#include "heap.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

/* The states are words that a stray write is unlikely to leave behind. */
enum { STATE_LIVE = 0x58303741, STATE_FREE = 0x58303746, NO_BLOCK = -1 };
enum { EXACT_CLASSES = 32, STEPS_LOG = 4, STEPS = 1 << STEPS_LOG, FIRST_LOG = 5 };

struct block {
    uint32_t units;     /* with this header */
    uint32_t before;    /* units of the block just below, 0 for the first */
    uint32_t requested; /* bytes */
    uint32_t state;
    uint32_t next, previous; /* in the list of its class; only free blocks have them, in their payload */
};

enum { HEADER = offsetof(struct block, next), SMALL_PAGES = 1 << 20 };

static struct block *
block_at(const struct heap *heap, uint32_t position)
{
    return (struct block *)(void *)(heap->base + (uint64_t)position * HEAP_UNIT);
}

static uint32_t
position_of(const struct heap *heap, const struct block *block)
{
    return (uint32_t)((uint64_t)((const uint8_t *)block - heap->base) / HEAP_UNIT);
}

static struct block *
block_of(void *payload)
{
    return (struct block *)(void *)((uint8_t *)payload - HEADER);
}

static void *
payload_of(struct block *block)
{
    return (uint8_t *)block + HEADER;
}

static uint64_t
payload_room(const struct block *block)
{
    return (uint64_t)block->units * HEAP_UNIT - HEADER;
}

static uint64_t
units_for(uint32_t size)
{
    return ((uint64_t)size + HEADER + HEAP_UNIT - 1) / HEAP_UNIT;
}

/* Small sizes have a class each; then every power of two is cut into 16 steps. */
static unsigned
class_of(uint32_t units)
{
    if (units < EXACT_CLASSES)
        return units;
    unsigned log = 31U - (unsigned)__builtin_clz(units);
    return EXACT_CLASSES + (log - FIRST_LOG) * STEPS + ((units >> (log - STEPS_LOG)) & (STEPS - 1));
}

/* The first class whose every block holds `units`. */
static unsigned
class_that_fits(uint32_t units)
{
    if (units < EXACT_CLASSES)
        return units;
    unsigned log = 31U - (unsigned)__builtin_clz(units);
    return class_of(units + (1U << (log - STEPS_LOG)) - 1);
}

/* The first class from `class` on that has a free block, or HEAP_CLASSES. */
static unsigned
class_filled_from(const struct heap *heap, unsigned class)
{
    unsigned word = class / 64;
    uint64_t bits = heap->filled[word] & (~UINT64_C(0) << class % 64);

    while (!bits) {
        if (++word == HEAP_CLASS_WORDS)
            return HEAP_CLASSES;
        bits = heap->filled[word];
    }
    return word * 64 + (unsigned)__builtin_ctzll(bits);
}

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
    return position == (uint32_t)NO_BLOCK ? NULL : block_at(heap, position);
}

void *
rt_heap_take(struct heap *heap, uint32_t size)
{
    uint64_t units = units_for(size);

    if (units > heap->units)
        return NULL;
    unsigned class = class_filled_from(heap, class_that_fits((uint32_t)units));
    struct block *block = class < HEAP_CLASSES ? block_at(heap, heap->first[class]) : NULL;
    if (!block) {
        block = take_from_top(heap, units);
        if (block)
            return make_live(block, size);
        block = take_tight(heap, (uint32_t)units);
        if (!block)
            return NULL;
    }
    list_remove(heap, block);
    split(heap, block, (uint32_t)units);
    return make_live(block, size);
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
    uint32_t start = position_of(heap, block), end = start + block->units;

    if (block->state != STATE_LIVE || end > heap->top)
        return false;
    ASAN_POISON_MEMORY_REGION(payload_of(block), payload_room(block));
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
        return true;
    }
    set_units(heap, block, block->units);
    list_add(heap, block);
    return true;
}

uint32_t
rt_heap_size(const void *payload)
{
    return ((const struct block *)(const void *)((const uint8_t *)payload - HEADER))->requested;
}

/* Programs with much data run faster on large pages; those with little are not to pay for clearing one. */
static void
prefer_large_pages(uint8_t *base, uint64_t size)
{
    if (size > SMALL_PAGES)
        madvise(base + SMALL_PAGES, size - SMALL_PAGES, MADV_HUGEPAGE);
}

enum heap_status
rt_heap_open(struct heap *heap, uint64_t size)
{
    uint64_t units = size / HEAP_UNIT;

    if (units > UINT32_MAX / HEAP_UNIT)
        units = UINT32_MAX / HEAP_UNIT;
    *heap = (struct heap){.units = (uint32_t)units};
    if (units < 2)
        return HEAP_TOO_SMALL;
    void *base = mmap(NULL, units * HEAP_UNIT, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return HEAP_NO_MEMORY;
    heap->base = base;
    prefer_large_pages(base, units * HEAP_UNIT);
    ASAN_POISON_MEMORY_REGION(heap->base, units * HEAP_UNIT);
    return HEAP_OK;
}

void
rt_heap_close(struct heap *heap)
{
    if (!heap->base)
        return;
    ASAN_UNPOISON_MEMORY_REGION(heap->base, (uint64_t)heap->units * HEAP_UNIT);
    munmap(heap->base, (uint64_t)heap->units * HEAP_UNIT);
    heap->base = NULL;
}
