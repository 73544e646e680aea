/* borrows.h: which memory a view may be read through, for programs compiled with debug borrow checks. Freed
 * blocks wait in line before they are used again, so that views which outlived them are noticed. Knows blocks
 * and addresses; nothing of heads. Not thread-safe. */
#ifndef RUNTIME_BORROWS_H
#define RUNTIME_BORROWS_H

#include "heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a checked program has less of its heap, or more when the heap is very large. */
enum { BORROWS_HEAP_BYTES = 2 * 65536 * 24, BORROWS_WAITING = 65536 };

struct borrows {
    void **waiting; /* ring of freed blocks */
    uint32_t oldest, count;
    uint8_t *live; /* one bit per unit of the heap: it belongs to a block that is not freed */
    uint64_t violations;
};

/* Starts to watch a heap, until that is closed; false when it is too small. */
bool rt_borrows_open(struct borrows *borrows, struct heap *heap);

/* As the functions of the heap. */
void *rt_borrows_take(struct borrows *borrows, struct heap *heap, uint32_t size);
bool rt_borrows_give(struct borrows *borrows, struct heap *heap, void *block);

/* Whether all of it may be read: `len` bytes of a live block, or memory that is not of the heap. Counts a
 * violation when it may not. */
bool rt_borrows_hold(struct borrows *borrows, const struct heap *heap, const uint8_t *ptr, uint32_t len);

#endif
