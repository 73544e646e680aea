/* utf8.c: see utf8.h. */
#include "base/utf8.h"

#include <string.h>

/* Well-formed sequences by their first byte: length, and the range of the second byte, which alone keeps out
 * overlong forms, surrogates and code points beyond U+10FFFF. */
struct sequence {
    unsigned char first;
    unsigned char last;
    unsigned char length;
    unsigned char second_low;
    unsigned char second_high;
};

static const struct sequence sequences[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

enum { SEQUENCE_COUNT = sizeof sequences / sizeof sequences[0] };

static const struct sequence *
sequence_of(unsigned char first)
{
    for (size_t i = 0; i < SEQUENCE_COUNT; i++) {
        if (first >= sequences[i].first && first <= sequences[i].last)
            return &sequences[i];
    }
    return NULL;
}

/* Length of the valid sequence at `data`; 0 when there is none, and then `bad` tells how many bytes belong to
 * the broken one, or 0 when the text ends in the middle of it. */
static size_t
sequence_check(const unsigned char *data, size_t len, size_t *bad)
{
    const struct sequence *sequence = sequence_of(data[0]);

    *bad = 1;
    if (data[0] < 0x80)
        return 1;
    if (!sequence)
        return 0;
    for (size_t i = 1; i < sequence->length; i++) {
        unsigned char low = i == 1 ? sequence->second_low : 0x80;
        unsigned char high = i == 1 ? sequence->second_high : 0xbf;

        *bad = i;
        if (i >= len) {
            *bad = 0;
            return 0;
        }
        if (data[i] < low || data[i] > high)
            return 0;
    }
    return sequence->length;
}

/* How many of the first bytes are surely ASCII, eight at a time. */
static size_t
ascii_prefix(const char *data, size_t len)
{
    size_t at = 0;

    while (at + sizeof(uint64_t) <= len) {
        uint64_t word;

        memcpy(&word, data + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
        at += sizeof word;
    }
    return at;
}

static size_t
valid_prefix(const char *data, size_t len, size_t *bad)
{
    size_t at = 0;

    while (at < len) {
        at += ascii_prefix(data + at, len - at);
        if (at == len)
            break;
        size_t length = sequence_check((const unsigned char *)data + at, len - at, bad);
        if (!length)
            return at;
        at += length;
    }
    return len;
}

size_t
utf8_prefix(const char *data, size_t len)
{
    size_t bad;

    return valid_prefix(data, len, &bad);
}

bool
utf8_check(const char *data, size_t len, struct text *message)
{
    size_t bad = 0;
    size_t valid = valid_prefix(data, len, &bad);

    if (valid == len)
        return true;
    if (bad)
        text_printf(message, "invalid utf-8 sequence of %zu bytes from index %zu", bad, valid);
    else
        text_printf(message, "incomplete utf-8 byte sequence from index %zu", valid);
    return false;
}

size_t
utf8_decode(const char *data, size_t len, uint32_t *code)
{
    const unsigned char *bytes = (const unsigned char *)data;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;

    if (length > len)
        length = len;
    *code = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++)
        *code = *code << 6 | (bytes[i] & 0x3fU);
    return length;
}

size_t
utf8_encode(uint32_t code, char *out)
{
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)(length == 1 ? code : marks[length] | code);
    return length;
}

bool
utf8_is_space(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

bool
utf8_has_space(const char *data, size_t len)
{
    for (size_t at = 0; at < len;) {
        unsigned char byte = (unsigned char)data[at];

        if (byte > ' ' && byte < 0x80) {
            at++;
            continue;
        }
        uint32_t code;
        at += utf8_decode(data + at, len - at, &code);
        if (utf8_is_space(code))
            return true;
    }
    return false;
}

/* Start of the last code point. */
static size_t
last_start(const char *data, size_t len)
{
    size_t at = len - 1;

    while (at > 0 && ((unsigned char)data[at] & 0xc0) == 0x80)
        at--;
    return at;
}

void
utf8_trim(const char **data, size_t *len)
{
    uint32_t code;

    while (*len) {
        size_t length = utf8_decode(*data, *len, &code);

        if (!utf8_is_space(code))
            break;
        *data += length;
        *len -= length;
    }
    while (*len) {
        size_t start = last_start(*data, *len);

        utf8_decode(*data + start, *len - start, &code);
        if (!utf8_is_space(code))
            break;
        *len = start;
    }
}

void
utf8_append_lossy(struct text *out, const char *data, size_t len)
{
    for (;;) {
        size_t good = utf8_prefix(data, len);

        text_append(out, data, good);
        if (good == len)
            return;
        text_puts(out, "\xEF\xBF\xBD");
        data += good + 1;
        len -= good + 1;
    }
}
