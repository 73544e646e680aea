/* circular.c: sin, cos, tan and atan2.
 * The method and constants are those of fdlibm, whose notice is:
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Developed at SunPro, a Sun Microsystems, Inc. business.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved. */
#include "elementary.h"

#include <math.h>
#include <stdbool.h>

static const double pi_over_4 = 7.85398163397448278999e-01;

/* sin(x + y) on [-pi/4, pi/4]; y is the tail of x, when it has one. */
static double
sine_kernel(double x, double y, bool has_tail)
{
    static const double s1 = -1.66666666666666324348e-01, s2 = 8.33333333332248946124e-03,
                        s3 = -1.98412698298579493134e-04, s4 = 2.75573137070700676789e-06,
                        s5 = -2.50507602534068634195e-08, s6 = 1.58969099521155010221e-10;
    double z = x * x;
    double w = z * z;
    double r = s2 + z * (s3 + z * s4) + z * w * (s5 + z * s6);
    double v = z * x;

    if (!has_tail)
        return x + v * (s1 + z * r);
    return x - ((z * (0.5 * y - v * r) - y) - v * s1);
}

static double
cosine_kernel(double x, double y)
{
    static const double c1 = 4.16666666666666019037e-02, c2 = -1.38888888888741095749e-03,
                        c3 = 2.48015872894767294178e-05, c4 = -2.75573143513906633035e-07,
                        c5 = 2.08757232129817482790e-09, c6 = -1.13596475577881948265e-11;
    double z = x * x;
    double w = z * z;
    double r = z * (c1 + z * (c2 + z * c3)) + w * w * (c4 + z * (c5 + z * c6));
    double half = 0.5 * z;

    w = 1 - half;
    return w + (((1 - w) - half) + (z * r - x * y));
}

/* tan(x + y), or -1/tan(x + y) when `odd`. */
static double
tangent_kernel(double x, double y, bool odd)
{
    static const double t[] = {
        3.33333333333334091986e-01, 1.33333333333201242699e-01, 5.39682539762260521377e-02,
        2.18694882948595424599e-02, 8.86323982359930005737e-03, 3.59207910759131235356e-03,
        1.45620945432529025516e-03, 5.88041240820264096874e-04, 2.46463134818469906812e-04,
        7.81794442939557092300e-05, 7.14072491382608190305e-05, -1.85586374855275456654e-05,
        2.59073051863633712884e-05};
    static const double pi_over_4_low = 3.06161699786838301793e-17;
    bool big = (double_high(x) & 0x7fffffff) >= 0x3fe59428; /* |x| >= 0.6744 */
    bool negative = signbit(x);

    if (big) {
        if (negative) {
            x = -x;
            y = -y;
        }
        x = (pi_over_4 - x) + (pi_over_4_low - y);
        y = 0;
    }
    double z = x * x;
    double w = z * z;
    double r = t[1] + w * (t[3] + w * (t[5] + w * (t[7] + w * (t[9] + w * t[11]))));
    double v = z * (t[2] + w * (t[4] + w * (t[6] + w * (t[8] + w * (t[10] + w * t[12])))));
    double s = z * x;
    r = y + z * (s * (r + v) + y) + s * t[0];
    w = x + r;
    if (big) {
        s = odd ? -1 : 1;
        v = s - 2 * (x + (r - w * w / (w + s)));
        return negative ? -v : v;
    }
    if (!odd)
        return w;
    /* -1 / (x + r), with care */
    double w0 = double_head(w);
    v = r - (w0 - x);
    double a = -1 / w;
    double a0 = double_head(a);
    return a0 + a * (1 + a0 * w0 + a0 * v);
}

double
elementary_sin(double x)
{
    double high, low;
    uint32_t size = double_high(x) & 0x7fffffff;

    if (size <= 0x3fe921fb) /* |x| <= pi/4 */
        return size < 0x3e500000 ? x : sine_kernel(x, 0, false);
    if (!isfinite(x))
        return NAN;
    switch (elementary_reduce(x, &high, &low)) {
    case 0:
        return sine_kernel(high, low, true);
    case 1:
        return cosine_kernel(high, low);
    case 2:
        return -sine_kernel(high, low, true);
    default:
        return -cosine_kernel(high, low);
    }
}

