/* parse_class.c: classes in brackets. */
#include "parser.h"

#include <string.h>

static const struct {
    const char *name;
    const char *ranges; /* pairs of first and last */
} posix[] = {
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"ascii", "\x01\x7f"},
    {"blank", "\t\t  "},
    {"cntrl", "\x01\x1f\x7f\x7f"},
    {"digit", "09"},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", "\t\r  "},
    {"upper", "AZ"},
    {"word", "09AZaz__"},
    {"xdigit", "09AFaf"},
};

static void
add_posix(struct set *set, size_t which)
{
    for (const char *p = posix[which].ranges; *p; p += 2)
        set_add(set, (uint8_t)p[0], (uint8_t)p[1]);
    if (strcmp(posix[which].name, "ascii") == 0 || strcmp(posix[which].name, "cntrl") == 0)
        set_add(set, 0, 0); /* which no string can hold */
}

/* [:name:] or [:^name:]; false, and nothing read, when it is none. */
static bool
parse_posix(struct parser *parser, struct set *set)
{
    uint32_t start = parser->at;

    if (!parser_skip(parser, "[:"))
        return false;
    bool negated = parser_skip(parser, "^");
    for (size_t i = 0; i < sizeof posix / sizeof posix[0]; i++) {
        if (!parser_sees(parser, posix[i].name))
            continue;
        parser->at += (uint32_t)strlen(posix[i].name);
        if (!parser_skip(parser, ":]"))
            break;
        struct set *named = parser_set(parser);
        add_posix(named, i);
        if (negated)
            set_negate(named);
        set_unite(set, named);
        return true;
    }
    parser->at = start;
    return false;
}

/* One end of a range, or a set. */
static struct escape
class_item(struct parser *parser)
{
    uint32_t start = parser->at;
    struct escape item = {ESCAPE_POINT, 0, NULL};

    if (parser->text[parser->at] != '\\') {
        item.value = parser_character(parser);
    } else if (parser_sees(parser, "\\b")) { /* whatever follows it */
        item.kind = ESCAPE_ASSERT;
    } else {
        item = parse_escape(parser);
    }
    if (item.kind == ESCAPE_ASSERT) {
        parser_fail(parser, REGEX_BAD_RANGE, start);
        item.kind = ESCAPE_ERROR;
    } else if (item.kind == ESCAPE_POINT && item.value >= 0x80 && !(parser->modes & MODE_UNICODE)) {
        parser_fail(parser, REGEX_OTHER, start);
        item.kind = ESCAPE_ERROR;
    }
    return item;
}

static bool
at_range(struct parser *parser)
{
    parser_skip_blanks(parser);
    return parser_sees(parser, "-") && !parser_sees(parser, "--") && parser->at + 1 < parser->len &&
           parser->text[parser->at + 1] != ']';
}

static bool
class_range(struct parser *parser, struct set *set)
{
    uint32_t start = parser->at;
    struct escape first = class_item(parser);

    if (first.kind == ESCAPE_ERROR)
        return false;
    if (!at_range(parser)) {
        if (first.kind == ESCAPE_SET)
            set_unite(set, first.set);
        else
            set_add(set, first.value, first.value);
        return true;
    }
    if (first.kind == ESCAPE_SET)
        return parser_fail(parser, REGEX_BAD_RANGE, start);
    parser->at++;
    parser_skip_blanks(parser);
    if (!parser_more(parser))
        return parser_fail(parser, REGEX_UNCLOSED_CLASS, parser->len);
    uint32_t last_at = parser->at;
    struct escape last = class_item(parser);
    if (last.kind == ESCAPE_ERROR)
        return false;
    if (last.kind == ESCAPE_SET)
        return parser_fail(parser, REGEX_BAD_RANGE, last_at);
    if (last.value < first.value)
        return parser_fail(parser, REGEX_BAD_RANGE, start);
    set_add(set, first.value, last.value);
    return true;
}

static const struct {
    const char *text;
    void (*apply)(struct set *to, const struct set *from);
} operators[] = {{"&&", set_intersect}, {"--", set_subtract}, {"~~", set_differ}};

enum { OPERATORS = sizeof operators / sizeof operators[0] };

/* Folds the operand that ends here into the result of those before it. */
static void
class_apply(struct parser *parser, struct set *result, struct set *operand, size_t operation)
{
    if (parser->modes & MODE_IGNORE_CASE)
        set_fold(operand);
    if (operation == OPERATORS)
        set_unite(result, operand);
    else
        operators[operation].apply(result, operand);
}

static size_t
class_operator(struct parser *parser)
{
    for (size_t i = 0; i < OPERATORS; i++)
        if (parser_skip(parser, operators[i].text))
            return i;
    return OPERATORS;
}

static bool
class_element(struct parser *parser, struct set *set)
{
    if (!parser_sees(parser, "["))
        return class_range(parser, set);
    if (parse_posix(parser, set))
        return true;
    struct set *nested = parse_class(parser);
    if (nested)
        set_unite(set, nested);
    return nested != NULL;
}

/* A `]` or `-`s right after the opening bracket are literal. */
static void
class_begin(struct parser *parser, struct set *operand)
{
    bool first = true;

    parser_skip_blanks(parser);
    while (parser_sees(parser, "-")) {
        set_add(operand, '-', '-');
        parser->at++;
        parser_skip_blanks(parser);
        first = false;
    }
    if (first && parser_skip(parser, "]"))
        set_add(operand, ']', ']');
}

static bool
class_body(struct parser *parser, struct set *result)
{
    struct set *operand = parser_set(parser);
    size_t operation = OPERATORS;

    class_begin(parser, operand);
    for (;;) {
        parser_skip_blanks(parser);
        if (!parser_more(parser))
            return parser_fail(parser, REGEX_UNCLOSED_CLASS, parser->len);
        size_t next = class_operator(parser);
        bool end = next == OPERATORS && parser_skip(parser, "]");
        if (end || next != OPERATORS) {
            class_apply(parser, result, operand, operation);
            if (end)
                return true;
            operation = next;
            operand = parser_set(parser);
        } else if (!class_element(parser, operand)) {
            return false;
        }
    }
}

struct set *
parse_class(struct parser *parser)
{
    struct set *result = parser_set(parser);

    if (!parser_enter(parser))
        return NULL;
    parser->at++;
    parser_skip_blanks(parser);
    bool negated = parser_skip(parser, "^");
    if (!class_body(parser, result))
        return NULL;
    if (negated)
        set_negate(result);
    parser->depth--;
    return result;
}
