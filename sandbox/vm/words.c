/* words.c: lists of texts, for command lines. */
#include "vm.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
words_add(struct words *words, const char *format, ...)
{
    va_list args;

    if (words->count + 2 > words->capacity) {
        words->capacity = words->capacity * 2 + 64;
        words->items = realloc(words->items, words->capacity * sizeof *words->items);
        if (!words->items)
            abort();
    }
    va_start(args, format);
    if (vasprintf(&words->items[words->count++], format, args) < 0)
        abort();
    va_end(args);
    words->items[words->count] = NULL;
}

void
words_add_pair(struct words *words, const char *option, const char *value)
{
    words_add(words, "%s", option);
    words_add(words, "%s", value);
}

void
words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct words){0};
}
