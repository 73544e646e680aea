/* elementary.h: the transcendental functions of math.f64.*. They give the same bits on every machine, which
 * the system's libm does not promise. Pure functions of their operands; every double is allowed. */
#ifndef RUNTIME_MATH_ELEMENTARY_H
#define RUNTIME_MATH_ELEMENTARY_H

#include <stdint.h>
#include <string.h>

double elementary_exp(double x);
double elementary_log(double x);
double elementary_pow(double x, double y);
double elementary_sin(double x);
double elementary_cos(double x);
double elementary_tan(double x);
double elementary_atan2(double y, double x);

/* x = *high + *low + n * pi/2 with |*high| <= pi/4; returns n modulo 4. x is finite. */
uint32_t elementary_reduce(double x, double *high, double *low);

static inline uint64_t
double_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double
double_of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Sign, exponent and the first 20 bits of the fraction. */
static inline uint32_t
double_high(double x)
{
    return (uint32_t)(double_bits(x) >> 32);
}

static inline double
double_with_high(double x, uint32_t high)
{
    return double_of_bits((uint64_t)high << 32 | (uint32_t)double_bits(x));
}

/* The upper half of the digits. */
static inline double
double_head(double x)
{
    return double_of_bits(double_bits(x) & ~(uint64_t)UINT32_MAX);
}

#endif
