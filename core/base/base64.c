/* base64.c: see base64.h. Which of several faults is named follows from the order of the checks: whole groups
 * of four from the front, then the last group with its padding. */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

enum { INVALID = 255 };

static uint8_t
symbol_value(unsigned char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    if (c >= 'A' && c <= 'Z')
        return (uint8_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint8_t)(c - 'a' + 26);
    const char *found = c ? strchr(digits + 52, c) : NULL;
    return found ? (uint8_t)(found - digits) : INVALID;
}

static bool
bad_symbol(struct text *message, unsigned char symbol, size_t offset)
{
    text_printf(message, "Invalid symbol %u, offset %zu.", symbol, offset);
    return false;
}

static void
append_bytes(struct text *out, uint32_t bits, size_t count)
{
    char bytes[3] = {(char)(bits >> 16 & 255), (char)(bits >> 8 & 255), (char)(bits & 255)};

    text_append(out, bytes, count);
}

/* The last group: two to four symbols, padded to four. */
static bool
decode_last(const char *data, size_t start, size_t len, struct text *out, struct text *message)
{
    size_t symbols = 0;
    size_t padding = 0;
    uint32_t bits = 0;

    for (size_t i = start; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '=') {
            if (i - start < 2)
                return bad_symbol(message, c, i);
            padding++;
            continue;
        }
        if (padding)
            return bad_symbol(message, '=', i - padding);
        uint8_t value = symbol_value(c);
        if (value == INVALID)
            return bad_symbol(message, c, i);
        bits |= (uint32_t)value << (18 - 6 * symbols);
        symbols++;
    }
    if (symbols < 2) {
        text_printf(message, "Invalid input length: %zu", start + symbols);
        return false;
    }
    if (symbols + padding != 4) {
        text_puts(message, "Invalid padding");
        return false;
    }
    size_t bytes = symbols * 6 / 8;
    if (bits & (0xffffffu >> (bytes * 8))) {
        text_printf(message, "Invalid last symbol %u, offset %zu.", (unsigned char)data[start + symbols - 1],
                    start + symbols - 1);
        return false;
    }
    append_bytes(out, bits, bytes);
    return true;
}

bool
base64_decode(const char *data, size_t len, struct text *out, struct text *message)
{
    if (len == 0)
        return true;
    unsigned char last = (unsigned char)data[len - 1];
    if (len % 4 == 1 && last != '=' && symbol_value(last) == INVALID)
        return bad_symbol(message, last, len - 1);
    size_t start = (len - 1) / 4 * 4;
    text_reserve(out, len / 4 * 3);
    for (size_t i = 0; i < start; i += 4) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 4; k++) {
            uint8_t value = symbol_value((unsigned char)data[i + k]);
            if (value == INVALID)
                return bad_symbol(message, (unsigned char)data[i + k], i + k);
            bits = bits << 6 | value;
        }
        append_bytes(out, bits, 3);
    }
    return decode_last(data, start, len, out, message);
}
