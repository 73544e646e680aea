/* parse.c: alternatives, groups, repetition and modes of patterns. */
#include "parser.h"

#include "../utf8.h"

#include <stdlib.h>
#include <string.h>

/* Beyond this depth nothing is read any more, so that the recursion ends. */
enum { DEPTH_MAX = 2000 };

struct group_name {
    struct group_name *next;
    const uint8_t *text;
    uint32_t len;
};

/* Blocks of memory in a list. */
struct block {
    struct block *next;
    uint64_t data[];
};

void *
regex_memory(struct regex_tree *tree, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);

    if (!block)
        abort();
    block->next = tree->memory;
    tree->memory = block;
    return block->data;
}

void
regex_tree_free(struct regex_tree *tree)
{
    struct block *block = tree->memory;

    while (block) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    *tree = (struct regex_tree){0};
}

bool
parser_fail(struct parser *parser, enum regex_code code, uint32_t at)
{
    parser->tree->code = code;
    parser->tree->at = at;
    return false;
}

bool
parser_enter(struct parser *parser)
{
    if (++parser->depth <= REGEX_MAX_NESTING)
        return true;
    if (!parser->too_deep)
        parser->too_deep_at = parser->at;
    parser->too_deep = true;
    return parser->depth <= DEPTH_MAX || parser_fail(parser, REGEX_TOO_DEEP, parser->too_deep_at);
}

void
parser_skip_blanks(struct parser *parser)
{
    while ((parser->modes & MODE_VERBOSE) && parser_more(parser)) {
        uint8_t c = parser->text[parser->at];

        if (c == '#')
            while (parser_more(parser) && parser->text[parser->at] != '\n')
                parser->at++;
        else if (c == ' ' || (c >= '\t' && c <= '\r'))
            parser->at++;
        else
            return;
    }
}

struct regex_node *
parser_node(struct parser *parser, enum regex_kind kind)
{
    struct regex_node *node = regex_memory(parser->tree, sizeof *node);

    node->kind = kind;
    return node;
}

struct set *
parser_set(struct parser *parser)
{
    uint32_t size = parser->modes & MODE_UNICODE ? SET_POINTS : SET_BYTES;
    struct set *set = regex_memory(parser->tree, set_bytes(size));

    set->size = size;
    return set;
}

struct regex_node *
parser_set_node(struct parser *parser, struct set *set)
{
    struct regex_node *node = parser_node(parser, REGEX_SET);

    if (parser->modes & MODE_IGNORE_CASE)
        set_fold(set);
    node->set = set;
    return node;
}

uint32_t
parser_character(struct parser *parser)
{
    const uint8_t *p = parser->text + parser->at;
    uint32_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = len == 1 ? p[0] : p[0] & (0x7fU >> len);

    for (uint32_t i = 1; i < len; i++)
        c = c << 6 | (p[i] & 0x3f);
    parser->at += len;
    return c;
}

static struct regex_node *
assert_node(struct parser *parser, enum regex_assertion assertion)
{
    struct regex_node *node = parser_node(parser, REGEX_ASSERT);

    node->assertion = assertion;
    node->unicode = parser->modes & MODE_UNICODE;
    return node;
}

/* `^` or `$` by the modes. */
static struct regex_node *
anchor_node(struct parser *parser, bool start)
{
    if (!(parser->modes & MODE_MULTI_LINE))
        return assert_node(parser, start ? ASSERT_TEXT_START : ASSERT_TEXT_END);
    if (parser->modes & MODE_CRLF)
        return assert_node(parser, start ? ASSERT_CRLF_START : ASSERT_CRLF_END);
    return assert_node(parser, start ? ASSERT_LINE_START : ASSERT_LINE_END);
}

static struct regex_node *
dot_node(struct parser *parser)
{
    struct set *set = parser_set(parser);

    if (!(parser->modes & MODE_DOT_ALL)) {
        set_add(set, '\n', '\n');
        if (parser->modes & MODE_CRLF)
            set_add(set, '\r', '\r');
    }
    set_negate(set);
    struct regex_node *node = parser_node(parser, REGEX_SET);
    node->set = set;
    return node;
}

static struct regex_node *
escape_node(struct parser *parser)
{
    struct escape escape = parse_escape(parser);

    switch (escape.kind) {
    case ESCAPE_ASSERT:
        return assert_node(parser, (enum regex_assertion)escape.value);
    case ESCAPE_SET:
        return parser_set_node(parser, escape.set);
    case ESCAPE_ERROR:
        return NULL;
    default:
        return parser_literal(parser, escape);
    }
}

/* ---- repetition ---- */

static void
skip_spaces(struct parser *parser)
{
    while (parser_more(parser) && strchr(" \t\n\v\f\r", parser->text[parser->at]) && parser->text[parser->at])
        parser->at++;
}

static bool
count_number(struct parser *parser, int64_t *value)
{
    skip_spaces(parser);
    uint32_t start = parser->at;

    *value = 0;
    while (parser_more(parser) && parser->text[parser->at] >= '0' && parser->text[parser->at] <= '9') {
        if (*value <= UINT32_MAX)
            *value = *value * 10 + (parser->text[parser->at] - '0');
        parser->at++;
    }
    if (start == parser->at || *value > UINT32_MAX)
        return parser_fail(parser, REGEX_BAD_COUNT, start);
    skip_spaces(parser);
    return true;
}

