/* assertions.c: the keywords that look at one value alone. */
#include "schema.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
has_type(const struct ast_json *value, const struct ast_json *type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",      [JSON_FALSE] = "boolean",  [JSON_TRUE] = "boolean",
        [JSON_INTEGER] = "number", [JSON_NATURAL] = "number", [JSON_REAL] = "number",
        [JSON_STRING] = "string",  [JSON_ARRAY] = "array",    [JSON_OBJECT] = "object",
    };

    return ast_json_is(type, names[value->kind]) ||
           (ast_json_is(type, "integer") && json_is_number(value) && json_is_integer(value));
}

static const char *
joined(struct check *check, const struct ast_json *list)
{
    struct text text = {0};

    for (uint32_t i = 0; i < list->count; i++)
        text_printf(&text, "%s%s", i ? ", " : "", check_show(check, &list->items[i]));
    const char *copy = arena_copy(check->arena, text_string(&text), text.len);
    text_free(&text);
    return copy;
}

static bool
check_type(struct frame *frame, const struct ast_json *value)
{
    const char *shown = check_show(frame->check, frame->instance);

    if (value->kind == JSON_STRING)
        return has_type(frame->instance, value) ||
               check_fail(frame, "type", "%s is not of type %s", shown, check_show(frame->check, value));
    for (uint32_t i = 0; i < value->count; i++)
        if (has_type(frame->instance, &value->items[i]))
            return true;
    return check_fail(frame, "type", "%s is not of types %s", shown, joined(frame->check, value));
}

/* "1, 2 or 3" */
static const char *
options(struct check *check, const struct ast_json *list)
{
    struct text text = {0};

    for (uint32_t i = 0; i < list->count; i++)
        text_printf(&text, "%s%s",
                    !i                    ? ""
                    : i + 1 < list->count ? ", "
                                          : " or ",
                    check_show(check, &list->items[i]));
    const char *copy = arena_copy(check->arena, text_string(&text), text.len);
    text_free(&text);
    return copy;
}

static bool
check_enum(struct frame *frame, const struct ast_json *value)
{
    for (uint32_t i = 0; i < value->count; i++)
        if (json_equal(frame->instance, &value->items[i]))
            return true;
    return check_fail(frame, "enum", "%s is not one of %s", check_show(frame->check, frame->instance),
                      options(frame->check, value));
}

static bool
check_const(struct frame *frame, const struct ast_json *value)
{
    return json_equal(frame->instance, value) ||
           check_fail(frame, "const", "%s was expected", check_show(frame->check, value));
}

static bool
fail_limit(struct frame *frame, const char *keyword, const char *words, const struct ast_json *limit)
{
    return check_fail(frame, keyword, "%s is %s of %s", check_show(frame->check, frame->instance), words,
                      check_show(frame->check, limit));
}

/* In draft 4 the limit itself may be excluded by a flag beside it. */
static bool
is_exclusive(const struct frame *frame, const char *name)
{
    const struct ast_json *flag = frame->check->schema->dialect == DIALECT_4 ? frame_get(frame, name) : NULL;

    return flag && flag->kind == JSON_TRUE;
}

static bool
check_minimum(struct frame *frame, const struct ast_json *value)
{
    if (!json_is_number(frame->instance))
        return true;
    int order = json_compare_numbers(frame->instance, value);
    if (is_exclusive(frame, "exclusiveMinimum"))
        return order > 0 || fail_limit(frame, "minimum", "less than or equal to the minimum", value);
    return order >= 0 || fail_limit(frame, "minimum", "less than the minimum", value);
}

static bool
check_maximum(struct frame *frame, const struct ast_json *value)
{
    if (!json_is_number(frame->instance))
        return true;
    int order = json_compare_numbers(frame->instance, value);
    if (is_exclusive(frame, "exclusiveMaximum"))
        return order < 0 || fail_limit(frame, "maximum", "greater than or equal to the maximum", value);
    return order <= 0 || fail_limit(frame, "maximum", "greater than the maximum", value);
}

static bool
check_exclusive_minimum(struct frame *frame, const struct ast_json *value)
{
    return !json_is_number(value) || !json_is_number(frame->instance) ||
           json_compare_numbers(frame->instance, value) > 0 ||
           fail_limit(frame, "exclusiveMinimum", "less than or equal to the minimum", value);
}

static bool
check_exclusive_maximum(struct frame *frame, const struct ast_json *value)
{
    return !json_is_number(value) || !json_is_number(frame->instance) ||
           json_compare_numbers(frame->instance, value) < 0 ||
           fail_limit(frame, "exclusiveMaximum", "greater than or equal to the maximum", value);
}

static bool
check_multiple_of(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *number = frame->instance;
    bool multiple;

    if (!json_is_number(number))
        return true;
    if (number->kind == JSON_INTEGER && value->kind == JSON_INTEGER) {
        multiple = value->integer == 1 || number->integer % value->integer == 0;
    } else {
        double quotient = json_number(number) / json_number(value);

        multiple = isfinite(quotient) ? quotient == nearbyint(quotient)
                                      : fmod(json_number(number), json_number(value)) == 0;
    }
    return multiple || check_fail(frame, "multipleOf", "%s is not a multiple of %s",
                                  check_show(frame->check, number), check_show(frame->check, value));
}

