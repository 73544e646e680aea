/* exponential.c: exp and log.
 * The method and constants are those of fdlibm, whose notice is:
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Developed at SunPro, a Sun Microsystems, Inc. business.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved. */
#include "elementary.h"

#include <math.h>

static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;

/* x = k ln2 + high - low; exp(high - low) by a rational function, then scaled. */
double
elementary_exp(double x)
{
    static const double p1 = 1.66666666666666019037e-01, p2 = -2.77777777770155933842e-03,
                        p3 = 6.61375632143793436117e-05, p4 = -1.65339022054652515390e-06,
                        p5 = 4.13813679705723846039e-08;
    uint32_t size = double_high(x) & 0x7fffffff;
    double high = x, low = 0;
    int k = 0;

    if (isnan(x))
        return x;
    if (x > 709.782712893383973096)
        return INFINITY;
    if (x < -745.13321910194110842)
        return 0;
    if (size <= 0x3e300000) /* |x| <= 2^-28 */
        return 1 + x;
    if (size > 0x3fd62e42) {    /* |x| > 0.5 ln2 */
        if (size >= 0x3ff0a2b2) /* |x| >= 1.5 ln2 */
            k = (int)(1.44269504088896338700e+00 * x + (signbit(x) ? -0.5 : 0.5));
        else
            k = signbit(x) ? -1 : 1;
        high = x - k * ln2_high;
        low = k * ln2_low;
        x = high - low;
    }
    double square = x * x;
    double c = x - square * (p1 + square * (p2 + square * (p3 + square * (p4 + square * p5))));
    double y = 1 + (x * c / (2 - c) - low + high);
    return k ? scalbn(y, k) : y;
}

/* x = 2^k (1 + f); log(1 + f) by a polynomial in s = f / (2 + f). */
double
elementary_log(double x)
{
    static const double l1 = 6.666666666666735130e-01, l2 = 3.999999999940941908e-01,
                        l3 = 2.857142874366239149e-01, l4 = 2.222219843214978396e-01,
                        l5 = 1.818357216161805012e-01, l6 = 1.531383769920937332e-01,
                        l7 = 1.479819860511658591e-01;
    int k = 0;

    if (x == 0)
        return -INFINITY;
    if (x < 0)
        return NAN;
    if (isnan(x) || isinf(x) || x == 1)
        return x == 1 ? 0 : x;
    if (double_high(x) < 0x00100000) { /* subnormal */
        k = -54;
        x *= 0x1p54;
    }
    uint32_t high = double_high(x) + (0x3ff00000 - 0x3fe6a09e);
    k += (int)(high >> 20) - 0x3ff;
    x = double_with_high(x, (high & 0x000fffff) + 0x3fe6a09e);

    double f = x - 1;
    double half = 0.5 * f * f;
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double t1 = w * (l2 + w * (l4 + w * l6));
    double t2 = z * (l1 + w * (l3 + w * (l5 + w * l7)));
    double r = t2 + t1;
    return s * (half + r) + k * ln2_low - half + f + k * ln2_high;
}
