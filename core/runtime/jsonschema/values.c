/* values.c: comparing JSON values as JSON Schema does: numbers by their value, whatever way they are written.
 */
#include "schema.h"

#include <math.h>
#include <string.h>

bool
json_is_number(const struct ast_json *value)
{
    return value->kind == JSON_INTEGER || value->kind == JSON_NATURAL || value->kind == JSON_REAL;
}

double
json_number(const struct ast_json *value)
{
    if (value->kind == JSON_INTEGER)
        return (double)value->integer;
    return value->kind == JSON_NATURAL ? (double)value->natural : value->real;
}

bool
json_is_integer(const struct ast_json *value)
{
    return value->kind == JSON_REAL ? value->real == floor(value->real) : json_is_number(value);
}

int
json_compare_numbers(const struct ast_json *a, const struct ast_json *b)
{
    if (a->kind == JSON_INTEGER && b->kind == JSON_INTEGER)
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    if (a->kind == JSON_NATURAL && b->kind == JSON_NATURAL)
        return a->natural < b->natural ? -1 : a->natural > b->natural;
    double x = json_number(a), y = json_number(b);
    return x < y ? -1 : x > y;
}

/* Members are sorted and their names are unique. */
static bool
equal_members(const struct ast_json *a, const struct ast_json *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct ast_json_member *x = &a->members[i], *y = &b->members[i];

        if (x->name_len != y->name_len || memcmp(x->name, y->name, x->name_len) != 0 ||
            !json_equal(&x->value, &y->value))
            return false;
    }
    return true;
}

bool
json_equal(const struct ast_json *a, const struct ast_json *b)
{
    if (json_is_number(a) && json_is_number(b))
        return json_compare_numbers(a, b) == 0;
    if (a->kind != b->kind)
        return false;
    if (a->kind == JSON_STRING)
        return a->count == b->count && memcmp(a->text, b->text, a->count) == 0;
    if ((a->kind != JSON_ARRAY && a->kind != JSON_OBJECT) || a->count != b->count)
        return a->kind != JSON_ARRAY && a->kind != JSON_OBJECT;
    if (a->kind == JSON_OBJECT)
        return equal_members(a, b);
    for (uint32_t i = 0; i < a->count; i++)
        if (!json_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

size_t
json_characters(const struct ast_json *string)
{
    size_t count = 0;

    for (uint32_t i = 0; i < string->count; i++)
        count += ((uint8_t)string->text[i] & 0xc0) != 0x80;
    return count;
}
