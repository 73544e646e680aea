/* reduce.c: arguments of circular functions, modulo pi/2.
 * The method and constants are those of fdlibm, whose notice is:
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Developed at SunPro, a Sun Microsystems, Inc. business.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved. */
#include "elementary.h"

#include <math.h>

static const double pio2_1 = 1.57079632673412561417e+00, pio2_1t = 6.07710050650619224932e-11,
                    pio2_2 = 6.07710050630396597660e-11, pio2_2t = 2.02226624879595063154e-21,
                    pio2_3 = 2.02226624871116645580e-21, pio2_3t = 8.47842766036889956997e-32;

/* The first 1280 bits of 2/pi. */
static const uint64_t two_over_pi[20] = {
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
    0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
};

/* |x| up to about 2^20 pi/2: pi/2 in up to three parts, as many as the cancellation asks for. */
static uint32_t
reduce_medium(double x, double *high, double *low)
{
    static const double to_integer = 1.5 / 2.22044604925031308085e-16;
    double fn = x * 6.36619772367581382433e-01 + to_integer - to_integer;
    int32_t n = (int32_t)fn;
    double r = x - fn * pio2_1;
    double w = fn * pio2_1t;

    if (r - w < -7.85398163397448278999e-01) {
        n--;
        fn--;
        r = x - fn * pio2_1;
        w = fn * pio2_1t;
    } else if (r - w > 7.85398163397448278999e-01) {
        n++;
        fn++;
        r = x - fn * pio2_1;
        w = fn * pio2_1t;
    }
    *high = r - w;
    int exponent = (int)(double_high(x) >> 20 & 0x7ff);
    if (exponent - (int)(double_high(*high) >> 20 & 0x7ff) > 16) {
        double t = r;

        w = fn * pio2_2;
        r = t - w;
        w = fn * pio2_2t - ((t - r) - w);
        *high = r - w;
        if (exponent - (int)(double_high(*high) >> 20 & 0x7ff) > 49) {
            t = r;
            w = fn * pio2_3;
            r = t - w;
            w = fn * pio2_3t - ((t - r) - w);
            *high = r - w;
        }
    }
    *low = (r - *high) - w;
    return (uint32_t)n & 3;
}

/* 64 bits of 2/pi that begin `at` bits after the point; bits before the point are 0. */
static uint64_t
window(int at)
{
    if (at <= -64)
        return 0;
    if (at < 0)
        return two_over_pi[0] >> -at;
    uint64_t word = two_over_pi[at / 64] << at % 64;

    return at % 64 ? word | two_over_pi[at / 64 + 1] >> (64 - at % 64) : word;
}

/* `value` / 2^128 in two parts. */
static void
split(unsigned __int128 value, double *high, double *low)
{
    int shift = 0;

    if (!value) {
        *high = *low = 0;
        return;
    }
    while (!(value >> 127)) {
        value <<= 1;
        shift++;
    }
    uint64_t top = (uint64_t)(value >> 75), rest = (uint64_t)(value >> 11);
    *high = ldexp((double)top, -53 - shift);
    *low = ldexp((double)rest, -117 - shift);
}

/* x = m 2^e with an integer m of 53 bits: the bits of 2/pi that multiply to whole turns are left out, the
 * next 192 are multiplied exactly. */
static uint32_t
reduce_large(double x, double *high, double *low)
{
    uint64_t bits = double_bits(x);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
    uint64_t m = (bits & 0xfffffffffffff) | 0x10000000000000;
    int at =
        exponent - 2; /* bit 0 of the window weighs 2^(e - at - 1) = 2, times m: modulo 4 nothing is lost */
    unsigned __int128 low_part = (unsigned __int128)m * window(at + 128);
    unsigned __int128 middle = (unsigned __int128)m * window(at + 64) + (uint64_t)(low_part >> 64);
    uint64_t first = m * window(at) + (uint64_t)(middle >> 64);
    uint32_t n = (uint32_t)(first >> 62);
    unsigned __int128 fraction =
        (unsigned __int128)first << 66 | (unsigned __int128)(uint64_t)middle << 2 | (uint64_t)low_part >> 62;
    double sign = signbit(x) ? -1 : 1;
    double head, tail;

    if (fraction >> 127) { /* nearer to the next quarter */
        n++;
        fraction = -fraction;
        sign = -sign;
    }
    split(fraction, &head, &tail);
    static const double pio2_head = 1.57079632679489655800e+00, pio2_tail = 6.12323399573676603587e-17;
    double product = head * pio2_head;
    double error = fma(head, pio2_head, -product);
    double rest = error + (head * pio2_tail + tail * pio2_head);
    double sum = product + rest;
    *high = sign * sum;
    *low = sign * (rest - (sum - product));
    return (signbit(x) ? 0 - n : n) & 3;
}

uint32_t
elementary_reduce(double x, double *high, double *low)
{
    return fabs(x) < 0x1.921fbp20 ? reduce_medium(x, high, low) : reduce_large(x, high, low);
}
