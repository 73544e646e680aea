/* regex.c: regex.* as documents: handles, matches, lists of slices. Knows patterns only by their searches. */
#include "../internal.h"
#include "../x07rt_regex.h"
#include "pattern.h"

#include <stdlib.h>

enum { COMPILED_SIZE = 18, HANDLE_AT = 6, SLICES_HEADER = 12, OPTIONS = 7 };

/* All patterns of a program; handles count from 1. */
struct patterns {
    struct pattern **items;
    uint32_t count, cap;
};

static void
patterns_release(void *data)
{
    struct patterns *patterns = data;

    for (uint32_t i = 0; i < patterns->count; i++)
        pattern_free(patterns->items[i]);
    free(patterns->items);
    free(patterns);
}

static struct patterns *
patterns_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->regex;

    if (!state->data) {
        state->data = calloc(1, sizeof(struct patterns));
        if (!state->data)
            x07_trap(rt, "out of memory");
        state->release = patterns_release;
    }
    return state->data;
}

static uint32_t
patterns_add(x07_rt *rt, struct pattern *pattern)
{
    struct patterns *patterns = patterns_of(rt);

    if (patterns->count == patterns->cap) {
        uint32_t cap = patterns->cap ? 2 * patterns->cap : 8;
        struct pattern **items = realloc(patterns->items, cap * sizeof(struct pattern *));

        if (!items)
            x07_trap(rt, "out of memory");
        patterns->items = items;
        patterns->cap = cap;
    }
    patterns->items[patterns->count++] = pattern;
    return patterns->count;
}

/* ---- documents ---- */

static void
put_word(uint8_t *to, size_t word)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(word >> 8 * i);
}

static uint32_t
get_word(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint32_t
fnv1a(x07_view text)
{
    uint32_t hash = 2166136261U;

    for (uint32_t i = 0; i < text.len; i++)
        hash = (hash ^ text.ptr[i]) * 16777619U;
    return hash;
}

static x07_bytes
error_document(x07_rt *rt, enum regex_code code, uint32_t at)
{
    x07_bytes out = x07_bytes_alloc(rt, 9);

    put_word(out.ptr + 1, code);
    put_word(out.ptr + 5, at);
    return out;
}

/* Bytes that grow in the program's heap. */
struct output {
    x07_rt *rt;
    uint8_t *data;
    uint32_t len, cap;
};

static uint8_t *
output_more(struct output *output, size_t size)
{
    uint64_t need = (uint64_t)output->len + size;

    if (need > output->cap) {
        uint64_t cap = output->cap ? 2 * (uint64_t)output->cap : 64;

        cap = cap < need ? need : cap;
        if (cap > UINT32_MAX)
            x07_trap(output->rt, "out of memory");
        output->data = rt_memory_grow(output->rt, output->data, output->cap, output->len, (uint32_t)cap);
        output->cap = (uint32_t)cap;
    }
    output->len += (uint32_t)size;
    return output->data + output->len - size;
}

static void
output_slice(struct output *output, size_t start, size_t len)
{
    uint8_t *to = output_more(output, 8);

    put_word(to, start);
    put_word(to + 4, len);
}

static void
output_bytes(struct output *output, const uint8_t *from, size_t len)
{
    if (len)
        memcpy(output_more(output, len), from, len);
}

static void
output_drop(struct output *output)
{
    if (output->cap)
        rt_memory_free(output->rt, output->data);
}

static x07_bytes
output_take(struct output *output)
{
    x07_bytes out = {rt_memory_take(output->rt, output->len), output->len};

    if (output->len)
        memcpy(out.ptr, output->data, output->len);
    output_drop(output);
    return out;
}

/* ---- patterns of programs ---- */

x07_bytes
x07_regex_compile_opts_v1(x07_rt *rt, x07_view pattern, uint32_t opts)
{
    enum regex_code code;
    uint32_t at;
    struct pattern *compiled = pattern_new(pattern.ptr, pattern.len, opts & OPTIONS, &code, &at);

    if (!compiled)
        return error_document(rt, code, at);
    x07_bytes out = x07_bytes_alloc(rt, COMPILED_SIZE);
    memcpy(out.ptr, "\1X7RG\1", HANDLE_AT);
    put_word(out.ptr + HANDLE_AT, patterns_add(rt, compiled));
    put_word(out.ptr + 10, opts);
    put_word(out.ptr + 14, fnv1a(pattern));
    return out;
}

/* The pattern that a document names; NULL, and *out is the answer, when there is none. */
static struct pattern *
find_pattern(x07_rt *rt, x07_view compiled, x07_bytes *out)
{
    const struct patterns *patterns = patterns_of(rt);

    if (compiled.len && !compiled.ptr[0]) {
        *out = (x07_bytes){rt_memory_take(rt, compiled.len), compiled.len};
        memcpy(out->ptr, compiled.ptr, compiled.len);
        return NULL;
    }
    if (compiled.len >= COMPILED_SIZE && memcmp(compiled.ptr, "\1X7RG\1", HANDLE_AT) == 0) {
        uint32_t handle = get_word(compiled.ptr + HANDLE_AT);

        if (handle && handle <= patterns->count)
            return patterns->items[handle - 1];
    }
    *out = error_document(rt, REGEX_BAD_COMPILED, 0);
    return NULL;
}

/* ---- searches ---- */

static size_t
start_of(uint32_t start)
{
    return (int32_t)start < 0 ? 0 : start;
}

static enum search
search(struct pattern *pattern, x07_view text, size_t from, struct span *match)
{
    *match = (struct span){0, 0};
    return from > text.len ? SEARCH_NONE : pattern_search(pattern, text.ptr, text.len, from, match);
}

x07_bytes
x07_regex_exec_from_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t start)
{
    x07_bytes out;
    struct pattern *pattern = find_pattern(rt, compiled, &out);
    struct span match;

    if (!pattern)
        return out;
    enum search found = search(pattern, text, start_of(start), &match);
    if (found == SEARCH_GAVE_UP)
        return error_document(rt, REGEX_TOO_LARGE, 0);
    out = x07_bytes_alloc(rt, 10);
    out.ptr[0] = 1;
    out.ptr[1] = found == SEARCH_FOUND;
    put_word(out.ptr + 2, match.start);
    put_word(out.ptr + 6, match.end);
    return out;
}

