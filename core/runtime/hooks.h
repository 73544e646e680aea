/* hooks.h: memory from the host of an embedded program instead of from the heap. The host's allocator wants
 * to be told sizes when it frees, so the sizes of all live blocks are kept in a table beside them. Not
 * thread-safe. */
#ifndef RUNTIME_HOOKS_H
#define RUNTIME_HOOKS_H

#include "x07rt.h"
#include "x07rt_embed.h"

#include <stdbool.h>

struct hooked_block {
    void *block; /* NULL: a free slot */
    uint32_t size;
};

struct hooks {
    allocator_v1_t allocator;
    struct hooked_block *slots; /* open addressing; a power of two of them */
    uint32_t cap, count;
    bool slots_hooked; /* they come from the allocator, not from the arena */
};

/* Returns a block of `size` > 0 bytes. Traps when the hook has none. */
void *rt_hooks_take(x07_rt *rt, uint32_t size);

/* The same, for what is to replace `old`, which stays as it is. */
void *rt_hooks_grow(x07_rt *rt, void *old, uint32_t size);

/* Frees a block; false, and nothing changed, when it is none of ours. */
bool rt_hooks_give(struct hooks *hooks, void *block);

/* The size of a live block, 0 for anything else. */
uint32_t rt_hooks_size(const struct hooks *hooks, const void *block);

/* Forgets a block, which is the host's from now on. */
void rt_hooks_forget(struct hooks *hooks, const void *block);

/* Frees the table of the runtime's hooks. */
void rt_hooks_close(x07_rt *rt);

#endif
