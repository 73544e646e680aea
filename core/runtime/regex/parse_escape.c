/* parse_escape.c: what follows a backslash, and literal characters. */
#include "parser.h"

#include <stdio.h>
#include <string.h>

enum { NO_VALUE = UINT32_MAX, PROPERTY_MAX = 64 };

static const struct escape failed = {ESCAPE_ERROR, 0, NULL};

static struct escape
escape_fail(struct parser *parser, uint32_t at)
{
    parser_fail(parser, REGEX_OTHER, at);
    return failed;
}

bool
parser_add_perl(struct parser *parser, struct set *set, uint8_t letter)
{
    static const struct {
        uint8_t letter;
        const char *unicode;
    } classes[] = {{'d', "[\\p{Nd}]"}, {'s', "[\\p{White_Space}]"}, {'w', SET_UNICODE_WORD}};

    if (parser->modes & MODE_UNICODE) {
        for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
            if (classes[i].letter == letter)
                return set_add_class(set, classes[i].unicode, false);
        return false;
    }
    if (letter == 's') {
        set_add(set, 9, 13);
        set_add(set, ' ', ' ');
        return true;
    }
    set_add(set, '0', '9');
    if (letter == 'w') {
        set_add(set, 'A', 'Z');
        set_add(set, 'a', 'z');
        set_add(set, '_', '_');
    }
    return true;
}

static struct escape
perl_class(struct parser *parser, uint8_t letter)
{
    struct escape escape = {ESCAPE_SET, 0, parser_set(parser)};

    if (!parser_add_perl(parser, escape.set, letter | 0x20))
        return escape_fail(parser, parser->at - 2);
    if (!(letter & 0x20))
        set_negate(escape.set);
    return escape;
}

/* \pL, \p{Name}, \P..., \p{^Name}: the name is the library's to know. */
static struct escape
property(struct parser *parser, uint32_t start, bool negated)
{
    char name[PROPERTY_MAX], class_text[PROPERTY_MAX + 8];
    uint32_t len = 0;

    if (!(parser->modes & MODE_UNICODE))
        return escape_fail(parser, start);
    if (parser_skip(parser, "{")) {
        while (parser_more(parser) && parser->text[parser->at] != '}') {
            if (len + 1 == sizeof name)
                return escape_fail(parser, start);
            name[len++] = (char)parser->text[parser->at++];
        }
        if (!parser_skip(parser, "}"))
            return escape_fail(parser, parser->len);
    } else if (parser_more(parser)) {
        name[len++] = (char)parser->text[parser->at++];
    } else {
        return escape_fail(parser, parser->len);
    }
    name[len] = '\0';
    struct escape escape = {ESCAPE_SET, 0, parser_set(parser)};
    snprintf(class_text, sizeof class_text, "[\\p{%s}]", name);
    if (!len || strpbrk(name, "\\[]") || !set_add_class(escape.set, class_text, false))
        return escape_fail(parser, start);
    if (negated)
        set_negate(escape.set);
    return escape;
}

static uint32_t
hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (uint32_t)'0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - (uint32_t)'a' + 10 : NO_VALUE;
}

static struct escape
hex_value(struct parser *parser, uint32_t value, uint32_t digits_at, bool byte)
{
    if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return escape_fail(parser, digits_at);
    bool is_byte = byte && !(parser->modes & MODE_UNICODE);
    return (struct escape){is_byte ? ESCAPE_BYTE : ESCAPE_POINT, value, NULL};
}

static struct escape
hex_braces(struct parser *parser)
{
    uint32_t brace = parser->at++, start = parser->at, value = 0;

    for (; parser_more(parser) && parser->text[parser->at] != '}'; parser->at++) {
        uint32_t digit = hex_digit(parser->text[parser->at]);

        if (digit == NO_VALUE)
            return escape_fail(parser, parser->at);
        if (value <= 0x10ffff)
            value = value << 4 | digit;
    }
    if (!parser_more(parser))
        return escape_fail(parser, brace);
    parser->at++;
    if (parser->at - 1 == start)
        return escape_fail(parser, brace);
    return hex_value(parser, value, start, false);
}