double
elementary_cos(double x)
{
    double high, low;
    uint32_t size = double_high(x) & 0x7fffffff;

    if (size <= 0x3fe921fb)
        return size < 0x3e46a09e ? 1 : cosine_kernel(x, 0);
    if (!isfinite(x))
        return NAN;
    switch (elementary_reduce(x, &high, &low)) {
    case 0:
        return cosine_kernel(high, low);
    case 1:
        return -sine_kernel(high, low, true);
    case 2:
        return -cosine_kernel(high, low);
    default:
        return sine_kernel(high, low, true);
    }
}

double
elementary_tan(double x)
{
    double high, low;
    uint32_t size = double_high(x) & 0x7fffffff;

    if (size <= 0x3fe921fb)
        return size < 0x3e400000 ? x : tangent_kernel(x, 0, false);
    if (!isfinite(x))
        return NAN;
    uint32_t n = elementary_reduce(x, &high, &low);
    return tangent_kernel(high, low, n & 1);
}

/* x is moved to where the polynomial holds; `id` says by which of four angles, -1 by none. */
static double
arctangent_piece(double x, int *id)
{
    double size = fabs(x);

    if (size < 0.4375) {
        *id = -1;
        return x;
    }
    if (size < 0.6875) {
        *id = 0;
        return (2 * size - 1) / (2 + size);
    }
    if (size < 1.1875) {
        *id = 1;
        return (size - 1) / (size + 1);
    }
    if (size < 2.4375) {
        *id = 2;
        return (size - 1.5) / (1 + 1.5 * size);
    }
    *id = 3;
    return -1 / size;
}

static double
arctangent(double x)
{
    static const double angle_high[] = {4.63647609000806093515e-01, 7.85398163397448278999e-01,
                                        9.82793723247329054082e-01, 1.57079632679489655800e+00};
    static const double angle_low[] = {2.26987774529616870924e-17, 3.06161699786838301793e-17,
                                       1.39033110312309984516e-17, 6.12323399573676603587e-17};
    static const double a[] = {
        3.33333333333329318027e-01,  -1.99999999998764832476e-01, 1.42857142725034663711e-01,
        -1.11111104054623557880e-01, 9.09088713343650656196e-02,  -7.69187620504482999495e-02,
        6.66107313738753120669e-02,  -5.83357013379057348645e-02, 4.97687799461593236017e-02,
        -3.65315727442169155270e-02, 1.62858201153657823623e-02};
    double sign = signbit(x) ? -1 : 1;
    int id;

    if (fabs(x) >= 0x1p66)
        return sign * angle_high[3];
    if (fabs(x) < 0x1p-27)
        return x;
    x = arctangent_piece(x, &id);
    double z = x * x;
    double w = z * z;
    double s1 = z * (a[0] + w * (a[2] + w * (a[4] + w * (a[6] + w * (a[8] + w * a[10])))));
    double s2 = w * (a[1] + w * (a[3] + w * (a[5] + w * (a[7] + w * a[9]))));
    if (id < 0)
        return x - x * (s1 + s2);
    return sign * (angle_high[id] - (x * (s1 + s2) - angle_low[id] - x));
}

/* Infinite or zero operands, by quadrant: multiples of pi/4. */
static double
arctangent_special(double y, double x)
{
    static const double pi = 3.1415926535897931160e+00;
    double size;

    if (isinf(x) && isinf(y))
        size = x < 0 ? 3 * pi_over_4 : pi_over_4;
    else if (isinf(x) || y == 0)
        size = signbit(x) ? pi : 0;
    else
        size = pi / 2;
    return signbit(y) ? -size : size;
}

double
elementary_atan2(double y, double x)
{
    static const double pi = 3.1415926535897931160e+00, pi_low = 1.2246467991473531772e-16;

    if (isnan(x) || isnan(y))
        return NAN;
    if (x == 1)
        return arctangent(y);
    if (x == 0 || y == 0 || isinf(x) || isinf(y))
        return arctangent_special(y, x);
    uint32_t ix = double_high(x) & 0x7fffffff, iy = double_high(y) & 0x7fffffff;
    if (ix + (64 << 20) < iy)
        return signbit(y) ? -pi / 2 : pi / 2;
    double z = signbit(x) && iy + (64 << 20) < ix ? 0 : arctangent(fabs(y / x));
    if (!signbit(x))
        return signbit(y) ? -z : z;
    return signbit(y) ? (z - pi_low) - pi : pi - (z - pi_low);
}
