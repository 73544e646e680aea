/* names.c: see names.h. */
#include "ast/names.h"

#include "ast/ast.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <string.h>

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_word(char c)
{
    return is_letter(c) || c == '_' || (c >= '0' && c <= '9');
}

static bool
refuse(struct text *message, const char *reason, const char *name, size_t len)
{
    text_printf(message, "%s: ", reason);
    text_append_quoted(message, name, len);
    return false;
}

static bool
refuse_segment(struct text *message, const char *reason, const char *name, size_t len, const char *segment,
               size_t segment_len)
{
    refuse(message, reason, name, len);
    text_puts(message, " segment=");
    text_append_quoted(message, segment, segment_len);
    return false;
}

static bool
segment_has_odd_char(const char *segment, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (!is_word(segment[i]) && segment[i] != '-')
            return true;
    }
    return false;
}

bool
ast_check_symbol(const char *text, size_t len, struct text *message)
{
    utf8_trim(&text, &len);
    if (!len) {
        text_puts(message, "module_id must not be empty");
        return false;
    }
    if (memchr(text, '/', len) || memchr(text, '\\', len))
        return refuse(message, "invalid module_id (path separators are not allowed)", text, len);
    for (size_t start = 0; start <= len;) {
        const char *segment = text + start;
        const char *dot = memchr(segment, '.', len - start);
        size_t segment_len = dot ? (size_t)(dot - segment) : len - start;

        if (!segment_len)
            return refuse(message, "invalid module_id (empty segment)", text, len);
        if (!is_letter(*segment) && *segment != '_')
            return refuse_segment(message, "invalid module_id segment start (must be [A-Za-z_])", text, len,
                                  segment, segment_len);
        if (segment_has_odd_char(segment, segment_len))
            return refuse_segment(message, "invalid module_id segment char (allowed [A-Za-z0-9_-])", text,
                                  len, segment, segment_len);
        start += segment_len + 1;
    }
    return true;
}

static bool
has_odd_char(const char *text, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (!is_word(text[i]))
            return true;
    }
    return false;
}

bool
ast_check_local(const char *text, size_t len, struct text *message)
{
    utf8_trim(&text, &len);
    if (!len) {
        text_puts(message, "local name must be non-empty");
        return false;
    }
    if (!is_letter(*text) && *text != '_')
        return refuse(message, "invalid local name start (must be [A-Za-z_])", text, len);
    if (has_odd_char(text, len))
        return refuse(message, "invalid local name char (allowed [A-Za-z0-9_])", text, len);
    return true;
}

bool
ast_check_type_name(const char *text, size_t len, struct text *message)
{
    utf8_trim(&text, &len);
    if (!len) {
        text_puts(message, "type name must be non-empty");
        return false;
    }
    if (!is_letter(*text))
        return refuse(message, "invalid type name start (must be [A-Za-z])", text, len);
    if (has_odd_char(text, len))
        return refuse(message, "invalid type name char (allowed [A-Za-z0-9_])", text, len);
    return true;
}
