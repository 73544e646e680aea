/* names.c: see names.h. */
#include "names.h"

#include "../internal.h"

#include <stdlib.h>

enum { FIRST_NAMES = 16 };

void
rt_names_add(x07_rt *rt, struct names *names, char *name)
{
    if (names->count == names->cap) {
        uint32_t cap = names->cap ? names->cap * 2 : FIRST_NAMES;
        char **list = realloc(names->list, cap * sizeof *list);

        if (!list)
            x07_trap(rt, "out of memory");
        names->list = list;
        names->cap = cap;
    }
    names->list[names->count++] = name;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void
rt_names_sort(struct names *names)
{
    if (names->count)
        qsort(names->list, names->count, sizeof *names->list, compare);
}

x07_bytes
rt_names_lines(x07_rt *rt, struct names *names)
{
    uint64_t size = names->count ? 0 : 1;

    rt_names_sort(names);
    for (uint32_t i = 0; i < names->count; i++)
        size += strlen(names->list[i]) + 1;
    if (size > UINT32_MAX)
        x07_trap(rt, "out of memory");
    x07_bytes out = {rt_memory_take(rt, (uint32_t)size), (uint32_t)size};
    uint8_t *to = out.ptr;
    out.ptr[0] = '\n';
    for (uint32_t i = 0; i < names->count; i++) {
        size_t len = strlen(names->list[i]);

        memcpy(to, names->list[i], len);
        to[len] = '\n';
        to += len + 1;
    }
    return out;
}

void
rt_names_free(struct names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
    *names = (struct names){0};
}
