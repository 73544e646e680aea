/* text.h: a growing byte string. Always NUL-terminated after the first append; may hold NULs itself.
 * Zero-initialise it ({0}), append, and free it with text_free. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
    char *data; /* NULL until the first append */
    size_t len;
    size_t capacity;
};

void text_append(struct text *text, const char *data, size_t len);
void text_puts(struct text *text, const char *string);
void text_putc(struct text *text, char c);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args);

/* Makes room for `more` bytes beyond len, so that data + len may be written directly. */
void text_reserve(struct text *text, size_t more);

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);

/* The text as a C string; "" when nothing was appended. Valid until the next append. */
const char *text_string(const struct text *text);

/* Hands the bytes to the caller, who frees them; the text is empty afterwards. Never NULL. */
char *text_take(struct text *text);

void text_free(struct text *text);

#endif