/* A count of the instance against a limit. */
static bool
check_count(struct frame *frame, const struct ast_json *limit, enum ast_json_kind kind, const char *keyword,
            bool least, const char *words)
{
    if (frame->instance->kind != kind)
        return true;
    double count = (double)(kind == JSON_STRING ? json_characters(frame->instance) : frame->instance->count);
    if (least ? count >= json_number(limit) : count <= json_number(limit))
        return true;
    const char *shown = check_show(frame->check, frame->instance), *number = check_show(frame->check, limit);
    if (kind == JSON_STRING)
        return check_fail(frame, keyword, "%s is %s than %s character%s", shown, words, number,
                          json_number(limit) == 1 ? "" : "s");
    return check_fail(frame, keyword, "%s has %s than %s %s", shown, words, number,
                      kind == JSON_ARRAY        ? json_number(limit) == 1 ? "item" : "items"
                      : json_number(limit) == 1 ? "property"
                                                : "properties");
}

#define COUNT_CHECK(function, kind, keyword, least, words)                  \
    static bool function(struct frame *frame, const struct ast_json *value) \
    {                                                                       \
        return check_count(frame, value, kind, keyword, least, words);      \
    }

COUNT_CHECK(check_min_length, JSON_STRING, "minLength", true, "shorter")
COUNT_CHECK(check_max_length, JSON_STRING, "maxLength", false, "longer")
COUNT_CHECK(check_min_items, JSON_ARRAY, "minItems", true, "less")
COUNT_CHECK(check_max_items, JSON_ARRAY, "maxItems", false, "more")
COUNT_CHECK(check_min_properties, JSON_OBJECT, "minProperties", true, "less")
COUNT_CHECK(check_max_properties, JSON_OBJECT, "maxProperties", false, "more")

static bool
check_pattern(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *text = frame->instance;

    return text->kind != JSON_STRING ||
           schema_matches(frame->check->schema, value, text->text, text->count) ||
           check_fail(frame, "pattern", "%s does not match \"%.*s\"", check_show(frame->check, text),
                      (int)value->count, value->text);
}

static bool
check_unique_items(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *list = frame->instance;

    if (value->kind != JSON_TRUE || list->kind != JSON_ARRAY)
        return true;
    for (uint32_t i = 1; i < list->count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (json_equal(&list->items[i], &list->items[k]))
                return check_fail(frame, "uniqueItems", "%s has non-unique elements",
                                  check_show(frame->check, list));
    return true;
}

static bool
check_required(struct frame *frame, const struct ast_json *value)
{
    bool good = true;

    for (uint32_t i = 0; frame->instance->kind == JSON_OBJECT && i < value->count; i++) {
        const char *name = arena_copy(frame->check->arena, value->items[i].text, value->items[i].count);

        if (!ast_json_get(frame->instance, name))
            good = check_fail(frame, "required", "%s is a required property",
                              check_show(frame->check, &value->items[i]));
    }
    return good;
}

static bool
is_date(const char *text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, used = 0;

    if (strlen(text) != 10 || text[strspn(text, "0123456789-")] ||
        sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10 || text[4] != '-')
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static bool
is_ipv4(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1;
}

static bool
is_ipv6(const char *text)
{
    struct in6_addr address;

    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool
is_email(const char *text)
{
    const char *at = strrchr(text, '@');

    return at && at > text && at[1] && !strchr(text, ' ');
}

/* Formats are asserted up to draft 7; later ones only annotate. Unknown ones always hold. */
static bool
check_format(struct frame *frame, const struct ast_json *value)
{
    static const struct {
        const char *name;
        bool (*holds)(const char *text);
    } formats[] = {{"date", is_date}, {"email", is_email}, {"ipv4", is_ipv4}, {"ipv6", is_ipv6}};

    if (frame->check->schema->dialect < DIALECT_4 || frame->instance->kind != JSON_STRING)
        return true;
    const char *text = arena_copy(frame->check->arena, frame->instance->text, frame->instance->count);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (ast_json_is(value, formats[i].name) &&
            (strlen(text) != frame->instance->count || !formats[i].holds(text)))
            return check_fail(frame, "format", "%s is not a %s", check_show(frame->check, frame->instance),
                              check_show(frame->check, value));
    return true;
}

keyword_check *
keyword_assertion(const char *name, size_t len)
{
    static const struct {
        const char *name;
        keyword_check *check;
    } table[] = {
        {"const", check_const},
        {"enum", check_enum},
        {"exclusiveMaximum", check_exclusive_maximum},
        {"exclusiveMinimum", check_exclusive_minimum},
        {"format", check_format},
        {"maxItems", check_max_items},
        {"maxLength", check_max_length},
        {"maxProperties", check_max_properties},
        {"maximum", check_maximum},
        {"minItems", check_min_items},
        {"minLength", check_min_length},
        {"minProperties", check_min_properties},
        {"minimum", check_minimum},
        {"multipleOf", check_multiple_of},
        {"pattern", check_pattern},
        {"required", check_required},
        {"type", check_type},
        {"uniqueItems", check_unique_items},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
            return table[i].check;
    return NULL;
}
