/* rr_entry.c: see rr_entry.h. A value is a tag and, for 1 a byte; for 2 (number) and 3 (string) u32 length
 * and bytes; for 4 (sequence) u32 count and values; for 5 (map) u32 count, and for each u32 length, the key,
 * the value. */
#include "rr_entry.h"

#include "image.h"

enum { NULL_VALUE, BOOLEAN, NUMBER, STRING, SEQUENCE, MAP };
enum { FIRST_BYTE = 1, MAX_DEPTH = 64 };

struct value {
    uint8_t tag;
    x07_view text; /* of numbers and strings */
};

static bool value_read(struct walk *walk, int depth, struct value *value);

static bool
values_skip(struct walk *walk, int depth, bool with_keys)
{
    struct value unused;
    x07_view key;
    uint32_t count;

    if (depth >= MAX_DEPTH || !walk_u32(walk, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if ((with_keys && !walk_text(walk, &key)) || !value_read(walk, depth + 1, &unused))
            return false;
    return true;
}

static bool
value_read(struct walk *walk, int depth, struct value *value)
{
    const uint8_t *tag = walk_take(walk, 1);

    if (!tag)
        return false;
    *value = (struct value){*tag, X07_EMPTY_VIEW};
    switch (*tag) {
    case NULL_VALUE:
        return true;
    case BOOLEAN:
        return walk_take(walk, 1);
    case NUMBER:
    case STRING:
        return walk_text(walk, &value->text);
    case SEQUENCE:
    case MAP:
        return values_skip(walk, depth, *tag == MAP);
    default:
        return false;
    }
}

/* Byte by byte, a shorter one before a longer one that begins with it. */
static bool
is_before(x07_view a, x07_view b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

    return order < 0 || (order == 0 && a.len < b.len);
}

/* ---- the map, member by member ---- */

struct members {
    struct walk walk;
    uint32_t left;
    bool any;
    x07_view key;
};

static bool
members_open(x07_view document, struct members *members)
{
    const uint8_t *head;

    *members = (struct members){.walk = {document.ptr, document.ptr + document.len}};
    head = walk_take(&members->walk, 2);
    return head && head[0] == FIRST_BYTE && head[1] == MAP && walk_u32(&members->walk, &members->left);
}

/* False: there is none, or something is wrong, which *valid tells. */
static bool
members_next(struct members *members, x07_view *key, struct value *value, bool *valid)
{
    *valid = true;
    if (!members->left) {
        *valid = members->walk.at == members->walk.end;
        return false;
    }
    members->left--;
    *valid = walk_text(&members->walk, key) && (!members->any || is_before(members->key, *key)) &&
             value_read(&members->walk, 1, value);
    members->any = true;
    members->key = *key;
    return *valid;
}

static bool
key_is(x07_view key, const char *name)
{
    return key.len == strlen(name) && !memcmp(key.ptr, name, key.len);
}

/* ---- entries ---- */

static bool
read_ticks(x07_view digits, uint32_t *ticks)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
        sum = sum * 10 + (uint64_t)(digits.ptr[i] - '0');
        if (sum > UINT32_MAX)
            return false;
    }
    *ticks = (uint32_t)sum;
    return digits.len;
}

/* Members that are required, as bits. */
enum { HAS_ERR = 1, HAS_KEY = 2, HAS_KIND = 4, HAS_OP = 8, HAS_REQ = 16, HAS_RESP = 32, HAS_ALL = 63 };

struct reading {
    struct rr_entry *entry;
    const struct rr_limits *limits;
    unsigned seen;
    x07_view request, response;
};

static enum rr_code
member_take(struct reading *reading, x07_view key, const struct value *value)
{
    struct rr_entry *entry = reading->entry;
    const struct {
        const char *name;
        uint8_t tag;
        unsigned bit;
        x07_view *to;
        uint32_t limit;
        enum rr_code too_long;
    } rows[] = {
        {"err", NUMBER, HAS_ERR, NULL, 0, RR_OK},
        {"key", STRING, HAS_KEY, &entry->key, reading->limits->key, RR_KEY_SIZE},
        {"kind", STRING, HAS_KIND, &entry->kind, UINT32_MAX, RR_OK},
        {"op", STRING, HAS_OP, &entry->op, UINT32_MAX, RR_OK},
        {"req", STRING, HAS_REQ, &reading->request, reading->limits->request, RR_REQUEST_SIZE},
        {"resp", STRING, HAS_RESP, &reading->response, reading->limits->response, RR_RESPONSE_SIZE},
    };

    if (key_is(key, "latency_ticks"))
        return value->tag == NUMBER && read_ticks(value->text, &entry->latency) ? RR_OK : RR_ENTRY;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!key_is(key, rows[i].name))
            continue;
        if (value->tag != rows[i].tag)
            return RR_ENTRY;
        reading->seen |= rows[i].bit;
        if (!rows[i].to)
            return RR_OK;
        *rows[i].to = value->text;
        return value->text.len > rows[i].limit ? rows[i].too_long : RR_OK;
    }
    return RR_OK;
}

enum rr_code
rr_entry_read(x07_view document, const struct rr_limits *limits, struct rr_entry *entry)
{
    struct reading reading = {.entry = entry, .limits = limits};
    struct members members;
    x07_view key;
    struct value value;
    bool valid;

    *entry = (struct rr_entry){.kind = X07_EMPTY_VIEW, .op = X07_EMPTY_VIEW, .key = X07_EMPTY_VIEW};
    if (!members_open(document, &members))
        return RR_ENTRY;
    while (members_next(&members, &key, &value, &valid)) {
        enum rr_code code = member_take(&reading, key, &value);
        if (code != RR_OK)
            return code;
    }
    return valid && reading.seen == HAS_ALL ? RR_OK : RR_ENTRY;
}

enum rr_member
rr_entry_member(x07_view document, const char *name, uint8_t tag, x07_view *found)
{
    enum rr_member answer = RR_MEMBER_MISSING;
    struct members members;
    x07_view key;
    struct value value;
    bool valid;

    if (!members_open(document, &members))
        return RR_MEMBER_INVALID;
    while (members_next(&members, &key, &value, &valid)) {
        if (value.tag != tag || !key_is(key, name))
            continue;
        *found = value.text;
        answer = RR_MEMBER_FOUND;
    }
    return valid ? answer : RR_MEMBER_INVALID;
}
