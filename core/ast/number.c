/* number.c: see number.h. */
#include "ast/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 17 };

/* value = 0.d1 d2 ... dn * 10^point, without trailing zeros. */
struct decimal {
    char digits[MAX_DIGITS + 1];
    int count;
    int point;
};

double
number_parse(const char *digits, size_t len)
{
    struct text copy = {0};
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    text_append(&copy, digits, len);
    double value = strtod_l(text_string(&copy), NULL, plain);
    text_free(&copy);
    freelocale(plain);
    return value;
}

/* The first `count` digits of a positive value, correctly rounded. */
static struct decimal
round_to(double value, int count)
{
    struct decimal decimal = {.count = count};
    char buffer[64];
    int written = 0;

    snprintf(buffer, sizeof buffer, "%.*e", count - 1, value);
    char *exponent = strchr(buffer, 'e');
    for (const char *c = buffer; c < exponent && written < count; c++) {
        if (*c >= '0' && *c <= '9')
            decimal.digits[written++] = *c;
    }
    decimal.point = atoi(exponent + 1) + 1;
    return decimal;
}

static double
decimal_value(const struct decimal *decimal)
{
    char buffer[64];
    int len = snprintf(buffer, sizeof buffer, "%.*se%d", decimal->count, decimal->digits,
                       decimal->point - decimal->count);

    return number_parse(buffer, (size_t)len);
}

/* The next decimal of the same length. */
static struct decimal
step_up(struct decimal decimal)
{
    int at = decimal.count - 1;

    while (at >= 0 && decimal.digits[at] == '9')
        decimal.digits[at--] = '0';
    if (at >= 0) {
        decimal.digits[at]++;
    } else {
        decimal.digits[0] = '1';
        decimal.point++;
    }
    return decimal;
}

/* Just above a power of two doubles are twice as far apart as below it, so that the decimal that is nearest
 * may not read back while its upper neighbour does: both are tried. */
static struct decimal
shortest(double value)
{
    struct decimal decimal = round_to(value, MAX_DIGITS);

    for (int count = 1; count < MAX_DIGITS; count++) {
        struct decimal nearest = round_to(value, count);
        struct decimal above = step_up(nearest);

        if (decimal_value(&nearest) == value) {
            decimal = nearest;
            break;
        }
        if (decimal_value(&above) == value) {
            decimal = above;
            break;
        }
    }
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    return decimal;
}

static void
write_zeros(int count, struct text *out)
{
    for (int i = 0; i < count; i++)
        text_putc(out, '0');
}

static void
write_exponent(const struct decimal *decimal, bool plus, struct text *out)
{
    text_append(out, decimal->digits, 1);
    if (decimal->count > 1)
        text_putc(out, '.');
    text_append(out, decimal->digits + 1, (size_t)decimal->count - 1);
    int exponent = decimal->point - 1;
    text_printf(out, plus && exponent > 0 ? "e+%d" : "e%d", exponent);
}

static void
write_plain(const struct decimal *decimal, struct text *out)
{
    int whole = decimal->point < decimal->count ? decimal->point : decimal->count;

    if (decimal->point <= 0) {
        text_puts(out, "0.");
        write_zeros(-decimal->point, out);
        text_append(out, decimal->digits, (size_t)decimal->count);
        return;
    }
    text_append(out, decimal->digits, (size_t)whole);
    write_zeros(decimal->point - whole, out);
    text_putc(out, '.');
    if (whole < decimal->count)
        text_append(out, decimal->digits + whole, (size_t)(decimal->count - whole));
    else
        text_putc(out, '0');
}

void
number_write(double value, bool plus, struct text *out)
{
    if (signbit(value))
        text_putc(out, '-');
    if (value == 0) {
        text_puts(out, "0.0");
        return;
    }
    struct decimal decimal = shortest(fabs(value));
    if (decimal.point > -5 && decimal.point <= 16)
        write_plain(&decimal, out);
    else
        write_exponent(&decimal, plus, out);
}
