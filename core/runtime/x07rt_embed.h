/* How a C or C++ host runs an X07 program that was compiled as a library.
 *
 * Memory   everything that the program needs lies in the arena, or comes from the custom allocator.
 * Traps    end the process with an illegal instruction.
 * Threads  one call at a time, in any thread. */
#ifndef X07_PKG_H
#define X07_PKG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint8_t *ptr;
    uint32_t len;
} bytes_t;

/* Hooks of a custom allocator; all three or none. `align` is at most 16, sizes are above 0.
 * alloc    returns zeroed memory of `size` bytes, or NULL, at which the program traps.
 * realloc  returns a new block of new_size bytes and leaves the old one alone: the program copies, then frees
 * it. free     gets the size and alignment that the block was asked for. */
typedef struct {
    void *ctx;
    void *(*alloc)(void *ctx, uint32_t size, uint32_t align);
    void *(*realloc)(void *ctx, void *ptr, uint32_t old_size, uint32_t new_size, uint32_t align);
    void (*free)(void *ctx, void *ptr, uint32_t size, uint32_t align);
} allocator_v1_t;

/* Asked at every call of x07_solve_v2. The host may define it; otherwise there are no hooks. */
allocator_v1_t x07_custom_allocator(void);

/* Runs the program once on a copy of the input, with fresh fuel and memory. input_ptr may be NULL when
 * input_len is 0. The result is never NULL: without hooks it lies in the arena and is valid until the next
 * call or until the host uses the arena; with hooks, unless it is empty, it is a block of result.len bytes
 * that the host must free. The arena has at least 32 bytes. */
bytes_t x07_solve_v2(uint8_t *arena_mem, uint32_t arena_cap, const uint8_t *input_ptr, uint32_t input_len);

/* The exit code that the program set during the last call; 0 when it set none. */
int32_t x07_exit_code_v1(void);

#ifdef __cplusplus
}
#endif

#endif
