/* heap_block.h: how blocks lie in the arena, and which class a size belongs to. Private to heap.c; here
 * because it can be read by itself. Positions and sizes are counted in units of 16 bytes, so that they fit 32
 * bits. */
#ifndef RUNTIME_HEAP_BLOCK_H
#define RUNTIME_HEAP_BLOCK_H

#include "heap.h"

#include <stddef.h>

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
enum { STATE_LIVE = 0x58303741, STATE_FREE = 0x58303746, STATE_QUICK = 0x58303751, NO_BLOCK = -1 };
enum { EXACT_CLASSES = 32, STEPS_LOG = 4, STEPS = 1 << STEPS_LOG, FIRST_LOG = 5 };

struct block {
    uint32_t units;     /* with this header */
    uint32_t before;    /* units of the block just below, 0 for the first */
    uint32_t requested; /* bytes */
    uint32_t state;
    uint32_t next, previous; /* in the list of its class; only free blocks have them, in their payload */
};

enum { HEADER = offsetof(struct block, next) };

static inline struct block *
block_at(const struct heap *heap, uint32_t position)
{
    return (struct block *)(void *)(heap->base + (uint64_t)position * HEAP_UNIT);
}

static inline uint32_t
position_of(const struct heap *heap, const struct block *block)
{
    return (uint32_t)((uint64_t)((const uint8_t *)block - heap->base) / HEAP_UNIT);
}

static inline struct block *
block_of(void *payload)
{
    return (struct block *)(void *)((uint8_t *)payload - HEADER);
}

static inline void *
payload_of(struct block *block)
{
    return (uint8_t *)block + HEADER;
}

static inline uint64_t
payload_room(const struct block *block)
{
    return (uint64_t)block->units * HEAP_UNIT - HEADER;
}

static inline uint64_t
units_for(uint32_t size)
{
    return ((uint64_t)size + HEADER + HEAP_UNIT - 1) / HEAP_UNIT;
}

/* Small sizes have a class each; then every power of two is cut into 16 steps. */
static inline unsigned
class_of(uint32_t units)
{
    if (units < EXACT_CLASSES)
        return units;
    unsigned log = 31U - (unsigned)__builtin_clz(units);
    return EXACT_CLASSES + (log - FIRST_LOG) * STEPS + ((units >> (log - STEPS_LOG)) & (STEPS - 1));
}

/* The first class whose every block holds `units`. */
static inline unsigned
class_that_fits(uint32_t units)
{
    if (units < EXACT_CLASSES)
        return units;
    unsigned log = 31U - (unsigned)__builtin_clz(units);
    return class_of(units + (1U << (log - STEPS_LOG)) - 1);
}

/* The first class from `class` on that has a free block, or HEAP_CLASSES. */
static inline unsigned
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

#endif
