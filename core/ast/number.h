/* number.h: doubles from and to decimal text, whatever the process's locale. Knows nothing of JSON. Pure. */
#ifndef AST_NUMBER_H
#define AST_NUMBER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* The double nearest to a decimal number, which must be well-formed JSON; infinite when it is too large. */
double number_parse(const char *digits, size_t len);

/* The shortest decimal number that reads back as `value`, which must be finite. Below 1e-5 and from 1e16 on
 * with an exponent, else plain, with at least one digit after the point. `plus` puts a sign before positive
 * exponents: documents have it, messages do not. */
void number_write(double value, bool plus, struct text *out);

#endif