/* {n}, {n,} or {n,m} */
static bool
parse_count(struct parser *parser, int64_t *min, int64_t *max)
{
    uint32_t brace = parser->at++;

    if (!parser_more(parser))
        return parser_fail(parser, REGEX_BAD_COUNT, brace);
    if (!count_number(parser, min))
        return false;
    *max = *min;
    if (parser_skip(parser, ",")) {
        if (!parser_more(parser))
            return parser_fail(parser, REGEX_BAD_COUNT, brace);
        *max = REGEX_UNBOUNDED;
        if (!parser_sees(parser, "}") && !count_number(parser, max))
            return false;
    }
    if (!parser_skip(parser, "}"))
        return parser_fail(parser, REGEX_BAD_COUNT, brace);
    return *max == REGEX_UNBOUNDED || *max >= *min || parser_fail(parser, REGEX_COUNT_REVERSED, brace);
}

static bool
at_repetition(const struct parser *parser)
{
    return parser_more(parser) && strchr("*+?{", parser->text[parser->at]) && parser->text[parser->at];
}

/* Everything that repeats `operand`. */
static struct regex_node *
parse_repetition(struct parser *parser, struct regex_node *operand)
{
    uint32_t depth = parser->depth;

    for (parser_skip_blanks(parser); operand && at_repetition(parser); parser_skip_blanks(parser)) {
        if (!parser_enter(parser)) /* each repeats the one before it */
            return NULL;
        struct regex_node *node = parser_node(parser, REGEX_REPEAT);
        uint8_t c = parser->text[parser->at];

        node->left = operand;
        node->min = c == '+';
        node->max = c == '?' ? 1 : REGEX_UNBOUNDED;
        if (c != '{')
            parser->at++;
        else if (!parse_count(parser, &node->min, &node->max))
            return NULL;
        node->lazy = parser_skip(parser, "?") != ((parser->modes & MODE_SWAP_GREED) != 0);
        operand = node;
    }
    parser->depth = depth;
    return operand;
}

/* ---- groups ---- */

static struct regex_node *parse_alternatives(struct parser *parser);

static bool
add_name(struct parser *parser, const uint8_t *text, uint32_t len, uint32_t at)
{
    for (const struct group_name *name = parser->names; name; name = name->next)
        if (name->len == len && memcmp(name->text, text, len) == 0)
            return parser_fail(parser, REGEX_OTHER, at);
    struct group_name *name = regex_memory(parser->tree, sizeof *name);
    *name = (struct group_name){parser->names, text, len};
    parser->names = name;
    return true;
}

/* The name of a group, up to its `>`. */
static bool
parse_name(struct parser *parser)
{
    uint32_t start = parser->at;

    while (parser_more(parser) && parser->text[parser->at] != '>') {
        uint8_t c = parser->text[parser->at];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c >= 0x80;

        if (!letter && (parser->at == start || !strchr("0123456789.[]", c)))
            return parser_fail(parser, REGEX_OTHER, parser->at);
        parser->at++;
    }
    if (!parser_more(parser))
        return parser_fail(parser, REGEX_OTHER, parser->len);
    if (parser->at == start)
        return parser_fail(parser, REGEX_OTHER, start);
    parser->at++;
    return add_name(parser, parser->text + start, parser->at - 1 - start, start);
}

/* Modes up to `)` or `:`, at which it stops. */
static bool
parse_modes(struct parser *parser, unsigned *modes)
{
    static const char letters[] = "imsUxRu";
    unsigned seen = 0;
    bool negated = false, dangling = false;

    *modes = parser->modes;
    for (; parser_more(parser) && parser->text[parser->at] != ')' && parser->text[parser->at] != ':';
         parser->at++) {
        uint8_t c = parser->text[parser->at];
        const char *letter = c ? strchr(letters, c) : NULL;

        if (c == '-' && !negated) {
            negated = dangling = true;
            continue;
        }
        if (!letter || seen >> (letter - letters) & 1)
            return parser_fail(parser, REGEX_OTHER, parser->at);
        dangling = false;
        seen |= 1U << (letter - letters);
        *modes = negated ? *modes & ~(1U << (letter - letters)) : *modes | 1U << (letter - letters);
    }
    if (!parser_more(parser))
        return parser_fail(parser, REGEX_OTHER, parser->len);
    return !dangling || parser_fail(parser, REGEX_OTHER, parser->at - 1);
}

/* The alternatives of a group up to its `)`, in modes that end with it. */
static struct regex_node *
parse_group_body(struct parser *parser, uint32_t index, unsigned modes)
{
    unsigned outside = parser->modes;
    struct regex_node *node = parser_node(parser, REGEX_GROUP);

    node->index = index;
    parser->modes = modes;
    if (!(node->left = parse_alternatives(parser)))
        return NULL;
    if (!parser_skip(parser, ")")) {
        parser_fail(parser, REGEX_UNCLOSED_GROUP, parser->len);
        return NULL;
    }
    parser->modes = outside;
    parser->depth--;
    return node;
}

