/* json_sorted.c: a JSON document of integers, strings without escapes, arrays and objects, rewritten without
 * blanks and with the members of its objects sorted by their keys. */
#include "frame.h"

#include <stdbool.h>

struct member {
    const uint8_t *key;
    uint32_t key_len, order;
    uint32_t start, end; /* of its text in the output */
};

struct json {
    const uint8_t *at, *end;
    uint8_t *out, *scratch;
    uint32_t len;
    struct member *members; /* of all objects that are open */
    size_t count, capacity;
};

static bool value(struct json *json);

static void
skip_blanks(struct json *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' || *json->at == '\n' || *json->at == '\r'))
        json->at++;
}

static void
copy_to(struct json *json, const uint8_t *end)
{
    size_t len = (size_t)(end - json->at);

    memcpy(json->out + json->len, json->at, len);
    json->len += (uint32_t)len;
    json->at = end;
}

static bool
string(struct json *json)
{
    const uint8_t *p = json->at;

    if (p == json->end || *p++ != '"')
        return false;
    while (p < json->end && *p != '"' && *p != '\\' && *p >= 0x20)
        p++;
    if (p == json->end || *p != '"')
        return false;
    copy_to(json, p + 1);
    return true;
}

static bool
number(struct json *json)
{
    const uint8_t *p = json->at;

    if (p < json->end && *p == '-')
        p++;
    if (p == json->end || *p < '0' || *p > '9')
        return false;
    if (*p == '0')
        p++;
    else
        while (p < json->end && *p >= '0' && *p <= '9')
            p++;
    copy_to(json, p);
    return true;
}

static bool
word(struct json *json, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(json->end - json->at) < len || memcmp(json->at, text, len) != 0)
        return false;
    copy_to(json, json->at + len);
    return true;
}

static bool
put(struct json *json, uint8_t c)
{
    json->out[json->len++] = c;
    json->at++;
    return true;
}

static int
compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    uint32_t shared = x->key_len < y->key_len ? x->key_len : y->key_len;
    int order = memcmp(x->key, y->key, shared);

    if (order == 0)
        order = (x->key_len > y->key_len) - (x->key_len < y->key_len);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Sorts the members from `first` on, whose texts fill the output from `start` on. */
static void
sort_members(struct json *json, size_t first, uint32_t start)
{
    struct member *members = json->members + first;
    size_t count = json->count - first;
    uint32_t len = 0;
    bool sorted = true;

    for (size_t i = 1; i < count && sorted; i++)
        sorted = compare_members(&members[i - 1], &members[i]) < 0;
    if (sorted)
        return;
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; i < count; i++) {
        if (i)
            json->scratch[len++] = ',';
        memcpy(json->scratch + len, json->out + members[i].start, members[i].end - members[i].start);
        len += members[i].end - members[i].start;
    }
    memcpy(json->out + start, json->scratch, len);
}

static bool
member(struct json *json, size_t first)
{
    struct member new = {.key = json->at + 1, .order = (uint32_t)(json->count - first), .start = json->len};

    if (!string(json))
        return false;
    new.key_len = (uint32_t)(json->at - new.key - 1);
    skip_blanks(json);
    if (json->at == json->end || *json->at != ':')
        return false;
    put(json, ':');
    skip_blanks(json);
    if (!value(json))
        return false;
    new.end = json->len;
    if (json->count == json->capacity) {
        json->capacity = json->capacity ? json->capacity * 2 : 64;
        json->members = realloc(json->members, json->capacity * sizeof *json->members);
        if (!json->members)
            frame_fail("out of memory");
    }
    json->members[json->count++] = new;
    skip_blanks(json);
    return true;
}

static bool
object(struct json *json)
{
    size_t first = json->count;

    put(json, '{');
    uint32_t start = json->len;
    skip_blanks(json);
    if (json->at < json->end && *json->at == '}')
        return put(json, '}');
    for (;;) {
        if (!member(json, first) || json->at == json->end)
            return false;
        if (*json->at == '}')
            break;
        if (*json->at != ',')
            return false;
        put(json, ',');
        skip_blanks(json);
    }
    sort_members(json, first, start);
    json->count = first;
    return put(json, '}');
}

static bool
array(struct json *json)
{
    put(json, '[');
    skip_blanks(json);
    if (json->at < json->end && *json->at == ']')
        return put(json, ']');
    for (;;) {
        skip_blanks(json);
        if (!value(json))
            return false;
        skip_blanks(json);
        if (json->at == json->end)
            return false;
        if (*json->at == ']')
            return put(json, ']');
        if (*json->at != ',')
            return false;
        put(json, ',');
    }
}

static bool
value(struct json *json)
{
    if (json->at == json->end)
        return false;
    switch (*json->at) {
    case '{':
        return object(json);
    case '[':
        return array(json);
    case '"':
        return string(json);
    case 't':
        return word(json, "true");
    case 'f':
        return word(json, "false");
    case 'n':
        return word(json, "null");
    default:
        return number(json);
    }
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    struct json json = {.at = input, .end = input + n, .out = large_alloc((size_t)n + 1), .scratch = large_alloc(n)};

    skip_blanks(&json);
    bool ok = value(&json);
    skip_blanks(&json);
    if (ok && json.at == json.end)
        frame_write(json.out, json.len);
    else
        frame_write((const uint8_t *)"ERR", 3);
    return 0;
}
