/* f64.c: math.f64.* as operations on 8 bytes. Knows which functions there are, not how they are computed. */
#include "../internal.h"
#include "../x07rt_math.h"
#include "decimal.h"
#include "elementary.h"

#include <math.h>
#include <stdio.h>

enum {
    ERROR_INVALID = 40001,
    ERROR_OVERFLOW = 40002,
    ERROR_NOT_FINITE = 40020,
    ERROR_OUT_OF_RANGE = 40021,
};

static const uint64_t canonical_nan = UINT64_C(0x7ff8000000000000);

static uint64_t
bits_in(x07_rt *rt, x07_view v)
{
    uint64_t bits = 0;

    if (v.len != 8)
        x07_trap(rt, "math.f64 value must be 8 bytes");
    for (uint32_t i = 8; i-- > 0;)
        bits = bits << 8 | v.ptr[i];
    return bits;
}

static double
number_in(x07_rt *rt, x07_view v)
{
    return double_of_bits(bits_in(rt, v));
}

static x07_bytes
bits_out(x07_rt *rt, uint64_t bits)
{
    x07_bytes out = {rt_memory_take(rt, 8), 8};

    for (uint32_t i = 0; i < 8; i++)
        out.ptr[i] = (uint8_t)(bits >> 8 * i);
    return out;
}

static x07_bytes
number_out(x07_rt *rt, double x)
{
    return bits_out(rt, isnan(x) ? canonical_nan : double_bits(x));
}

#define UNARY(name, result)                               \
    x07_bytes x07_math_f64_##name(x07_rt *rt, x07_view a) \
    {                                                     \
        double x = number_in(rt, a);                      \
                                                          \
        return number_out(rt, result);                    \
    }

#define BINARY(name, result)                                          \
    x07_bytes x07_math_f64_##name(x07_rt *rt, x07_view a, x07_view b) \
    {                                                                 \
        double x = number_in(rt, a), y = number_in(rt, b);            \
                                                                      \
        return number_out(rt, result);                                \
    }

static double
smaller(double x, double y)
{
    return isnan(x) || isnan(y) ? NAN : y < x ? y : x;
}

static double
larger(double x, double y)
{
    return isnan(x) || isnan(y) ? NAN : y > x ? y : x;
}

BINARY(add_v1, x + y)
BINARY(sub_v1, x - y)
BINARY(mul_v1, x *y)
BINARY(div_v1, x / y)
BINARY(min_v1, smaller(x, y))
BINARY(max_v1, larger(x, y))
BINARY(pow_v1, elementary_pow(x, y))
BINARY(atan2_v1, elementary_atan2(x, y))
UNARY(sqrt_v1, sqrt(x))
UNARY(neg_v1, -x)
UNARY(abs_v1, fabs(x))
UNARY(sin_v1, elementary_sin(x))
UNARY(cos_v1, elementary_cos(x))
UNARY(tan_v1, elementary_tan(x))
UNARY(exp_v1, elementary_exp(x))
UNARY(log_v1, elementary_log(x))
UNARY(floor_v1, floor(x))
UNARY(ceil_v1, ceil(x))

x07_bytes
x07_math_f64_to_bits_u64le_v1(x07_rt *rt, x07_view a)
{
    return bits_out(rt, bits_in(rt, a));
}

x07_bytes
x07_math_f64_from_i32_v1(x07_rt *rt, uint32_t x)
{
    return number_out(rt, (int32_t)x);
}

x07_result_i32
x07_math_f64_to_i32_trunc_v1(x07_rt *rt, x07_view a)
{
    double x = number_in(rt, a);

    if (!isfinite(x))
        return (x07_result_i32){0, ERROR_NOT_FINITE};
    x = trunc(x);
    if (x < INT32_MIN || x > INT32_MAX)
        return (x07_result_i32){0, ERROR_OUT_OF_RANGE};
    return (x07_result_i32){1, (uint32_t)(int32_t)x};
}

static size_t
positive_text(double x, char *out)
{
    struct decimal d = decimal_shortest(x);

    if (d.count <= d.point && d.point <= 16)
        return (size_t)snprintf(out, DECIMAL_TEXT, "%s%.*s", d.digits, d.point - d.count, "0000000000000000");
    if (0 < d.point && d.point <= 16)
        return (size_t)snprintf(out, DECIMAL_TEXT, "%.*s.%s", d.point, d.digits, d.digits + d.point);
    if (-5 < d.point && d.point <= 0)
        return (size_t)snprintf(out, DECIMAL_TEXT, "0.%.*s%s", -d.point, "00000", d.digits);
    return (size_t)snprintf(out, DECIMAL_TEXT, "%c%s%se%d", d.digits[0], d.count > 1 ? "." : "", d.digits + 1,
                            d.point - 1);
}

static size_t
number_text(double x, char *out)
{
    if (isnan(x))
        return (size_t)snprintf(out, DECIMAL_TEXT, "nan");
    size_t sign = signbit(x) != 0;
    if (sign)
        *out++ = '-';
    if (isinf(x) || x == 0)
        return sign + (size_t)snprintf(out, DECIMAL_TEXT - 1, "%s", x == 0 ? "0" : "inf");
    return sign + positive_text(fabs(x), out);
}

x07_bytes
x07_math_f64_fmt_shortest_v1(x07_rt *rt, x07_view a)
{
    char text[DECIMAL_TEXT + 1];
    uint32_t len = (uint32_t)number_text(number_in(rt, a), text);
    x07_bytes out = {rt_memory_take(rt, len), len};

    memcpy(out.ptr, text, len);
    return out;
}

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word(const uint8_t *text, size_t len, const char *word)
{
    if (len != strlen(word))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text[i] | 0x20) != word[i])
            return false;
    return true;
}

/* A number without sign and blanks. */
static enum decimal_status
read_unsigned(const uint8_t *text, size_t len, double *x)
{
    if (is_word(text, len, "nan"))
        *x = NAN;
    else if (is_word(text, len, "inf"))
        *x = INFINITY;
    else
        return is_word(text, len, "infinity") ? DECIMAL_OVERFLOW : decimal_read(text, len, x);
    return DECIMAL_OK;
}

x07_result_bytes
x07_math_f64_parse_v1(x07_rt *rt, x07_view text)
{
    const uint8_t *start = text.ptr, *end = text.ptr + text.len;
    double x;

    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    bool negative = start < end && *start == '-';
    if (start < end && (*start == '-' || *start == '+'))
        start++;
    switch (read_unsigned(start, (size_t)(end - start), &x)) {
    case DECIMAL_SYNTAX:
        return (x07_result_bytes){0, ERROR_INVALID, X07_EMPTY_BYTES};
    case DECIMAL_OVERFLOW:
        return (x07_result_bytes){0, ERROR_OVERFLOW, X07_EMPTY_BYTES};
    default:
        return (x07_result_bytes){1, 0, number_out(rt, negative ? -x : x)};
    }
}
