/* text.c: codec, fmt and parse: numbers as bytes. And the exit code, which is a number too. */
#include "internal.h"

enum { DIGITS_MAX = 10 };

x07_bytes
x07_codec_write_u32_le(x07_rt *rt, uint32_t x)
{
    uint8_t *word = rt_memory_take(rt, 4);

    word[0] = (uint8_t)x;
    word[1] = (uint8_t)(x >> 8);
    word[2] = (uint8_t)(x >> 16);
    word[3] = (uint8_t)(x >> 24);
    return (x07_bytes){word, 4};
}

x07_bytes
x07_fmt_u32_to_dec(x07_rt *rt, uint32_t x)
{
    uint8_t digits[DIGITS_MAX];
    uint32_t start = DIGITS_MAX;

    do {
        digits[--start] = (uint8_t)('0' + x % 10);
        x /= 10;
    } while (x);
    x07_bytes text = {rt_memory_take(rt, DIGITS_MAX - start), DIGITS_MAX - start};
    memcpy(text.ptr, digits + start, text.len);
    return text;
}

x07_bytes
x07_fmt_s32_to_dec(x07_rt *rt, uint32_t x)
{
    if (!(x >> 31))
        return x07_fmt_u32_to_dec(rt, x);
    x07_bytes digits = x07_fmt_u32_to_dec(rt, 0U - x);
    x07_bytes text = {rt_memory_take(rt, digits.len + 1), digits.len + 1};
    text.ptr[0] = '-';
    rt_memory_copy(rt, text.ptr + 1, digits.ptr, digits.len);
    x07_drop_bytes(rt, digits);
    return text;
}

uint32_t
x07_parse_u32_dec(x07_rt *rt, x07_view v)
{
    uint64_t value = 0;

    if (!v.len)
        x07_trap(rt, "parse.u32_dec empty");
    for (uint32_t i = 0; i < v.len; i++) {
        uint32_t digit = (uint32_t)v.ptr[i] - '0';
        if (X07_UNLIKELY(digit > 9))
            x07_trap(rt, "parse.u32_dec non-digit");
        value = value * 10 + digit;
        if (X07_UNLIKELY(value > UINT32_MAX))
            x07_trap(rt, "parse.u32_dec overflow");
    }
    return (uint32_t)value;
}

uint32_t
x07_parse_u32_dec_at(x07_rt *rt, x07_view v, uint32_t start)
{
    if (start > v.len)
        x07_trap(rt, "parse.u32_dec_at oob");
    return x07_parse_u32_dec(rt, (x07_view){v.ptr + start, v.len - start});
}

uint32_t
x07_process_set_exit_code_v1(x07_rt *rt, uint32_t code)
{
    runtime_of(rt)->exit_code = code;
    return code;
}
