/* decimal.h: doubles as decimal text and back, correctly rounded and in no locale. */
#ifndef RUNTIME_MATH_DECIMAL_H
#define RUNTIME_MATH_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_DIGITS = 17, DECIMAL_TEXT = 32 };

/* A positive number 0.d1d2... x 10^point. */
struct decimal {
    char digits[DECIMAL_DIGITS + 1];
    int count;
    int point;
};

/* The shortest digits that read back as x, and of these the nearest to x. x is finite and above 0. */
struct decimal decimal_shortest(double x);

/* The text of x as ECMAScript's Number::toString gives it. x is finite. Returns its length; `out` has
 * DECIMAL_TEXT bytes. */
size_t decimal_ecmascript(double x, char *out);

/* What was read. */
enum decimal_status { DECIMAL_OK, DECIMAL_SYNTAX, DECIMAL_OVERFLOW };

/* Reads digits with at most one '.', and an optional exponent; no sign, nothing before or after. Underflow is
 * 0 or a subnormal. */
enum decimal_status decimal_read(const uint8_t *text, size_t len, double *x);

#endif