x07_bytes
x07_regex_exec_caps_from_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t start)
{
    x07_bytes out;
    struct pattern *pattern = find_pattern(rt, compiled, &out);
    struct span match, groups[REGEX_MAX_GROUPS];

    if (!pattern)
        return out;
    uint32_t count = pattern_groups(pattern);
    enum search found = search(pattern, text, start_of(start), &match);
    if (found == SEARCH_FOUND && count)
        found = pattern_captures(pattern, text.ptr, text.len, match, groups);
    if (found == SEARCH_GAVE_UP)
        return error_document(rt, REGEX_TOO_LARGE, 0);
    out = x07_bytes_alloc(rt, 14 + 8 * count);
    out.ptr[0] = 1;
    out.ptr[1] = found == SEARCH_FOUND;
    put_word(out.ptr + 2, match.start);
    put_word(out.ptr + 6, match.end);
    put_word(out.ptr + 10, count);
    for (uint32_t i = 0; i < count; i++) {
        put_word(out.ptr + 14 + 8 * i, found == SEARCH_FOUND ? groups[i].start : UINT32_MAX);
        put_word(out.ptr + 18 + 8 * i, found == SEARCH_FOUND ? groups[i].end : UINT32_MAX);
    }
    return out;
}

/* One match after the other: an empty one does not stop the walk. */
struct walk {
    struct pattern *pattern;
    x07_view text;
    size_t at;
    struct span match;
    bool gave_up;
};

static bool
walk_next(struct walk *walk)
{
    enum search found = search(walk->pattern, walk->text, walk->at, &walk->match);

    walk->gave_up = found == SEARCH_GAVE_UP;
    if (found != SEARCH_FOUND)
        return false;
    walk->at = walk->match.end > walk->match.start ? walk->match.end : walk->match.start + 1;
    return true;
}

/* Whether `count` has reached a limit, which is none when it is not above 0. */
static bool
reached(uint32_t count, uint32_t limit)
{
    return (int32_t)limit > 0 && count >= limit;
}

static struct output
slices_begin(x07_rt *rt)
{
    struct output output = {.rt = rt};

    memcpy(output_more(&output, SLICES_HEADER), "X7SL\1\0\0\0\0\0\0\0", SLICES_HEADER);
    return output;
}

/* The list, or the error document of a walk that gave up. */
static x07_bytes
slices_end(struct output *output, const struct walk *walk, uint32_t count)
{
    if (walk->gave_up) {
        output_drop(output);
        return error_document(output->rt, REGEX_TOO_LARGE, 0);
    }
    put_word(output->data + 8, count);
    return output_take(output);
}

x07_bytes
x07_regex_find_all_x7sl_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t max_matches)
{
    x07_bytes out;
    struct walk walk = {.pattern = find_pattern(rt, compiled, &out), .text = text};
    uint32_t count = 0;

    if (!walk.pattern)
        return out;
    struct output output = slices_begin(rt);
    for (; !reached(count, max_matches) && walk_next(&walk); count++)
        output_slice(&output, walk.match.start, walk.match.end - walk.match.start);
    return slices_end(&output, &walk, count);
}

x07_bytes
x07_regex_split_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t max_parts)
{
    x07_bytes out;
    struct walk walk = {.pattern = find_pattern(rt, compiled, &out), .text = text};
    uint32_t count = 0;
    size_t last = 0;

    if (!walk.pattern)
        return out;
    struct output output = slices_begin(rt);
    for (; !reached(count + 1, max_parts) && walk_next(&walk); count++) {
        output_slice(&output, last, walk.match.start - last);
        last = walk.match.end;
    }
    output_slice(&output, last, text.len - last);
    return slices_end(&output, &walk, count + 1);
}

x07_bytes
x07_regex_replace_all_v1(x07_rt *rt, x07_view compiled, x07_view text, x07_view replacement, uint32_t limit)
{
    x07_bytes out;
    struct walk walk = {.pattern = find_pattern(rt, compiled, &out), .text = text};
    struct output output = {.rt = rt};
    size_t last = 0;

    if (!walk.pattern)
        return out;
    for (uint32_t count = 0; !reached(count, limit) && walk_next(&walk); count++) {
        output_bytes(&output, text.ptr + last, walk.match.start - last);
        output_bytes(&output, replacement.ptr, replacement.len);
        last = walk.match.end;
    }
    if (walk.gave_up) {
        output_drop(&output);
        return error_document(rt, REGEX_TOO_LARGE, 0);
    }
    output_bytes(&output, text.ptr + last, text.len - last);
    return output_take(&output);
}
