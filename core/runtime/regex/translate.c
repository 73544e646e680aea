/* translate.c: see translate.h. The library sees bytes in \x form and nothing that it could read in another
 * way. */
#include "translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library's largest count. */
enum { COUNT_MAX = 65535, TEXT_MAX = 1 << 26 };

static void put(struct translation *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
put(struct translation *out, const char *format, ...)
{
    char piece[64];
    va_list arguments;

    va_start(arguments, format);
    int len = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (out->failed)
        return;
    if (out->cap - out->len <= (size_t)len) {
        size_t cap = out->cap ? 2 * out->cap : 256;
        char *text = cap > TEXT_MAX ? NULL : realloc(out->text, cap);

        out->failed = !text;
        if (!text)
            return;
        out->text = text;
        out->cap = cap;
    }
    memcpy(out->text + out->len, piece, (size_t)len + 1);
    out->len += (size_t)len;
}

/* A class of bytes; it may be empty. */
static void
put_class(struct translation *out, const bool member[256])
{
    bool any = false;

    for (unsigned i = 0; i < 256; i++)
        any |= member[i];
    put(out, any ? "[" : "[^\\x00-\\xff]");
    for (unsigned first = 0, last; any && first < 256; first = last + 1) {
        last = first;
        if (!member[first])
            continue;
        while (last < 255 && member[last + 1])
            last++;
        put(out, first == last ? "\\x%02x" : "\\x%02x-\\x%02x", first, last);
    }
    if (any)
        put(out, "]");
}

static bool
is_empty(const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words[i])
            return false;
    return true;
}

/* The code points of `count` blocks of `size` words each; the sequences of block i begin with the byte base +
 * i and go on in the same way, a word standing for the 64 last bytes. Alternatives, each after a `|` but the
 * first. */
static void
put_blocks(struct translation *out, const uint64_t *words, size_t count, size_t size, unsigned base,
           bool *begun)
{
    bool done[64] = {false};

    for (size_t i = 0; i < count; i++) {
        bool first_bytes[256] = {false};

        if (done[i] || is_empty(words + i * size, size))
            continue;
        for (size_t k = i; k < count; k++)
            if (memcmp(words + i * size, words + k * size, size * sizeof *words) == 0)
                done[k] = first_bytes[base + k] = true;
        put(out, *begun ? "|" : "");
        *begun = true;
        put_class(out, first_bytes);
        if (size > 1) {
            bool inner = false;

            put(out, "(?:");
            put_blocks(out, words + i * size, 64, size / 64, 0x80, &inner);
            put(out, ")");
        } else {
            bool last_bytes[256] = {false};

            for (unsigned k = 0; k < 64; k++)
                last_bytes[0x80 + k] = words[i] >> k & 1;
            put_class(out, last_bytes);
        }
    }
}

/* Alternatives, one or more for each length of UTF-8. */
static void
put_points(struct translation *out, const struct set *set)
{
    enum { TWO = 2, THREE = 0x800 / 64, FOUR = 0x10000 / 64, LEAD = 64 * 64, WORDS = 5 * LEAD };
    uint64_t *words = calloc(WORDS, sizeof *words);
    bool ascii[256], begun = false;

    if (!words) {
        out->failed = true;
        return;
    }
    for (unsigned i = 0; i < 256; i++)
        begun |= ascii[i] = i < 0x80 && set_has(set, i);
    if (begun)
        put_class(out, ascii);
    memcpy(words, set->bits, SET_POINTS / 8);
    put_blocks(out, words + TWO, THREE - TWO, 1, 0xc0 + TWO, &begun);
    memset(words, 0, THREE * sizeof *words);
    put_blocks(out, words, FOUR / 64, 64, 0xe0, &begun);
    memset(words, 0, FOUR * sizeof *words);
    put_blocks(out, words, WORDS / LEAD, LEAD, 0xf0, &begun);
    if (!begun)
        put(out, "[^\\x00-\\xff]");
    free(words);
}

static void
put_set(struct translation *out, const struct set *set)
{
    bool member[256];

    if (set->size == SET_POINTS) {
        put(out, "(?:");
        put_points(out, set);
        put(out, ")");
        return;
    }
    for (unsigned i = 0; i < 256; i++)
        member[i] = set_has(set, i);
    put_class(out, member);
}

/* What a word character is. */
static void
put_word(struct translation *out, bool unicode)
{
    struct set *set = unicode ? calloc(1, set_bytes(SET_POINTS)) : NULL;

    if (!set) {
        out->failed |= unicode;
        put(out, "[0-9A-Z_a-z]");
        return;
    }
    set->size = SET_POINTS;
    set_add_class(set, SET_UNICODE_WORD, false);
    put_points(out, set);
    free(set);
}

/* W stands for a word character. */
static const char *const assertions[] = {
    [ASSERT_TEXT_START] = "\\A",
    [ASSERT_TEXT_END] = "\\z",
    [ASSERT_LINE_START] = "(?<![^\\x0a])",
    [ASSERT_LINE_END] = "(?![^\\x0a])",
    [ASSERT_CRLF_START] = "(?<![^\\x0a\\x0d])(?!(?<=\\x0d)\\x0a)",
    [ASSERT_CRLF_END] = "(?![^\\x0a\\x0d])(?!(?<=\\x0d)\\x0a)",
    [ASSERT_WORD] = "(?<=W)(?!W)|(?<!W)(?=W)",
    [ASSERT_NOT_WORD] = "(?<=W)(?=W)|(?<!W)(?!W)",
    [ASSERT_WORD_START] = "(?<!W)(?=W)",
    [ASSERT_WORD_END] = "(?<=W)(?!W)",
    [ASSERT_HALF_START] = "(?<!W)",
    [ASSERT_HALF_END] = "(?!W)",
};

