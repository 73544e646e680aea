/* jcs.c: json.jcs.canon_doc_v1: canonical JSON (RFC 8785) of a text, or why there is none. One pass without
 * recursion; the members of an object are put in order when it ends. */
#include "jcs.h"

#include "../x07rt_math.h"

enum { BUFFER_FIRST = 64 };

bool
jcs_fail(struct jcs *jcs, enum jcs_code code, uint32_t at)
{
    jcs->code = code;
    jcs->code_at = at;
    return false;
}

void *
jcs_grow(x07_rt *rt, struct jcs_buffer *buffer, uint32_t size)
{
    uint64_t need = (uint64_t)buffer->len + size;

    if (need > buffer->cap) {
        uint64_t cap = buffer->cap ? (uint64_t)buffer->cap * 2 : BUFFER_FIRST;

        if (cap < need)
            cap = need;
        if (cap > UINT32_MAX)
            x07_trap(rt, "out of memory");
        buffer->data = rt_memory_grow(rt, buffer->data, buffer->cap, buffer->len, (uint32_t)cap);
        buffer->cap = (uint32_t)cap;
    }
    buffer->len += size;
    return buffer->data + (buffer->len - size);
}

void
jcs_put(struct jcs *jcs, const void *data, uint32_t len)
{
    memcpy(jcs_grow(jcs->rt, &jcs->out, len), data, len);
}

static void
buffer_free(x07_rt *rt, struct jcs_buffer *buffer)
{
    if (buffer->cap)
        rt_memory_free(rt, buffer->data);
}

static bool
skip_blanks(struct jcs *jcs)
{
    while (jcs->at < jcs->in.len && memchr(" \t\n\r", jcs->in.ptr[jcs->at], 4))
        jcs->at++;
    return jcs->at < jcs->in.len;
}

/* The innermost open container, or null. Valid until the next one is opened. */
static struct jcs_level *
innermost(const struct jcs *jcs)
{
    if (!jcs->levels.len)
        return NULL;
    return (struct jcs_level *)(void *)(jcs->levels.data + jcs->levels.len) - 1;
}

static bool
open_container(struct jcs *jcs, uint8_t bracket)
{
    uint32_t depth = jcs->levels.len / (uint32_t)sizeof(struct jcs_level) + 1;

    if (depth > jcs->max_depth)
        return jcs_fail(jcs, JCS_TOO_DEEP, jcs->at);
    jcs_put(jcs, &bracket, 1);
    struct jcs_level level = {.at = jcs->at,
                              .out = jcs->out.len,
                              .first_member = jcs_member_count(jcs),
                              .first_key = jcs->keys.len,
                              .array = bracket == '['};
    memcpy(jcs_grow(jcs->rt, &jcs->levels, sizeof level), &level, sizeof level);
    jcs->at++;
    return true;
}

static bool
close_container(struct jcs *jcs)
{
    const struct jcs_level *level = innermost(jcs);
    uint8_t bracket = level->array ? ']' : '}';

    if (!level->array && !jcs_close_object(jcs, level))
        return false;
    jcs_put(jcs, &bracket, 1);
    jcs->levels.len -= (uint32_t)sizeof *level;
    jcs->at++;
    return true;
}

/* A key and its colon. */
static bool
read_key(struct jcs *jcs, const struct jcs_level *level)
{
    struct jcs_member member = {.key = jcs->keys.len, .key_at = jcs->at, .text = jcs->out.len};

    if (!skip_blanks(jcs) || jcs->in.ptr[jcs->at] != '"')
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    if (jcs->max_members && jcs_member_count(jcs) - level->first_member >= jcs->max_members)
        return jcs_fail(jcs, JCS_OBJECT_TOO_LARGE, level->at);
    member.key_at = jcs->at;
    if (!jcs_string(jcs, &member.key_units))
        return false;
    member.key_len = jcs->keys.len - member.key;
    if (!skip_blanks(jcs) || jcs->in.ptr[jcs->at] != ':')
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    jcs->at++;
    jcs_put(jcs, ":", 1);
    member.value = jcs->out.len;
    memcpy(jcs_grow(jcs->rt, &jcs->members, sizeof member), &member, sizeof member);
    return true;
}

