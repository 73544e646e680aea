/* memory.h: the program's memory with its figures: what mem_stats of the stats line reports. All blocks come
 * from the heap of the runtime, live until rt_memory_free or the end of x07_main, and are aligned to 16.
 * Without memory the calls trap `out of memory`. */
#ifndef RUNTIME_MEMORY_H
#define RUNTIME_MEMORY_H

#include "x07rt.h"

struct memory_figures {
    uint64_t alloc_calls, realloc_calls, free_calls;
    uint64_t bytes_allocated, bytes_freed;
    uint64_t live_bytes, peak_bytes;
    uint64_t live_blocks, peak_blocks;
    uint64_t bytes_copied;
};

/* Returns a block; its content is undefined. For size 0: X07_EMPTY_BYTES' pointer, and nothing is counted. */
void *rt_memory_take(x07_rt *rt, uint32_t size);
void *rt_memory_take_zeroed(x07_rt *rt, uint32_t size);

/* Returns a block of `size` bytes that begins with the first `used` bytes of `old`, which is freed;
 * `old_size` is the size of `old` as the caller knows it, 0 when there is none. Counted as a growth. The old
 * bytes are still in place (and may be read) until the call returns. New bytes are undefined. */
void *rt_memory_grow(x07_rt *rt, void *old, uint32_t old_size, uint32_t used, uint32_t size);

/* Frees a block that rt_memory_take or rt_memory_grow returned for a size above 0. */
void rt_memory_free(x07_rt *rt, void *block);

/* memcpy that is counted in memcpy_bytes. */
void rt_memory_copy(x07_rt *rt, void *to, const void *from, uint32_t len);

/* Counts bytes that the caller copied by itself. */
void rt_memory_count_copy(x07_rt *rt, uint32_t len);

/* A growing array of slots of one size; the first growth makes 8, later ones double. Zero-initialise it. */
struct table {
    void *slots;
    uint32_t count, cap;
};

/* Adds a zeroed slot and returns it; valid until the next one is added. */
void *rt_table_add(x07_rt *rt, struct table *table, uint32_t slot_size);
void rt_table_free(x07_rt *rt, struct table *table);

#endif