static void
put_assertion(struct translation *out, const struct regex_node *node)
{
    put(out, "(?:");
    for (const char *p = assertions[node->assertion]; *p; p++)
        if (*p == 'W')
            put_word(out, node->unicode);
        else
            put(out, "%c", *p);
    put(out, ")");
}

static void put_node(struct translation *out, const struct regex_node *node, bool captures);

/* What a count follows: one item for the library. */
static void
put_operand(struct translation *out, const struct regex_node *node, bool captures)
{
    bool item = node->kind == REGEX_SET || node->kind == REGEX_GROUP || node->kind == REGEX_ASSERT ||
                (node->kind == REGEX_BYTES && node->len == 1);

    put(out, item ? "" : "(?:");
    put_node(out, node, captures);
    put(out, item ? "" : ")");
}

static bool
has_captures(const struct regex_node *node)
{
    if (node->kind == REGEX_GROUP && node->index)
        return true;
    for (const struct regex_node *kid = node->left; kid; kid = kid->next)
        if (has_captures(kid))
            return true;
    return false;
}

/* The operand `count` times; the library's counts end earlier than those of the dialect. */
static void
put_times(struct translation *out, const struct regex_node *operand, int64_t count, bool captures,
          const char *lazy)
{
    if (count > COUNT_MAX) {
        put(out, "(?:");
        put_operand(out, operand, captures);
        put(out, "{%d}){%d}", COUNT_MAX, (int)(count / COUNT_MAX));
        count %= COUNT_MAX;
    }
    put_operand(out, operand, captures);
    put(out, "{%d}%s", (int)count, lazy);
}

static void
put_repeat(struct translation *out, const struct regex_node *node, bool captures)
{
    const char *lazy = node->lazy ? "?" : "";
    bool unbounded = node->max == REGEX_UNBOUNDED;

    if (node->min <= COUNT_MAX && node->max <= COUNT_MAX) {
        put_operand(out, node->left, captures);
        if (unbounded)
            put(out, "{%d,}%s", (int)node->min, lazy);
        else
            put(out, "{%d,%d}%s", (int)node->min, (int)node->max, lazy);
    } else if (captures && has_captures(node->left)) {
        out->failed = true; /* a group cannot be written twice */
    } else {
        put_times(out, node->left, node->min, captures, lazy);
        if (unbounded) {
            put_operand(out, node->left, captures);
            put(out, "{0,}%s", lazy);
        }
        for (int64_t rest = unbounded ? 0 : node->max - node->min; rest > 0; rest -= COUNT_MAX) {
            put_operand(out, node->left, captures);
            put(out, "{0,%d}%s", (int)(rest < COUNT_MAX ? rest : COUNT_MAX), lazy);
        }
    }
}

static void
put_children(struct translation *out, const struct regex_node *node, bool captures)
{
    const char *between = node->kind == REGEX_ALTERNATE ? "|" : "";

    for (const struct regex_node *kid = node->left; kid; kid = kid->next) {
        put_node(out, kid, captures);
        put(out, "%s", kid->next ? between : "");
    }
}

static void
put_node(struct translation *out, const struct regex_node *node, bool captures)
{
    switch (node->kind) {
    case REGEX_EMPTY:
        put(out, "(?:)");
        return;
    case REGEX_BYTES:
        for (uint32_t i = 0; i < node->len; i++)
            put(out, "\\x%02x", (unsigned)node->bytes[i]);
        return;
    case REGEX_SET:
        put_set(out, node->set);
        return;
    case REGEX_ASSERT:
        put_assertion(out, node);
        return;
    case REGEX_GROUP:
        put(out, captures && node->index ? "(" : "(?:");
        put_node(out, node->left, captures);
        put(out, ")");
        return;
    case REGEX_REPEAT:
        put_repeat(out, node, captures);
        return;
    case REGEX_CONCAT:
    case REGEX_ALTERNATE:
        put_children(out, node, captures);
        return;
    }
}

void
regex_translate(const struct regex_tree *tree, bool captures, struct translation *out)
{
    *out = (struct translation){0};
    put_node(out, tree->root, captures);
}

static uint64_t
limited(uint64_t states)
{
    return states > REGEX_STATES_MAX ? REGEX_STATES_MAX + 1 : states;
}

static uint64_t
set_states(const struct set *set)
{
    uint32_t from = 0, first, last;
    uint64_t ranges = 0;

    while (set->size == SET_POINTS && set_range(set, &from, &first, &last))
        ranges++;
    return ranges ? 2 * ranges : 1;
}

uint64_t
regex_states(const struct regex_node *node)
{
    uint64_t states = 0;

    if (node->kind == REGEX_BYTES)
        return node->len;
    if (node->kind == REGEX_SET)
        return set_states(node->set);
    for (const struct regex_node *kid = node->left; kid; kid = kid->next)
        states = limited(states + regex_states(kid));
    if (node->kind == REGEX_REPEAT) {
        uint64_t times = (uint64_t)(node->max > 0 ? node->max : node->min);

        states = limited(states * (times ? times : 1));
    }
    return states;
}
