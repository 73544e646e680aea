/* jcs_object.c: the end of an object in canonical JSON: duplicate keys, size, order. */
#include "jcs.h"

#include <stdlib.h>

struct sorting {
    const uint8_t *keys;
};

/* UTF-8 in the order of its UTF-16 code units: that of the bytes, but surrogates come before U+E000. */
static int
compare_keys(const struct sorting *sorting, const struct jcs_member *a, const struct jcs_member *b)
{
    const uint8_t *p = sorting->keys + a->key, *q = sorting->keys + b->key;
    uint32_t len = a->key_len < b->key_len ? a->key_len : b->key_len;

    for (uint32_t i = 0; i < len; i++) {
        if (p[i] == q[i])
            continue;
        bool reversed = (p[i] >= 0xf0 && q[i] >= 0xee) || (q[i] >= 0xf0 && p[i] >= 0xee);
        if (reversed && (p[i] < 0xf0 || q[i] < 0xf0))
            return p[i] < 0xf0 ? 1 : -1;
        return p[i] < q[i] ? -1 : 1;
    }
    return a->key_len < b->key_len ? -1 : a->key_len > b->key_len;
}

/* Equal keys stay in the order of the input. */
static int
compare_members(const void *a, const void *b, void *sorting)
{
    const struct jcs_member *x = a, *y = b;
    int order = compare_keys(sorting, x, y);

    return order ? order : x->key_at < y->key_at ? -1 : 1;
}

static bool
is_sorted(const struct sorting *sorting, const struct jcs_member *members, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (compare_keys(sorting, &members[i - 1], &members[i]) >= 0)
            return false;
    return true;
}

/* The first key that stands twice: an error at its last occurrence but one. */
static bool
check_duplicates(struct jcs *jcs, const struct sorting *sorting, const struct jcs_member *members,
                 uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (compare_keys(sorting, &members[i - 1], &members[i]) != 0)
            continue;
        while (i + 1 < count && compare_keys(sorting, &members[i], &members[i + 1]) == 0)
            i++;
        return jcs_fail(jcs, JCS_NOT_IJSON, members[i - 1].key_at);
    }
    return true;
}

/* Writes the members of `out` anew in their order. */
static void
write_sorted(struct jcs *jcs, uint32_t start, const struct jcs_member *members, uint32_t count)
{
    uint32_t len = jcs->out.len - start;
    uint8_t *copy = rt_memory_take(jcs->rt, len);
    uint8_t *to = jcs->out.data + start;

    memcpy(copy, to, len);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            *to++ = ',';
        memcpy(to, copy + (members[i].text - start), members[i].text_len);
        to += members[i].text_len;
    }
    rt_memory_free(jcs->rt, copy);
}

bool
jcs_close_object(struct jcs *jcs, const struct jcs_level *level)
{
    struct sorting sorting = {jcs->keys.data};
    uint32_t count = jcs_member_count(jcs) - level->first_member;
    struct jcs_member *members = count ? jcs_members(jcs) + level->first_member : NULL;

    if (!is_sorted(&sorting, members, count)) {
        qsort_r(members, count, sizeof *members, compare_members, &sorting);
        if (!check_duplicates(jcs, &sorting, members, count))
            return false;
        write_sorted(jcs, level->out, members, count);
    }
    if (level->size + JCS_MEMBER_MORE * (uint64_t)count > jcs->max_bytes)
        return jcs_fail(jcs, JCS_OBJECT_TOO_LARGE, level->at);
    jcs->keys.len = level->first_key;
    jcs->members.len = level->first_member * (uint32_t)sizeof *members;
    return true;
}
