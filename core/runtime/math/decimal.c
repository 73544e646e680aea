/* decimal.c: see decimal.h. The C library rounds: its text and its numbers are exact. All text that it sees
 * is an integer and an exponent, so that the locale's decimal point plays no part. */
#include "decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of digits x 10^exponent. */
static double
value_of(const char *digits, int exponent)
{
    char text[DECIMAL_TEXT];

    snprintf(text, sizeof text, "%se%d", digits, exponent);
    return strtod(text, NULL);
}

/* x rounded to `count` digits. */
static struct decimal
rounded(double x, int count)
{
    struct decimal decimal = {.count = count};
    char text[DECIMAL_TEXT];

    snprintf(text, sizeof text, "%.*e", count - 1, x);
    decimal.digits[0] = text[0];
    if (count > 1)
        memcpy(decimal.digits + 1, text + 2, (size_t)(count - 1));
    decimal.point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
    return decimal;
}

/* The next larger number of as many digits; false when there is none with the same point. */
static bool
next_up(struct decimal *decimal)
{
    for (int i = decimal->count - 1; i >= 0; i--) {
        if (decimal->digits[i] != '9') {
            decimal->digits[i]++;
            return true;
        }
        decimal->digits[i] = '0';
    }
    return false;
}

static bool
reads_as(const struct decimal *decimal, double x)
{
    return value_of(decimal->digits, decimal->point - decimal->count) == x;
}

/* Below a power of two the doubles lie closer than above: then the nearest digits may read as the neighbour
 * below although the next larger ones would do. */
static bool
fits(struct decimal *decimal, double x)
{
    if (reads_as(decimal, x))
        return true;
    return next_up(decimal) && reads_as(decimal, x);
}

static void
strip_zeros(struct decimal *decimal)
{
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->digits[--decimal->count] = '\0';
}

/* Normal doubles keep DBL_DIG digits, so that shorter ones are these without zeros at the end. */
struct decimal
decimal_shortest(double x)
{
    for (int count = x < DBL_MIN ? 1 : DBL_DIG; count < DECIMAL_DIGITS; count++) {
        struct decimal decimal = rounded(x, count);

        if (fits(&decimal, x)) {
            strip_zeros(&decimal);
            return decimal;
        }
    }
    struct decimal decimal = rounded(x, DECIMAL_DIGITS);

    strip_zeros(&decimal);
    return decimal;
}

static size_t
positive_text(double x, char *out)
{
    struct decimal d = decimal_shortest(x);
    size_t count = (size_t)d.count;
    int exponent = d.point - 1;

    if (d.count <= d.point && d.point <= 21)
        return (size_t)snprintf(out, DECIMAL_TEXT, "%s%.*s", d.digits, d.point - d.count,
                                "000000000000000000000");
    if (0 < d.point && d.point <= 21)
        return (size_t)snprintf(out, DECIMAL_TEXT, "%.*s.%s", d.point, d.digits, d.digits + d.point);
    if (-6 < d.point && d.point <= 0)
        return (size_t)snprintf(out, DECIMAL_TEXT, "0.%.*s%s", -d.point, "000000", d.digits);
    return (size_t)snprintf(out, DECIMAL_TEXT, "%c%s%se%c%d", d.digits[0], count > 1 ? "." : "", d.digits + 1,
                            exponent < 0 ? '-' : '+', abs(exponent));
}

size_t
decimal_ecmascript(double x, char *out)
{
    if (x == 0) {
        out[0] = '0';
        return 1;
    }
    size_t sign = x < 0;
    if (sign)
        *out++ = '-';
    return sign + positive_text(fabs(x), out);
}

static bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Reads `e`, a sign and digits; far beyond what a double holds the value no longer matters. */
static bool
read_exponent(const uint8_t *text, size_t len, int64_t *exponent)
{
    size_t i = 1;
    bool negative = false;

    *exponent = 0;
    if (i < len && (text[i] == '+' || text[i] == '-'))
        negative = text[i++] == '-';
    if (i == len)
        return false;
    for (; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        if (*exponent < INT64_C(1000000000000))
            *exponent = *exponent * 10 + (text[i] - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

/* Copies the digits without the point and without zeros in front; `exponent` is that of the last digit. */
static size_t
read_mantissa(const uint8_t *text, size_t len, char *digits, size_t *used, bool *any, int64_t *exponent)
{
    size_t count = 0, i = 0;
    bool point = false;

    *any = false;
    *exponent = 0;
    for (; i < len && (is_digit(text[i]) || (text[i] == '.' && !point)); i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        *any = true;
        *exponent -= point;
        if (count || text[i] != '0')
            digits[count++] = (char)text[i];
    }
    *used = i;
    return count;
}

static enum decimal_status
read_digits(const uint8_t *text, size_t len, char *digits, double *x)
{
    int64_t exponent, more = 0;
    size_t used;
    bool any;
    size_t count = read_mantissa(text, len, digits, &used, &any, &exponent);

    if (!any)
        return DECIMAL_SYNTAX;
    if (used < len && ((text[used] | 0x20) != 'e' || !read_exponent(text + used, len - used, &more)))
        return DECIMAL_SYNTAX;
    *x = 0;
    exponent += more;
    if (!count || exponent + (int64_t)count < -400)
        return DECIMAL_OK;
    if (exponent + (int64_t)count > 400)
        return DECIMAL_OVERFLOW;
    snprintf(digits + count, DECIMAL_TEXT, "e%lld", (long long)exponent);
    *x = strtod(digits, NULL);
    return isinf(*x) ? DECIMAL_OVERFLOW : DECIMAL_OK;
}

enum decimal_status
decimal_read(const uint8_t *text, size_t len, double *x)
{
    char few[256];
    size_t room = len + DECIMAL_TEXT;
    char *digits = room <= sizeof few ? few : malloc(room);

    if (!digits)
        return DECIMAL_OVERFLOW;
    enum decimal_status status = read_digits(text, len, digits, x);
    if (digits != few)
        free(digits);
    return status;
}
