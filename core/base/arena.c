/* arena.c: a list of chunks, each twice as large as the one before up to a limit. */
#include "base/arena.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 1024 * 1024, ALIGNMENT = 16, POPULATE_FROM = 256 * 1024 };

struct chunk {
    struct chunk *older;
    size_t used;
    size_t size;
    size_t padding; /* keeps `bytes` aligned to ALIGNMENT */
    char bytes[];
};

struct arena {
    struct chunk *newest;
    size_t next_size;
    struct text formatted; /* reused by arena_printf */
};

struct arena *
arena_new(void)
{
    struct arena *arena = memory_alloc(sizeof *arena);

    arena->next_size = FIRST_CHUNK;
    return arena;
}

void
arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *chunk = arena->newest; chunk;) {
        struct chunk *older = chunk->older;

        free(chunk);
        chunk = older;
    }
    text_free(&arena->formatted);
    free(arena);
}

/* A large chunk will be filled soon: its pages are cheaper to have at once than one fault at a time. */
static void
populate(void *data, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = 4096, start = ((uintptr_t)data + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)data + size) & ~(page - 1);

    if (size >= POPULATE_FROM)
        madvise((void *)start, end - start, MADV_POPULATE_WRITE);
#else
    (void)data;
    (void)size;
#endif
}

static struct chunk *
arena_grow(struct arena *arena, size_t size)
{
    size_t capacity = arena->next_size > size ? arena->next_size : size;
    struct chunk *chunk = memory_alloc(sizeof *chunk + capacity);

    populate(chunk, sizeof *chunk + capacity);
    chunk->older = arena->newest;
    chunk->size = capacity;
    arena->newest = chunk;
    if (arena->next_size < LARGEST_CHUNK)
        arena->next_size *= 2;
    return chunk;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct chunk *chunk = arena->newest;

    if (!chunk || chunk->size - chunk->used < rounded)
        chunk = arena_grow(arena, rounded);
    void *result = chunk->bytes + chunk->used;
    chunk->used += rounded;
    return result;
}

char *
arena_copy(struct arena *arena, const char *data, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len)
        memcpy(copy, data, len);
    return copy;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_clear(&arena->formatted);
    text_vprintf(&arena->formatted, format, args);
    va_end(args);
    return arena_copy(arena, text_string(&arena->formatted), arena->formatted.len);
}
