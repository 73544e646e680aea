/* regex_lite.c: see regex_lite.h. All ways to match are followed at once. */
#include "regex_lite.h"

enum { ATOMS_MAX = 256 };

struct atom {
    bool any, star;
    uint8_t byte;
};

static enum regex_lite
parse(x07_view pattern, struct atom *atoms, uint32_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < pattern.len; i++) {
        uint8_t c = pattern.ptr[i];

        if (c == '*') {
            if (!*count || atoms[*count - 1].star)
                return REGEX_LITE_INVALID;
            atoms[*count - 1].star = true;
            continue;
        }
        if (c == '\\' && ++i == pattern.len)
            return REGEX_LITE_INVALID;
        if (*count == ATOMS_MAX)
            return REGEX_LITE_TOO_LONG;
        atoms[(*count)++] = (struct atom){.any = c == '.', .byte = pattern.ptr[i]};
    }
    return REGEX_LITE_YES;
}

/* An atom with a star may be left out. */
static void
skip_starred(const struct atom *atoms, uint32_t count, bool *at)
{
    for (uint32_t i = 0; i < count; i++)
        if (at[i] && atoms[i].star)
            at[i + 1] = true;
}

enum regex_lite
rt_regex_lite(x07_view pattern, x07_view text)
{
    struct atom atoms[ATOMS_MAX];
    bool at[ATOMS_MAX + 1] = {true}; /* before which atom; the last is behind all */
    uint32_t count;
    enum regex_lite status = parse(pattern, atoms, &count);

    if (status != REGEX_LITE_YES)
        return status;
    skip_starred(atoms, count, at);
    for (uint32_t i = 0; i < text.len; i++) {
        bool next[ATOMS_MAX + 1] = {false};

        for (uint32_t k = 0; k < count; k++)
            if (at[k] && (atoms[k].any || atoms[k].byte == text.ptr[i]))
                next[atoms[k].star ? k : k + 1] = true;
        skip_starred(atoms, count, next);
        memcpy(at, next, sizeof at);
    }
    return at[count] ? REGEX_LITE_YES : REGEX_LITE_NO;
}
