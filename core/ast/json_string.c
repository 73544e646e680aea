/* json_string.c: reading of JSON strings and their escapes. */
#include "ast/json_reader.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static bool
is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* Whether any of eight bytes is a quote, a backslash or a control character; it may say yes for bytes that
 * come after a true one, so the caller looks again. */
static bool
has_special(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = UINT64_C(0x8080808080808080);
    uint64_t quote = word ^ (ones * '"');
    uint64_t backslash = word ^ (ones * '\\');
    uint64_t control = (word - ones * 0x20) & ~word;

    return ((((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | control) & highs) != 0;
}

static const char *
skip_plain(const char *at, const char *end)
{
    while (end - at >= (ptrdiff_t)sizeof(uint64_t)) {
        uint64_t word;

        memcpy(&word, at, sizeof word);
        if (has_special(word))
            break;
        at += sizeof word;
    }
    while (at < end && !is_special(*at))
        at++;
    return at;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits after \u. All four are taken before they are judged. */
static bool
read_hex(struct json_reader *reader, uint32_t *code)
{
    int value = 0;

    if (reader->end - reader->at < 4) {
        reader->at = reader->end;
        return json_fail(reader, reader->at, "EOF while parsing a string");
    }
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(reader->at[i]);

        value = value < 0 || digit < 0 ? -1 : value * 16 + digit;
    }
    reader->at += 4;
    if (value < 0)
        return json_fail(reader, reader->at, "invalid escape");
    *code = (uint32_t)value;
    return true;
}

/* The byte that must follow the first half of a surrogate pair. */
static bool
expect_in_pair(struct json_reader *reader, char expected)
{
    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a string");
    if (*reader->at++ != expected)
        return json_fail(reader, reader->at, "unexpected end of hex escape");
    return true;
}

/* What follows \u; one or two escapes make one code point. */
static bool
read_code_point(struct json_reader *reader, uint32_t *code)
{
    uint32_t low;

    if (!read_hex(reader, code))
        return false;
    if (*code >= 0xdc00 && *code <= 0xdfff)
        return json_fail(reader, reader->at, "lone leading surrogate in hex escape");
    if (*code < 0xd800 || *code > 0xdbff)
        return true;
    if (!expect_in_pair(reader, '\\') || !expect_in_pair(reader, 'u') || !read_hex(reader, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return json_fail(reader, reader->at, "lone leading surrogate in hex escape");
    *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

/* What follows a backslash, appended to `out`. */
static bool
read_escape(struct json_reader *reader, struct text *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";

    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a string");
    char letter = *reader->at++;
    if (letter == 'u') {
        char bytes[UTF8_MAX_BYTES];
        uint32_t code;

        if (!read_code_point(reader, &code))
            return false;
        text_append(out, bytes, utf8_encode(code, bytes));
        return true;
    }
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found)
        return json_fail(reader, reader->at, "invalid escape");
    text_putc(out, meanings[found - letters]);
    return true;
}

/* Takes plain bytes up to a quote or a backslash. */
static bool
read_plain(struct json_reader *reader, const char **start, size_t *len)
{
    *start = reader->at;
    reader->at = skip_plain(reader->at, reader->end);
    *len = (size_t)(reader->at - *start);
    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a string");
    if ((unsigned char)*reader->at < 0x20)
        return json_fail(reader, reader->at + 1,
                         "control character (\\u0000-\\u001F) found while parsing a string");
    return true;
}

/* The rest of a string that has escapes, of which `decoded` holds the first part. */
static bool
read_escaped(struct json_reader *reader, struct text *decoded)
{
    while (*reader->at++ == '\\') {
        const char *start;
        size_t len;

        if (!read_escape(reader, decoded) || !read_plain(reader, &start, &len))
            return false;
        text_append(decoded, start, len);
    }
    return true;
}

bool
json_read_string(struct json_reader *reader, const char **text, uint32_t *len)
{
    struct text decoded = {0};
    size_t plain;

    if (!read_plain(reader, text, &plain))
        return false;
    *len = (uint32_t)plain;
    if (*reader->at == '"') {
        reader->at++;
        return true;
    }
    text_append(&decoded, *text, plain);
    bool ok = read_escaped(reader, &decoded);
    if (ok) {
        *text = arena_copy(reader->arena, decoded.data, decoded.len);
        *len = (uint32_t)decoded.len;
    }
    text_free(&decoded);
    return ok;
}
