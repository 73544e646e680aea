/* heap.h: the arena of a program and the blocks in it. Knows nothing of values, figures or traps.
 *
 * A good-fit allocator in the manner of TLSF: free blocks hang in lists by size class, neighbours are joined
 * when freed, every call takes constant time (but for one search when the arena is nearly full). A block is a
 * header of 16 bytes and a payload rounded up to 16. Above `top` lies memory that was never handed out; what
 * lies above `touched` is known to be zero.
 *
 * Not thread-safe. Pointers are valid until rt_heap_give of the block or rt_heap_close. */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include <stdbool.h>
#include <stdint.h>

enum { HEAP_UNIT = 16, HEAP_CLASSES = 416, HEAP_CLASS_WORDS = 7, HEAP_QUICK_UNITS = 9 };

struct heap {
    uint8_t *base;
    uint32_t units;                    /* size of the arena in units of 16 bytes */
    uint32_t top;                      /* first unit that belongs to no block */
    uint32_t touched;                  /* first unit that was never below top */
    uint32_t last;                     /* units of the block below top, 0 when there is none */
    uint64_t filled[HEAP_CLASS_WORDS]; /* one bit per class that has a free block */
    uint32_t first[HEAP_CLASSES];      /* head of the list; meaningful where the bit is set */
    uint32_t quick[HEAP_QUICK_UNITS];  /* small blocks by size: position + 1, 0 for none */
};

enum heap_status { HEAP_OK, HEAP_TOO_SMALL, HEAP_NO_MEMORY };

/* Takes an arena of `size` bytes, rounded down to 16 and capped at 4 GiB - 16, from the system. Its pages
 * cost nothing until they are used. */
enum heap_status rt_heap_open(struct heap *heap, uint64_t size);
void rt_heap_close(struct heap *heap);
/* A heap of rt_heap_open is told how much will be taken at once, before it is. */
void rt_heap_expect(const struct heap *heap, uint64_t bytes);

/* The same in memory of the caller's, which is aligned to 16; false when it is too small. What lies in it is
 * taken to be rubbish. */
bool rt_heap_place(struct heap *heap, void *memory, uint64_t size);
/* Ends the use of the caller's memory; what blocks hold stays. */
void rt_heap_leave(struct heap *heap);

/* Returns a block of `size` > 0 bytes, or NULL when none is left. Its content is undefined. */
void *rt_heap_take(struct heap *heap, uint32_t size);
void *rt_heap_take_zeroed(struct heap *heap, uint32_t size);

/* Makes the block larger where it stands; false, and nothing changed, when its neighbour is in the way. */
bool rt_heap_extend(struct heap *heap, void *block, uint32_t size);

/* Frees the block; false, and nothing changed, when it is not a live block (a double free or an overrun). */
bool rt_heap_give(struct heap *heap, void *block);

/* The size that the block was asked for. */
uint32_t rt_heap_size(const void *block);

#endif
