/* text.c: see text.h. */
#include "base/text.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
text_reserve(struct text *text, size_t more)
{
    size_t needed = text->len + more + 1;

    if (needed <= text->capacity)
        return;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < needed)
        capacity *= 2;
    text->data = memory_resize(text->data, capacity);
    text->capacity = capacity;
}

void
text_append(struct text *text, const char *data, size_t len)
{
    text_reserve(text, len);
    if (len)
        memcpy(text->data + text->len, data, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void
text_puts(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

void
text_putc(struct text *text, char c)
{
    text_append(text, &c, 1);
}

void
text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len > 0) {
        text_reserve(text, (size_t)len);
        vsnprintf(text->data + text->len, (size_t)len + 1, format, again);
        text->len += (size_t)len;
    }
    va_end(again);
}

void
text_printf(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

void
text_clear(struct text *text)
{
    text->len = 0;
    if (text->data)
        text->data[0] = '\0';
}

const char *
text_string(const struct text *text)
{
    return text->data ? text->data : "";
}

char *
text_take(struct text *text)
{
    char *data = text->data ? text->data : memory_string("");

    *text = (struct text){0};
    return data;
}

void
text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}
