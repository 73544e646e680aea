/* memory.c: see memory.h. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
memory_checked(void *result)
{
    if (!result) {
        fputs("x07: out of memory\n", stderr);
        abort();
    }
    return result;
}

void *
memory_alloc(size_t size)
{
    return memory_checked(calloc(1, size ? size : 1));
}

void *
memory_resize(void *old, size_t size)
{
    return memory_checked(realloc(old, size ? size : 1));
}

char *
memory_copy(const void *data, size_t len)
{
    char *copy = memory_checked(malloc(len + 1));

    if (len)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return copy;
}

char *
memory_string(const char *text)
{
    return memory_copy(text, strlen(text));
}