/* A group, or NULL after an error; a mere switch of modes gives *is_switch. */
static struct regex_node *
parse_group(struct parser *parser, bool *is_switch)
{
    static const char *const look_around[] = {"(?=", "(?!", "(?<=", "(?<!"};
    uint32_t start = parser->at;
    unsigned modes;

    *is_switch = false;
    for (size_t i = 0; i < sizeof look_around / sizeof look_around[0]; i++)
        if (parser_sees(parser, look_around[i])) {
            parser_fail(parser, REGEX_OTHER, start);
            return NULL;
        }
    if (!parser_enter(parser))
        return NULL;
    if (parser_skip(parser, "(?P<") || parser_skip(parser, "(?<"))
        return parse_name(parser) ? parse_group_body(parser, ++parser->tree->groups, parser->modes) : NULL;
    if (!parser_skip(parser, "(?")) {
        parser->at++;
        return parse_group_body(parser, ++parser->tree->groups, parser->modes);
    }
    if (!parser_more(parser)) {
        parser_fail(parser, REGEX_UNCLOSED_GROUP, parser->len);
        return NULL;
    }
    if (parser_sees(parser, ")")) {
        parser_fail(parser, REGEX_NOTHING_TO_REPEAT, parser->at - 1);
        return NULL;
    }
    if (!parse_modes(parser, &modes))
        return NULL;
    if (parser_skip(parser, ":"))
        return parse_group_body(parser, 0, modes);
    parser->at++;
    parser->depth--;
    parser->modes = modes;
    *is_switch = true;
    return parser_node(parser, REGEX_EMPTY);
}

/* ---- sequences ---- */

static struct regex_node *
parse_item(struct parser *parser, bool *is_switch)
{
    uint8_t c = parser->text[parser->at];

    *is_switch = false;
    switch (c) {
    case '(':
        return parse_group(parser, is_switch);
    case '[': {
        struct set *set = parse_class(parser);
        struct regex_node *node = set ? parser_node(parser, REGEX_SET) : NULL;

        if (node)
            node->set = set;
        return node;
    }
    case '\\':
        return escape_node(parser);
    case '.':
        parser->at++;
        return dot_node(parser);
    case '^':
    case '$':
        parser->at++;
        return anchor_node(parser, c == '^');
    default:
        return parser_literal(parser, (struct escape){ESCAPE_POINT, parser_character(parser), NULL});
    }
}

/* Children in order: an only one stands for itself. */
struct children {
    struct regex_node *first, *last;
};

static void
children_add(struct children *children, struct regex_node *node)
{
    if (children->last)
        children->last->next = node;
    else
        children->first = node;
    children->last = node;
}

static struct regex_node *
children_join(struct parser *parser, const struct children *children, enum regex_kind kind)
{
    if (!children->first)
        return parser_node(parser, REGEX_EMPTY);
    if (children->first == children->last)
        return children->first;
    struct regex_node *node = parser_node(parser, kind);
    node->left = children->first;
    return node;
}

/* One alternative. */
static struct regex_node *
parse_sequence(struct parser *parser)
{
    struct children children = {NULL, NULL};

    for (;;) {
        bool is_switch;

        parser_skip_blanks(parser);
        if (!parser_more(parser) || parser_sees(parser, "|") || parser_sees(parser, ")"))
            return children_join(parser, &children, REGEX_CONCAT);
        if (at_repetition(parser)) { /* only where there is nothing before it */
            parser_fail(parser, REGEX_NOTHING_TO_REPEAT, parser->at);
            return NULL;
        }
        struct regex_node *item = parse_item(parser, &is_switch);
        if (item && !is_switch)
            item = parse_repetition(parser, item);
        if (!item)
            return NULL;
        if (!is_switch)
            children_add(&children, item);
    }
}

static struct regex_node *
parse_alternatives(struct parser *parser)
{
    struct children children = {NULL, NULL};

    do {
        struct regex_node *one = parse_sequence(parser);

        if (!one)
            return NULL;
        children_add(&children, one);
    } while (parser_skip(parser, "|"));
    return children_join(parser, &children, REGEX_ALTERNATE);
}

void
regex_parse(const uint8_t *pattern, uint32_t len, unsigned modes, struct regex_tree *tree)
{
    struct parser parser = {.text = pattern, .len = len, .modes = modes, .tree = tree};

    *tree = (struct regex_tree){0};
    if (!utf8_is_valid(pattern, len)) {
        tree->code = REGEX_OTHER;
        return;
    }
    tree->root = parse_alternatives(&parser);
    if (tree->root && parser_more(&parser)) /* only `)` stops it before the end */
        parser_fail(&parser, REGEX_OTHER, parser.at);
    if (!tree->code && parser.too_deep)
        parser_fail(&parser, REGEX_TOO_DEEP, parser.too_deep_at);
    if (!tree->code && tree->groups > REGEX_MAX_GROUPS)
        parser_fail(&parser, REGEX_TOO_MANY_GROUPS, 0);
}
