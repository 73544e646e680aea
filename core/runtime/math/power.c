/* power.c: pow.
 * The method and constants are those of fdlibm, whose notice is:
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Developed at SunPro, a Sun Microsystems, Inc. business.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved. */
#include "elementary.h"

#include <math.h>
#include <stdbool.h>

/* A number in two parts. */
struct pair {
    double high, low;
};

enum parity { NOT_INTEGER, ODD, EVEN };

static enum parity
parity_of(double y)
{
    if (fabs(y) >= 0x1p53)
        return EVEN;
    if (y != floor(y))
        return NOT_INTEGER;
    return fmod(y, 2) == 0 ? EVEN : ODD;
}

/* The cases that the algorithm does not cover; false when it does. */
static bool
power_special(double x, double y, double *result)
{
    double size = fabs(x);

    if (y == 0 || x == 1) {
        *result = 1;
    } else if (isnan(x) || isnan(y)) {
        *result = NAN;
    } else if (isinf(y)) {
        *result = size == 1 ? 1 : (size > 1) == (y > 0) ? INFINITY : 0;
    } else if (y == 1) {
        *result = x;
    } else if (y == -1) {
        *result = 1 / x;
    } else if (y == 2) {
        *result = x * x;
    } else if (y == 0.5 && !signbit(x)) {
        *result = sqrt(x);
    } else if (size == 0 || isinf(size) || size == 1) {
        double z = y < 0 ? 1 / size : size;

        if (size == 1 && x < 0 && parity_of(y) == NOT_INTEGER)
            z = NAN;
        else if (signbit(x) && parity_of(y) == ODD)
            z = -z;
        *result = z;
    } else if (x < 0 && parity_of(y) == NOT_INTEGER) {
        *result = NAN;
    } else {
        return false;
    }
    return true;
}

/* log2(x) for x near 1, where |y| is huge. */
static struct pair
log2_near_1(double x)
{
    static const double ivln2 = 1.44269504088896338700e+00, ivln2_high = 1.44269502162933349609e+00,
                        ivln2_low = 1.92596299112661746887e-08;
    double t = x - 1;
    double w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    double u = ivln2_high * t;
    double v = t * ivln2_low - w * ivln2;
    double t1 = double_head(u + v);

    return (struct pair){t1, v - (t1 - u)};
}

/* log2(x) for x > 0. */
static struct pair
log2_wide(double x)
{
    static const double bp[] = {1.0, 1.5}, dp_high[] = {0.0, 5.84962487220764160156e-01},
                        dp_low[] = {0.0, 1.35003920212974897128e-08};
    static const double l1 = 5.99999999999994648725e-01, l2 = 4.28571428578550184252e-01,
                        l3 = 3.33333329818377432918e-01, l4 = 2.72728123808534006489e-01,
                        l5 = 2.30660745775561754067e-01, l6 = 2.06975017800338417784e-01;
    static const double cp = 9.61796693925975554329e-01, cp_high = 9.61796700954437255859e-01,
                        cp_low = -7.02846165095275826516e-09;
    int n = 0, k;

    if (double_high(x) < 0x00100000) {
        x *= 0x1p53;
        n = -53;
    }
    uint32_t ix = double_high(x);
    n += (int)(ix >> 20) - 0x3ff;
    uint32_t j = ix & 0x000fffff;
    ix = j | 0x3ff00000;
    if (j <= 0x3988E) { /* |x| < sqrt(3/2) */
        k = 0;
    } else if (j < 0xBB67A) { /* |x| < sqrt(3) */
        k = 1;
    } else {
        k = 0;
        n++;
        ix -= 0x00100000;
    }
    x = double_with_high(x, ix);

    /* s = s_high + s_low = (x - bp) / (x + bp) */
    double u = x - bp[k];
    double v = 1 / (x + bp[k]);
    double s = u * v;
    double s_high = double_head(s);
    double t_high =
        double_of_bits((uint64_t)(((ix >> 1) | 0x20000000) + 0x00080000 + ((uint32_t)k << 18)) << 32);
    double t_low = x - (t_high - bp[k]);
    double s_low = v * ((u - s_high * t_high) - s_high * t_low);

    /* log(x) */
    double s2 = s * s;
    double r = s2 * s2 * (l1 + s2 * (l2 + s2 * (l3 + s2 * (l4 + s2 * (l5 + s2 * l6)))));
    r += s_low * (s_high + s);
    s2 = s_high * s_high;
    t_high = double_head(3 + s2 + r);
    t_low = r - ((t_high - 3) - s2);
    u = s_high * t_high;
    v = s_low * t_high + t_low * s;
    double p_high = double_head(u + v);
    double p_low = v - (p_high - u);
    double z_high = cp_high * p_high;
    double z_low = cp_low * p_high + p_low * cp + dp_low[k];

    double t = n;
    double t1 = double_head(((z_high + z_low) + dp_high[k]) + t);
    return (struct pair){t1, z_low - (((t1 - t) - dp_high[k]) - z_high)};
}

/* 2^(z + p_low), where z is near p_high + p_low; `sign` is 1 or -1. */
static double
exp2_of(double p_high, double p_low, double sign)
{
    static const double p1 = 1.66666666666666019037e-01, p2 = -2.77777777770155933842e-03,
                        p3 = 6.61375632143793436117e-05, p4 = -1.65339022054652515390e-06,
                        p5 = 4.13813679705723846039e-08;
    static const double ln2 = 6.93147180559945286227e-01, ln2_high = 6.93147182464599609375e-01,
                        ln2_low = -1.90465429995776804525e-09;
    static const double overflow_rest = 8.0085662595372944372e-0017;
    double z = p_low + p_high;
    int32_t n = 0;

    if (z > 1024 || (z == 1024 && p_low + overflow_rest > z - p_high))
        return sign * INFINITY;
    if (z < -1075 || (z == -1075 && p_low <= z - p_high))
        return sign * 0.0;
    if ((double_high(z) & 0x7fffffff) > 0x3fe00000) { /* |z| > 0.5 */
        n = (int32_t)(z + (z < 0 ? -0.5 : 0.5));
        p_high -= n;
    }
    double t = double_head(p_low + p_high);
    double u = t * ln2_high;
    double v = (p_low - (t - p_high)) * ln2 + t * ln2_low;
    z = u + v;
    double w = v - (z - u);
    t = z * z;
    double t1 = z - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
    double r = (z * t1) / (t1 - 2) - (w + z * w);
    z = 1 - (r - z);
    return sign * scalbn(z, n);
}

double
elementary_pow(double x, double y)
{
    double result;

    if (power_special(x, y, &result))
        return result;
    double sign = x < 0 && parity_of(y) == ODD ? -1 : 1;
    double size = fabs(x);
    uint32_t ix = double_high(size), iy = double_high(y) & 0x7fffffff;
    struct pair log2;

    if (iy > 0x41e00000) { /* |y| > 2^31 */
        if (iy > 0x43f00000 || ix < 0x3fefffff || ix > 0x3ff00000)
            return sign * ((size < 1) == (y < 0) ? INFINITY : 0);
        log2 = log2_near_1(size);
    } else {
        log2 = log2_wide(size);
    }
    double y1 = double_head(y);
    double p_low = (y - y1) * log2.high + y * log2.low;
    return exp2_of(y1 * log2.high, p_low, sign);
}
