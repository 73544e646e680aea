/* set.c: see set.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "set.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t
set_bytes(uint32_t size)
{
    return sizeof(struct set) + size / 8;
}

bool
set_has(const struct set *set, uint32_t element)
{
    return set->bits[element / 64] >> element % 64 & 1;
}

void
set_add(struct set *set, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last && i < set->size; i++)
        set->bits[i / 64] |= UINT64_C(1) << i % 64;
}

static void
remove_surrogates(struct set *set)
{
    for (uint32_t i = 0xd800 / 64; set->size == SET_POINTS && i < 0xe000 / 64; i++)
        set->bits[i] = 0;
}

void
set_negate(struct set *set)
{
    for (uint32_t i = 0; i < set->size / 64; i++)
        set->bits[i] = ~set->bits[i];
    remove_surrogates(set);
}

void
set_unite(struct set *to, const struct set *from)
{
    for (uint32_t i = 0; i < to->size / 64; i++)
        to->bits[i] |= from->bits[i];
}

void
set_intersect(struct set *to, const struct set *from)
{
    for (uint32_t i = 0; i < to->size / 64; i++)
        to->bits[i] &= from->bits[i];
}

void
set_subtract(struct set *to, const struct set *from)
{
    for (uint32_t i = 0; i < to->size / 64; i++)
        to->bits[i] &= ~from->bits[i];
}

void
set_differ(struct set *to, const struct set *from)
{
    for (uint32_t i = 0; i < to->size / 64; i++)
        to->bits[i] ^= from->bits[i];
}

bool
set_range(const struct set *set, uint32_t *from, uint32_t *first, uint32_t *last)
{
    uint32_t i = *from;

    while (i < set->size && !set_has(set, i))
        i += i % 64 == 0 && !set->bits[i / 64] ? 64 : 1;
    if (i >= set->size)
        return false;
    *first = i;
    while (i < set->size && set_has(set, i))
        i += i % 64 == 0 && set->bits[i / 64] == UINT64_MAX ? 64 : 1;
    *last = i - 1;
    *from = i;
    return true;
}

/* Every code point, as UTF-8, in order. */
static uint8_t *
universe(size_t *len)
{
    uint8_t *text = malloc(4U * SET_POINTS), *p = text;

    for (uint32_t c = 0; text && c < SET_POINTS; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        if (c < 0x80) {
            *p++ = (uint8_t)c;
            continue;
        }
        int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
        *p++ = (uint8_t)(lead[more] | c >> 6 * more);
        while (more-- > 0)
            *p++ = (uint8_t)(0x80 | (c >> 6 * more & 0x3f));
    }
    *len = text ? (size_t)(p - text) : 0;
    return text;
}

/* The code point that begins at an offset of the universe. */
static uint32_t
point_at(size_t offset)
{
    size_t three = 0x80 + 2 * 0x780, four = three + 3 * (0x10000 - 0x800 - 0x800);

    if (offset < 0x80)
        return (uint32_t)offset;
    if (offset < three)
        return (uint32_t)(0x80 + (offset - 0x80) / 2);
    if (offset < four) {
        uint32_t c = (uint32_t)(0x800 + (offset - three) / 3);
        return c < 0xd800 ? c : c + 0x800;
    }
    return (uint32_t)(0x10000 + (offset - four) / 4);
}

static void
add_matches(struct set *set, const pcre2_code *code)
{
    size_t len;
    uint8_t *text = universe(&len);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    PCRE2_SIZE at = 0;

    while (text && data && pcre2_match(code, text, len, at, PCRE2_NO_UTF_CHECK, data, NULL) > 0) {
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(data);

        set_add(set, point_at(span[0]),
                point_at(span[1]) - 1 < SET_POINTS ? point_at(span[1]) - 1 : SET_POINTS);
        at = span[1];
    }
    pcre2_match_data_free(data);
    free(text);
    remove_surrogates(set);
}

bool
set_add_class(struct set *set, const char *class_text, bool ignore_case)
{
    size_t size = strlen(class_text) + 2;
    char *pattern = malloc(size);
    int error;
    PCRE2_SIZE at;

    if (!pattern)
        return false;
    snprintf(pattern, size, "%s+", class_text);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_UCP | (ignore_case ? PCRE2_CASELESS : 0), &error, &at, NULL);
    free(pattern);
    if (!code)
        return false;
    add_matches(set, code);
    pcre2_code_free(code);
    return true;
}

static void
fold_ascii(struct set *set)
{
    for (uint32_t c = 'a'; c <= 'z'; c++)
        if (set_has(set, c) || set_has(set, c - 32)) {
            set_add(set, c, c);
            set_add(set, c - 32, c - 32);
        }
}

void
set_fold(struct set *set)
{
    enum { RANGE_TEXT = 32 };
    uint32_t from = 0, first, last, count = 0;

    fold_ascii(set);
    if (set->size == SET_BYTES)
        return;
    while (set_range(set, &from, &first, &last))
        count++;
    char *text = malloc((size_t)count * RANGE_TEXT + 3), *p = text;
    if (!text || !count) {
        free(text);
        return;
    }
    *p++ = '[';
    for (from = 0; set_range(set, &from, &first, &last);)
        p += snprintf(p, RANGE_TEXT, "\\x{%x}-\\x{%x}", first, last);
    strcpy(p, "]");
    set_add_class(set, text, true);
    free(text);
}
