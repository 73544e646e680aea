/* json_number.c: reading of JSON numbers. */
#include "ast/json_reader.h"

#include "ast/number.h"

#include <math.h>
#include <stdint.h>

/* The next byte, or NUL at the end. */
static char
peek(const struct json_reader *reader)
{
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits before the point. `exact` becomes false when they do not fit. */
static bool
read_whole(struct json_reader *reader, uint64_t *whole, bool *exact)
{
    *whole = 0;
    *exact = true;
    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a value");
    if (!is_digit(*reader->at))
        return json_fail(reader, reader->at + 1, "invalid number");
    if (*reader->at == '0') {
        reader->at++;
        return is_digit(peek(reader)) ? json_fail_peek(reader, "invalid number") : true;
    }
    for (; is_digit(peek(reader)); reader->at++) {
        uint64_t digit = (uint64_t)(*reader->at - '0');

        if (*whole > (UINT64_MAX - digit) / 10)
            *exact = false;
        else
            *whole = *whole * 10 + digit;
    }
    return true;
}

static bool
read_fraction(struct json_reader *reader)
{
    reader->at++;
    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a value");
    if (!is_digit(*reader->at))
        return json_fail_peek(reader, "invalid number");
    while (is_digit(peek(reader)))
        reader->at++;
    return true;
}

static bool
read_exponent(struct json_reader *reader)
{
    reader->at++;
    if (peek(reader) == '+' || peek(reader) == '-')
        reader->at++;
    if (reader->at == reader->end)
        return json_fail(reader, reader->at, "EOF while parsing a value");
    if (!is_digit(*reader->at))
        return json_fail_peek(reader, "invalid number");
    while (is_digit(peek(reader)))
        reader->at++;
    return true;
}

static bool
set_real(struct json_reader *reader, const char *start, struct ast_json *value)
{
    value->kind = JSON_REAL;
    value->real = number_parse(start, (size_t)(reader->at - start));
    if (!isfinite(value->real))
        return json_fail(reader, reader->at, "number out of range");
    return true;
}

bool
json_read_number(struct json_reader *reader, struct ast_json *value)
{
    const char *start = reader->at;
    bool negative = *start == '-';
    bool exact;
    uint64_t whole;

    *value = (struct ast_json){.kind = JSON_INTEGER};
    reader->at += negative;
    if (!read_whole(reader, &whole, &exact))
        return false;
    bool fraction = peek(reader) == '.';
    if (fraction && !read_fraction(reader))
        return false;
    bool exponent = peek(reader) == 'e' || peek(reader) == 'E';
    if (exponent && !read_exponent(reader))
        return false;
    bool fits = whole <= (uint64_t)INT64_MAX + negative && !(negative && whole == 0);
    if (fraction || exponent || !exact || (negative && !fits))
        return set_real(reader, start, value);
    if (fits) {
        value->integer = negative ? (int64_t)(0 - whole) : (int64_t)whole;
    } else {
        value->kind = JSON_NATURAL;
        value->natural = whole;
    }
    return true;
}