/* \xHH, \uHHHH, \UHHHHHHHH, or digits in braces. */
static struct escape
hex(struct parser *parser, uint8_t letter)
{
    uint32_t count = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    uint32_t start = parser->at, value = 0;

    if (parser_sees(parser, "{"))
        return hex_braces(parser);
    for (uint32_t i = 0; i < count; i++, parser->at++) {
        if (!parser_more(parser))
            return escape_fail(parser, parser->len);
        uint32_t digit = hex_digit(parser->text[parser->at]);
        if (digit == NO_VALUE)
            return escape_fail(parser, parser->at);
        value = value >> 28 ? 0x7fffffff : value << 4 | digit;
    }
    return hex_value(parser, value, start, count == 2);
}

static struct escape
assertion(enum regex_assertion which)
{
    return (struct escape){ESCAPE_ASSERT, which, NULL};
}

/* \b, or one of its forms in braces. */
static struct escape
word_boundary(struct parser *parser)
{
    static const struct {
        const char *text;
        enum regex_assertion which;
    } forms[] = {{"{start}", ASSERT_WORD_START},
                 {"{end}", ASSERT_WORD_END},
                 {"{start-half}", ASSERT_HALF_START},
                 {"{end-half}", ASSERT_HALF_END}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (parser_skip(parser, forms[i].text))
            return assertion(forms[i].which);
    if (parser_sees(parser, "{") && parser->at + 1 < parser->len) {
        uint8_t next = parser->text[parser->at + 1] | 0x20;

        if (next >= 'a' && next <= 'z')
            return escape_fail(parser, parser->at + 1);
    }
    return assertion(ASSERT_WORD);
}

struct escape
parse_escape(struct parser *parser)
{
    static const char letters[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    uint32_t start = parser->at++;

    if (!parser_more(parser))
        return escape_fail(parser, start);
    uint8_t c = parser->text[parser->at++];
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter)
        return (struct escape){ESCAPE_POINT, (uint8_t)values[letter - letters], NULL};
    switch (c) {
    case 'd':
    case 'D':
    case 's':
    case 'S':
    case 'w':
    case 'W':
        return perl_class(parser, c);
    case 'p':
    case 'P':
        return property(parser, start, c == 'P');
    case 'x':
    case 'u':
    case 'U':
        return hex(parser, c);
    case 'A':
        return assertion(ASSERT_TEXT_START);
    case 'z':
        return assertion(ASSERT_TEXT_END);
    case 'b':
        return word_boundary(parser);
    case 'B':
        return assertion(ASSERT_NOT_WORD);
    case '<':
        return assertion(ASSERT_WORD_START);
    case '>':
        return assertion(ASSERT_WORD_END);
    default:
        break;
    }
    uint8_t folded = c | 0x20;
    if (c >= 0x80 || (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'z'))
        return escape_fail(parser, start);
    return (struct escape){ESCAPE_POINT, c, NULL};
}

static uint32_t
encode(uint32_t c, uint8_t *out)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    uint32_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (uint32_t i = len; i-- > 1; c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(lead[len] | c);
    return len;
}

/* Characters that differ from others in case; K and S also from some outside ASCII. */
static bool
has_cases(const struct parser *parser, uint32_t c)
{
    if (!(parser->modes & MODE_IGNORE_CASE))
        return false;
    return c < 0x80 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : (parser->modes & MODE_UNICODE) != 0;
}

static struct regex_node *
folded_literal(struct parser *parser, uint32_t c)
{
    struct regex_node *node = parser_node(parser, REGEX_SET);
    bool ascii_only = c < 0x80 && (!(parser->modes & MODE_UNICODE) || !strchr("kKsS", (int)c));
    uint32_t size = ascii_only ? SET_BYTES : SET_POINTS;

    node->set = regex_memory(parser->tree, set_bytes(size));
    node->set->size = size;
    set_add(node->set, c, c);
    set_fold(node->set);
    return node;
}

struct regex_node *
parser_literal(struct parser *parser, struct escape literal)
{
    if (has_cases(parser, literal.value))
        return folded_literal(parser, literal.value);
    struct regex_node *node = parser_node(parser, REGEX_BYTES);
    if (literal.kind == ESCAPE_BYTE) {
        node->bytes[0] = (uint8_t)literal.value;
        node->len = 1;
    } else {
        node->len = encode(literal.value, node->bytes);
    }
    return node;
}
