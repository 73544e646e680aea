/* quote.c: see quote.h. */
#include "base/quote.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

/* Whether the code point has the property Grapheme_Extend. The break class of that name also takes in the
 * emoji modifiers, which are visible alone. */
static bool
joins_previous(const utf8proc_property_t *property, uint32_t code)
{
    bool emoji_modifier = code >= 0x1f3fb && code <= 0x1f3ff;

    return property->boundclass == UTF8PROC_BOUNDCLASS_EXTEND && !emoji_modifier;
}

static bool
is_visible(uint32_t code)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);

    switch (property->category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return !joins_previous(property, code);
    }
}

/* The escape of a code point that has a letter of its own, or NULL. */
static const char *
short_escape(uint32_t code)
{
    switch (code) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\0':
        return "\\0";
    default:
        return NULL;
    }
}

static bool
is_plain(char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

void
text_append_quoted(struct text *text, const char *data, size_t len)
{
    text_putc(text, '"');
    for (size_t at = 0; at < len;) {
        size_t plain = at;

        while (plain < len && is_plain(data[plain]))
            plain++;
        text_append(text, data + at, plain - at);
        at = plain;
        if (at == len)
            break;
        uint32_t code;
        size_t length = utf8_decode(data + at, len - at, &code);
        const char *escape = short_escape(code);
        if (escape)
            text_puts(text, escape);
        else if (code < 0x80 || !is_visible(code))
            text_printf(text, "\\u{%x}", code);
        else
            text_append(text, data + at, length);
        at += length;
    }
    text_putc(text, '"');
}

const char *
quote_string(struct arena *arena, const char *string)
{
    struct text text = {0};

    text_append_quoted(&text, string, strlen(string));
    const char *quoted = arena_copy(arena, text_string(&text), text.len);
    text_free(&text);
    return quoted;
}
