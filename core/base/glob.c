/* glob.c: see glob.h. Alternatives are written out first; each of them is then a row of steps, of which a
 * match follows all at once. */
#include "base/glob.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ALTERNATIVES = 1024, MAX_PATTERN = 1024 };

enum step_kind { STEP_CHAR, STEP_ANY, STEP_SET, STEP_STAR, STEP_FOLDERS, STEP_END };

struct range {
    uint32_t first, last;
};

struct step {
    enum step_kind kind;
    uint32_t code;
    bool negated;
    const struct range *ranges;
    size_t range_count;
};

struct row {
    const struct step *steps;
    size_t count;
    struct row *next;
};

struct glob {
    struct row *rows;
    size_t row_count;
};

/* ---- alternatives ---- */

/* The end of what `{` at `at` opens, or NULL. */
static const char *
group_end(const char *at)
{
    int depth = 0;

    for (; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}' && --depth == 0)
            return at;
    }
    return NULL;
}

static const char *
find_group(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern == '{')
            return pattern;
    }
    return NULL;
}

/* The comma that ends the alternative at `at`, or `end`. */
static const char *
alternative_end(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}')
            depth--;
        else if (*at == ',' && !depth)
            return at;
    }
    return end;
}

/* ---- steps ---- */

static uint32_t
next_code(const char **at)
{
    uint32_t code;

    *at += utf8_decode(*at, strlen(*at), &code);
    return code;
}

/* One character of a set; `*at` is neither at its end nor at that of the pattern. */
static bool
read_set_code(const char **at, uint32_t *code, struct text *message)
{
    if (**at == '\\' && !*++*at) {
        text_puts(message, "dangling '\\'");
        return false;
    }
    *code = next_code(at);
    return true;
}

static bool
read_set(struct arena *arena, const char **at, struct step *step, struct text *message)
{
    struct range *ranges = ARENA_ARRAY(arena, struct range, strlen(*at) + 1);
    const char *c = *at;

    *step = (struct step){.kind = STEP_SET, .negated = *c == '!' || *c == '^', .ranges = ranges};
    c += step->negated;
    for (bool first = true; *c && (first || *c != ']'); first = false) {
        struct range *range = &ranges[step->range_count++];
        if (!read_set_code(&c, &range->first, message))
            return false;
        range->last = range->first;
        if (*c == '-' && c[1] && c[1] != ']') {
            c++;
            if (!read_set_code(&c, &range->last, message))
                return false;
        }
        if (range->first > range->last) {
            text_puts(message, "invalid range; its first character is above its last");
            return false;
        }
    }
    if (!*c)
        text_puts(message, "unclosed character class; missing ']'");
    *at = c + (*c == ']');
    return *c == ']';
}

/* A double star that is a whole component takes the '/' behind it along. */
static bool
takes_folders(const char *pattern, const char *at)
{
    return strncmp(at, "**/", 3) == 0 && (at == pattern || at[-1] == '/');
}

static bool
read_steps(struct glob *glob, struct arena *arena, const char *pattern, struct text *message)
{
    struct step *steps = ARENA_ARRAY(arena, struct step, strlen(pattern) + 1);
    struct row *row = ARENA_NEW(arena, struct row);
    size_t count = 0;

    for (const char *at = pattern; *at;) {
        struct step *step = &steps[count++];
        if (takes_folders(pattern, at)) {
            *step = (struct step){.kind = STEP_FOLDERS};
            at += 3;
        } else if (*at == '*') {
            *step = (struct step){.kind = STEP_STAR};
            at += strspn(at, "*");
        } else if (*at == '?') {
            *step = (struct step){.kind = STEP_ANY};
            at++;
        } else if (*at == '[') {
            at++;
            if (!read_set(arena, &at, step, message))
                return false;
        } else if (*at == '\\' && !at[1]) {
            text_puts(message, "dangling '\\'");
            return false;
        } else {
            at += *at == '\\';
            *step = (struct step){.kind = STEP_CHAR, .code = next_code(&at)};
        }
    }
    steps[count++] = (struct step){.kind = STEP_END};
    *row = (struct row){steps, count, glob->rows};
    glob->rows = row;
    return true;
}

/* Writes out the first group, and what follows it, once per alternative. */
static bool
expand(struct glob *glob, struct arena *arena, const char *pattern, struct text *message)
{
    const char *open = find_group(pattern);
    const char *close = open ? group_end(open) : NULL;

    if (!open) {
        if (++glob->row_count > MAX_ALTERNATIVES) {
            text_puts(message, "too many alternatives");
            return false;
        }
        return read_steps(glob, arena, pattern, message);
    }
    if (!close) {
        text_puts(message, "unclosed alternate group; missing '}'");
        return false;
    }
    for (const char *at = open + 1; at <= close;) {
        const char *end = alternative_end(at, close);
        if (!expand(glob, arena,
                    arena_printf(arena, "%.*s%.*s%s", (int)(open - pattern), pattern, (int)(end - at), at,
                                 close + 1),
                    message))
            return false;
        at = end + 1;
    }
    return true;
}

struct glob *
glob_new(struct arena *arena, const char *pattern, struct text *message)
{
    struct glob *glob = ARENA_NEW(arena, struct glob);

    if (strlen(pattern) > MAX_PATTERN) {
        text_puts(message, "too long");
        return NULL;
    }
    return expand(glob, arena, pattern, message) ? glob : NULL;
}

/* ---- matching ---- */

static bool
takes(const struct step *step, uint32_t code)
{
    bool in = false;

    switch (step->kind) {
    case STEP_CHAR:
        return step->code == code;
    case STEP_ANY:
    case STEP_STAR:
    case STEP_FOLDERS:
        return true;
    case STEP_SET:
        for (size_t i = 0; i < step->range_count; i++)
            in = in || (step->ranges[i].first <= code && code <= step->ranges[i].last);
        return in != step->negated;
    case STEP_END:
        break;
    }
    return false;
}

/* Steps that may be left without taking a character are entered together with the next one. A row of folders
 * is left where it was entered, and behind each '/'. */
static void
enter(const struct row *row, char *states, size_t at)
{
    for (; at < row->count && !states[at]; at++) {
        states[at] = 1;
        if (row->steps[at].kind != STEP_STAR && row->steps[at].kind != STEP_FOLDERS)
            break;
    }
}

static bool
row_matches(const struct row *row, const char *path)
{
    char *now = memory_alloc(row->count * 2 + 2), *next = now + row->count + 1;

    enter(row, now, 0);
    while (*path) {
        uint32_t code = next_code(&path);
        memset(next, 0, row->count);
        for (size_t i = 0; i < row->count; i++) {
            const struct step *step = &row->steps[i];
            if (!now[i] || !takes(step, code))
                continue;
            if (step->kind == STEP_FOLDERS && code != '/')
                next[i] = 1;
            else
                enter(row, next, step->kind == STEP_STAR || step->kind == STEP_FOLDERS ? i : i + 1);
        }
        char *swap = now;
        now = next;
        next = swap;
    }
    bool matches = now[row->count - 1];
    free(now < next ? now : next);
    return matches;
}

bool
glob_matches(const struct glob *glob, const char *path)
{
    for (const struct row *row = glob->rows; row; row = row->next)
        if (row_matches(row, path))
            return true;
    return false;
}
