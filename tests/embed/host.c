/* host.c: a C program that calls an X07 program. The test builds it once with the echo program and once with
 * the one that counts bytes, and starts it with the name of a part. Exit status: 0 when everything is as it
 * must be. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 1 << 16, ALLOCATIONS = 64 };

static _Alignas(16) uint8_t arena[ARENA];

static void
demand(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "host: not so: %s\n", what);
    exit(1);
}

#define DEMAND(condition) demand((condition), #condition)

static bytes_t
solve(const char *input)
{
    return x07_solve_v2(arena, sizeof arena, (const uint8_t *)input, (uint32_t)strlen(input));
}

static int
is(bytes_t result, const char *text)
{
    return result.len == strlen(text) && memcmp(result.ptr, text, result.len) == 0;
}

/* An allocator that knows what it gave. */
#ifdef WITH_ALLOCATOR
static struct {
    void *block;
    uint32_t size;
} live[ALLOCATIONS];
static int allocated, grown, freed, fails_after = -1, hooks_missing;

static void *
host_give(uint32_t size, uint32_t align)
{
    DEMAND(align <= 16 && size > 0);
    if (fails_after >= 0 && fails_after-- == 0)
        return NULL;
    for (int i = 0; i < ALLOCATIONS; i++) {
        if (live[i].block)
            continue;
        live[i].size = size;
        return live[i].block = calloc(1, size);
    }
    return NULL;
}

static void *
host_alloc(void *context, uint32_t size, uint32_t align)
{
    DEMAND(context == live);
    allocated++;
    return host_give(size, align);
}

static void *
host_realloc(void *context, void *old, uint32_t old_size, uint32_t new_size, uint32_t align)
{
    int known = 0;

    DEMAND(context == live && new_size > old_size);
    for (int i = 0; i < ALLOCATIONS; i++)
        known |= live[i].block == old && live[i].size == old_size;
    DEMAND(known);
    grown++;
    return host_give(new_size, align);
}

static void
host_free(void *context, void *block, uint32_t size, uint32_t align)
{
    DEMAND(context == live && align <= 16);
    freed++;
    for (int i = 0; i < ALLOCATIONS; i++) {
        if (live[i].block != block)
            continue;
        DEMAND(live[i].size == size);
        free(block);
        live[i].block = NULL;
        return;
    }
    demand(0, "a block of ours is freed");
}

allocator_v1_t
x07_custom_allocator(void)
{
    return (allocator_v1_t){live, host_alloc, hooks_missing ? NULL : host_realloc, host_free};
}

static int
nothing_lives(void)
{
    for (int i = 0; i < ALLOCATIONS; i++)
        if (live[i].block)
            return 0;
    return 1;
}

static void
release(bytes_t result)
{
    host_free(live, result.ptr, result.len, 1);
    DEMAND(nothing_lives());
}

static void
part_hooks_echo(void)
{
    bytes_t result = solve("hello");

    DEMAND(is(result, "hello"));
    DEMAND(allocated == 2 && grown == 0 && freed == 1);
    release(result);
    result = solve("");
    DEMAND(result.len == 0 && result.ptr == arena && nothing_lives());
}

static void
part_hooks_count(void)
{
    for (int i = 0; i < 3; i++) {
        bytes_t result = solve("abracadabra");
        DEMAND(is(result, "a5b2c1d1r2"));
        DEMAND(x07_exit_code_v1() == 11);
        release(result);
    }
    DEMAND(grown > 0);
}

/* The smallest arena has no room for the table of sizes. */
static void
part_hooks_small_arena(void)
{
    bytes_t result = x07_solve_v2(arena, 32, (const uint8_t *)"abba", 4);

    DEMAND(is(result, "a2b2"));
    release(result);
}

static void
part_hooks_missing(void)
{
    hooks_missing = 1;
    solve("abba");
}

static void
part_hooks_fail(void)
{
    fails_after = 1;
    solve("abba");
}
#endif

static void
part_echo(void)
{
    bytes_t result = solve("hello");

    DEMAND(is(result, "hello"));
    DEMAND(result.ptr == arena + 48);
    DEMAND(is(solve("again"), "again"));
    DEMAND(x07_exit_code_v1() == 0);
    result = x07_solve_v2(arena, sizeof arena, NULL, 0);
    DEMAND(result.len == 0 && result.ptr == arena);
}

static void
part_count(void)
{
    DEMAND(is(solve("abracadabra"), "a5b2c1d1r2"));
    DEMAND(x07_exit_code_v1() == 11);
    DEMAND(solve("").len == 0);
    DEMAND(x07_exit_code_v1() == 0);
    memset(arena, 0xa5, sizeof arena);
    DEMAND(is(solve("mississippi"), "i4m1p2s4"));
    DEMAND(is(x07_solve_v2(arena + 1, sizeof arena - 1, (const uint8_t *)"zz", 2), "z2"));
}

static void
part_trap(void)
{
    solve("t");
}

static void
part_fuel(void)
{
    solve("f");
}

static void
part_null_arena(void)
{
    x07_solve_v2(NULL, 100, NULL, 0);
}

static void
part_no_arena(void)
{
    x07_solve_v2(NULL, 0, NULL, 0);
}

static void
part_small_arena(void)
{
    x07_solve_v2(arena, 31, NULL, 0);
}

static void
part_full_arena(void)
{
    x07_solve_v2(arena, 64, arena + 128, 4096);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {
        {"echo", part_echo},
        {"count", part_count},
        {"trap", part_trap},
        {"fuel", part_fuel},
        {"null-arena", part_null_arena},
        {"no-arena", part_no_arena},
        {"small-arena", part_small_arena},
        {"full-arena", part_full_arena},
#ifdef WITH_ALLOCATOR
        {"hooks-echo", part_hooks_echo},
        {"hooks-count", part_hooks_count},
        {"hooks-small-arena", part_hooks_small_arena},
        {"hooks-missing", part_hooks_missing},
        {"hooks-fail", part_hooks_fail},
#endif
    };

    for (size_t i = 0; argc == 2 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, argv[1]) != 0)
            continue;
        parts[i].run();
        return 0;
    }
    fprintf(stderr, "host: no such part\n");
    return 1;
}
