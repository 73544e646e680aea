/* jcs.h: what the files of json.jcs.canon_doc_v1 share: the state of one canonicalisation and the scanner of
 * scalars. All memory comes from the program's heap. */
#ifndef RUNTIME_MATH_JCS_H
#define RUNTIME_MATH_JCS_H

#include "../internal.h"

enum jcs_code {
    JCS_OK = 0,
    JCS_SYNTAX = 20,
    JCS_NOT_IJSON = 21,
    JCS_TOO_DEEP = 22,
    JCS_OBJECT_TOO_LARGE = 23,
    JCS_TRAILING = 24,
};

/* Bytes that grow. */
struct jcs_buffer {
    uint8_t *data;
    uint32_t len, cap;
};

/* One member of an object that is being read. */
struct jcs_member {
    uint32_t key, key_len;   /* in `keys`: UTF-8, nothing escaped */
    uint32_t key_at;         /* in the input */
    uint32_t text, text_len; /* in `out`: key, colon and value */
    uint32_t value;          /* in `out` */
    uint32_t key_units;      /* UTF-16 code units */
};

/* What each member of an object counts before the object is complete, and how much more then. */
enum { JCS_MEMBER_SIZE = 20, JCS_MEMBER_MORE = 8 };

/* An open container. */
struct jcs_level {
    uint32_t at;           /* in the input */
    uint32_t out;          /* in `out`: what follows the opening bracket */
    uint32_t first_member; /* in `members` */
    uint32_t first_key;    /* in `keys` */
    uint32_t array;
    uint64_t size; /* of the members so far */
};

struct jcs {
    x07_rt *rt;
    x07_view in;
    uint32_t at; /* next byte */
    enum jcs_code code;
    uint32_t code_at;
    struct jcs_buffer out, keys, members, levels;
    uint32_t max_depth, max_members, max_bytes;
};

/* Notes an error; false. */
bool jcs_fail(struct jcs *jcs, enum jcs_code code, uint32_t at);

/* Room for `size` more bytes at the end of a buffer, which are then part of it. */
void *jcs_grow(x07_rt *rt, struct jcs_buffer *buffer, uint32_t size);
void jcs_put(struct jcs *jcs, const void *data, uint32_t len);

/* Reads the string at the present position and writes its canonical form; its UTF-8 goes to `keys` when
 * `units` is given, which then gets its number of UTF-16 code units. False after an error. */
bool jcs_string(struct jcs *jcs, uint32_t *units);

/* Reads a number or true, false, null. */
bool jcs_number(struct jcs *jcs);
bool jcs_literal(struct jcs *jcs);

/* Ends the innermost container, an object: sorts its members in `out`. False after an error. */
bool jcs_close_object(struct jcs *jcs, const struct jcs_level *level);

static inline struct jcs_member *
jcs_members(const struct jcs *jcs)
{
    return (struct jcs_member *)(void *)jcs->members.data;
}

static inline uint32_t
jcs_member_count(const struct jcs *jcs)
{
    return jcs->members.len / (uint32_t)sizeof(struct jcs_member);
}

#endif