static bool
end_member(struct jcs *jcs, struct jcs_level *level)
{
    struct jcs_member *member = jcs_members(jcs) + jcs_member_count(jcs) - 1;
    uint32_t key_text = member->value - member->text - 3; /* without two quotes and a colon */

    member->text_len = jcs->out.len - member->text;
    level->size += JCS_MEMBER_SIZE + (uint64_t)key_text + 2 * (uint64_t)member->key_units;
    level->size += jcs->out.len - member->value;
    return level->size <= jcs->max_bytes || jcs_fail(jcs, JCS_OBJECT_TOO_LARGE, level->at);
}

/* After a value: closes what ends here; *more says that another value follows. */
static bool
after_value(struct jcs *jcs, bool *more)
{
    for (struct jcs_level *level; (level = innermost(jcs));) {
        if (!level->array && !end_member(jcs, level))
            return false;
        if (!skip_blanks(jcs))
            return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
        uint8_t c = jcs->in.ptr[jcs->at];
        if (c == ',') {
            jcs->at++;
            jcs_put(jcs, ",", 1);
            *more = true;
            return level->array || read_key(jcs, level);
        }
        if (c != (level->array ? ']' : '}'))
            return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
        if (!close_container(jcs))
            return false;
    }
    *more = false;
    return true;
}

/* One value, or the beginning of a container that is not empty; *whole says which. */
static bool
read_value(struct jcs *jcs, bool *whole)
{
    *whole = true;
    if (!skip_blanks(jcs))
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    uint8_t c = jcs->in.ptr[jcs->at];
    if (c == '"')
        return jcs_string(jcs, NULL);
    if (c == '-' || (c >= '0' && c <= '9'))
        return jcs_number(jcs);
    if (c != '[' && c != '{')
        return jcs_literal(jcs);
    if (!open_container(jcs, c))
        return false;
    if (!skip_blanks(jcs))
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    if (jcs->in.ptr[jcs->at] == (c == '[' ? ']' : '}'))
        return close_container(jcs);
    *whole = false;
    return c == '[' || read_key(jcs, innermost(jcs));
}

static bool
canonicalise(struct jcs *jcs)
{
    bool more = true;

    if (!skip_blanks(jcs))
        return jcs_fail(jcs, JCS_SYNTAX, 0);
    while (more) {
        bool whole;

        if (!read_value(jcs, &whole) || (whole && !after_value(jcs, &more)))
            return false;
    }
    return !skip_blanks(jcs) || jcs_fail(jcs, JCS_TRAILING, jcs->at);
}

static void
put_word(uint8_t *to, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(word >> 8 * i);
}

static x07_bytes
document(const struct jcs *jcs)
{
    uint32_t len = jcs->code ? 9 : jcs->out.len;
    x07_bytes out = {rt_memory_take(jcs->rt, len), len};

    if (jcs->code) {
        out.ptr[0] = 0;
        put_word(out.ptr + 1, jcs->code);
        put_word(out.ptr + 5, jcs->code_at);
    } else {
        memcpy(out.ptr, jcs->out.data, len);
    }
    return out;
}

x07_bytes
x07_json_jcs_canon_doc_v1(x07_rt *rt, x07_view json, uint32_t max_depth, uint32_t max_members,
                          uint32_t max_object_bytes)
{
    struct jcs jcs = {.rt = rt,
                      .in = json,
                      .max_depth = max_depth ? max_depth : 1,
                      .max_members = max_members,
                      .max_bytes = max_object_bytes};

    jcs_put(&jcs, "\1", 1);
    canonicalise(&jcs);
    x07_bytes out = document(&jcs);
    buffer_free(rt, &jcs.out);
    buffer_free(rt, &jcs.keys);
    buffer_free(rt, &jcs.members);
    buffer_free(rt, &jcs.levels);
    return out;
}
