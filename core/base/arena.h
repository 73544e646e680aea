/* arena.h: memory that lives as long as one compilation or one command.
 * Knows nothing of what is stored in it.
 *
 * An arena grows by chunks and is freed as a whole. Allocation never fails: when the system has no memory
 * left, the process ends with a message, since no caller could do better. Not thread-safe. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Frees the arena and everything allocated from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* Returns `size` zeroed bytes, aligned for any type, valid until arena_free. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies `len` bytes and adds a NUL. */
char *arena_copy(struct arena *arena, const char *data, size_t len);

char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif
