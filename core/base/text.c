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
    text->data[text->len] = '\0'; /* also when nothing is appended after all */
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

static void
append_natural(struct text *text, unsigned long long value)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    text_append(text, digits + at, sizeof digits - at);
}

static void
append_integer(struct text *text, long long value)
{
    if (value < 0)
        text_putc(text, '-');
    append_natural(text, value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value);
}

static void
append_string(struct text *text, const char *string, int limit)
{
    if (!string)
        string = "(null)";
    text_append(text, string, limit < 0 ? strlen(string) : strnlen(string, (size_t)limit));
}

/* The rest of a format, by the C library. */
static void
append_formatted(struct text *text, const char *format, va_list args)
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

/* The conversions that nearly all formats consist of are done here: the C library takes three times as long,
 * and the compiler writes most of its C in this way. */
void
text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list rest;

    va_copy(rest, args);
    for (;;) {
        size_t plain = strcspn(format, "%");
        if (plain)
            text_append(text, format, plain);
        format += plain;
        if (!*format)
            break;
        if (format[1] == 's') {
            append_string(text, va_arg(rest, const char *), -1);
            format += 2;
        } else if (format[1] == 'd') {
            append_integer(text, va_arg(rest, int));
            format += 2;
        } else if (format[1] == 'u') {
            append_natural(text, va_arg(rest, unsigned));
            format += 2;
        } else if (format[1] == 'z' && format[2] == 'u') {
            append_natural(text, va_arg(rest, size_t));
            format += 3;
        } else if (strncmp(format, "%.*s", 4) == 0) {
            int limit = va_arg(rest, int);
            append_string(text, va_arg(rest, const char *), limit);
            format += 4;
        } else {
            append_formatted(text, format, rest);
            break;
        }
    }
    va_end(rest);
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
