/* glob_parse.c: the text of a glob to tokens. */
#include "glob_parts.h"
#include "path.h"

struct parser {
    const uint8_t *at, *end;
    struct glob_tokens *out;
    bool inside; /* of braces */
    bool fresh;  /* no token yet, or none since the brace or comma */
};

static void
push(struct parser *parser, struct glob_token token)
{
    parser->out->list[parser->out->count++] = token;
    parser->fresh = token.kind == GLOB_OPEN || token.kind == GLOB_COMMA;
}

static void
push_kind(struct parser *parser, enum glob_kind kind)
{
    push(parser, (struct glob_token){.kind = kind});
}

static void
push_byte(struct parser *parser, uint8_t byte)
{
    push(parser, (struct glob_token){.kind = GLOB_LITERAL, .byte = byte});
}

static bool
sees(const struct parser *parser, char c)
{
    return parser->at < parser->end && *parser->at == (uint8_t)c;
}

/* A character of valid UTF-8: its bytes. */
struct character {
    const uint8_t *bytes;
    uint32_t len;
};

static struct character
next_character(struct parser *parser)
{
    const uint8_t *start = parser->at++;

    while (parser->at < parser->end && *parser->at >> 6 == 2)
        parser->at++;
    return (struct character){start, (uint32_t)(parser->at - start)};
}

static bool
is_descending(struct character first, struct character last)
{
    /* UTF-8 sorts as code points do, and longer ones are higher. */
    return last.len < first.len || (last.len == first.len && memcmp(last.bytes, first.bytes, last.len) < 0);
}

static void
set_add(struct glob_set *set, uint8_t from, uint8_t to)
{
    for (unsigned byte = from; byte <= to; byte++)
        set->bits[byte / 8] |= (uint8_t)(1u << byte % 8);
}

/* Sets are of bytes: a longer character stands for each of its bytes, a range goes from the last byte of the
 * first character to the first byte of the last. */
static void
set_add_range(struct glob_set *set, struct character first, struct character last)
{
    for (uint32_t i = 0; i < first.len; i++)
        set_add(set, first.bytes[i], first.bytes[i]);
    for (uint32_t i = 0; i < last.len; i++)
        set_add(set, last.bytes[i], last.bytes[i]);
    if (first.bytes != last.bytes)
        set_add(set, first.bytes[first.len - 1], last.bytes[0]);
}

/* Behind "[". */
static bool
parse_set(struct parser *parser)
{
    struct glob_tokens *out = parser->out;
    struct glob_set *set = &out->sets[out->set_count];
    bool negated = sees(parser, '!') || sees(parser, '^');

    parser->at += negated;
    for (bool first = true;; first = false) {
        if (parser->at == parser->end)
            return false;
        if (sees(parser, ']') && !first)
            break;
        struct character from = next_character(parser);
        struct character to = from;
        /* A dash is a range unless it is the last of the set. */
        if (sees(parser, '-') && parser->at + 1 < parser->end && parser->at[1] != ']') {
            parser->at++;
            to = next_character(parser);
            if (is_descending(from, to))
                return false;
        }
        set_add_range(set, from, to);
    }
    parser->at++;
    for (size_t i = 0; negated && i < sizeof set->bits; i++)
        set->bits[i] = (uint8_t)~set->bits[i];
    push(parser, (struct glob_token){.kind = GLOB_SET, .set = out->set_count++});
    return true;
}

/* Behind "*"; `previous` is the byte before it, 0 for none. */
static void
parse_star(struct parser *parser, uint8_t previous)
{
    struct glob_tokens *out = parser->out;
    bool at_end, at_slash;

    if (!sees(parser, '*')) {
        push_kind(parser, GLOB_STAR);
        return;
    }
    parser->at++;
    at_end = parser->at == parser->end || (parser->inside && (sees(parser, ',') || sees(parser, '}')));
    at_slash = sees(parser, '/');
    if (parser->fresh && (parser->at == parser->end || at_slash)) {
        parser->at += at_slash;
        push_kind(parser, GLOB_PREFIX);
    } else if (parser->fresh || previous != '/' || (!at_end && !at_slash)) {
        push_kind(parser, GLOB_STAR);
    } else {
        /* It takes the slash before it, which may have been taken by another one. */
        struct glob_token before = out->list[--out->count];

        parser->at += at_slash;
        if (before.kind == GLOB_PREFIX || before.kind == GLOB_SUFFIX)
            push(parser, before);
        else
            push_kind(parser, at_end ? GLOB_SUFFIX : GLOB_MIDDLE);
    }
}

static bool
parse_brace(struct parser *parser, uint8_t byte)
{
    if (byte == '{') {
        if (parser->inside)
            return false;
        parser->inside = true;
        push_kind(parser, GLOB_OPEN);
    } else if (parser->inside && byte == '}') {
        parser->inside = false;
        push_kind(parser, GLOB_CLOSE);
    } else if (byte == ',') {
        parser->inside ? push_kind(parser, GLOB_COMMA) : push_byte(parser, byte);
    } /* a stray closing brace means nothing */
    return true;
}

static bool
parse_escape(struct parser *parser)
{
    if (parser->at == parser->end)
        return false;
    push_byte(parser, *parser->at++);
    return true;
}

static bool
parse_one(struct parser *parser, uint8_t previous)
{
    uint8_t byte = *parser->at++;

    switch (byte) {
    case '?':
        push_kind(parser, GLOB_ANY);
        return true;
    case '*':
        parse_star(parser, previous);
        return true;
    case '[':
        return parse_set(parser);
    case '{':
    case '}':
    case ',':
        return parse_brace(parser, byte);
    case '\\':
        return parse_escape(parser);
    default:
        push_byte(parser, byte);
        return true;
    }
}

bool
rt_glob_parse(x07_rt *rt, x07_view pattern, struct glob_tokens *out)
{
    struct parser parser = {.at = pattern.ptr, .end = pattern.ptr + pattern.len, .out = out, .fresh = true};
    uint32_t sets = 0;

    for (uint32_t i = 0; i < pattern.len; i++)
        sets += pattern.ptr[i] == '[';
    *out = (struct glob_tokens){.list = rt_os_alloc(rt, (pattern.len + (size_t)1) * sizeof *out->list),
                                .sets = rt_os_alloc(rt, sets * sizeof *out->sets)};
    memset(out->sets, 0, sets * sizeof *out->sets);
    while (parser.at < parser.end)
        if (!parse_one(&parser, parser.at > pattern.ptr ? parser.at[-1] : 0))
            return false;
    return !parser.inside;
}
