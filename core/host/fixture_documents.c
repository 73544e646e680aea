/* fixture_documents.c: see fixture_documents.h. The files are little-endian: X7FL and X7KL are u16 1, u16 0,
 * u32 default, u32 count, and count times u32 length, the name, u32 ticks; X7KV is u16 1, u32 count, and
 * count times u32 length, the key, u32 length, the value. */
#include "host/fixture_documents.h"

#include "ast/json.h"
#include "base/arena.h"
#include "base/base64.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

/* ---- paths ---- */

bool
fixture_path_is_safe(const char *path, size_t len)
{
    static const char reserved[] = ".x07_";
    const size_t prefix = sizeof reserved - 1;

    if (memchr(path, '\0', len) || memchr(path, '\\', len))
        return false;
    for (const char *at = path, *end = path + len;; at++) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        size_t size = (size_t)((slash ? slash : end) - at);

        if (!size || (size <= 2 && !strncmp(at, "..", size)) ||
            (size >= prefix && !memcmp(at, reserved, prefix)))
            return false;
        if (!slash)
            return true;
        at = slash;
    }
}

/* ---- writing ---- */

static void
put(struct text *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        text_putc(out, (char)(value >> 8 * i));
}

static void
put_string(struct text *out, const char *data, size_t len)
{
    put(out, (uint32_t)len, 4);
    text_append(out, data, len);
}

/* ---- reading ---- */

/* One document on its way. */
struct document {
    const char *path;
    struct arena *arena;
    struct ast_json root;
};

static struct error *
wrong(const struct document *document, const char *what)
{
    return error_new("E_FIXTURES", "parse fixture: %s: %s", document->path, what);
}

static struct error *
document_open(struct document *document, const struct text *json, const char *format, const char *kind)
{
    struct text message = {0};
    struct error *error = NULL;

    if (!utf8_check(text_string(json), json->len, &message) ||
        !ast_json_read(document->arena, text_string(json), json->len, &document->root, &message))
        error = wrong(document, text_string(&message));
    else if (document->root.kind != JSON_OBJECT)
        error = wrong(document, "expected an object");
    text_free(&message);
    if (error)
        return error;
    const struct ast_json *given = ast_json_get(&document->root, "format");
    if (!given || given->kind != JSON_STRING)
        return wrong(document, "missing field `format`");
    if (!ast_json_is(given, format))
        error = error_new("E_FIXTURES", "unexpected %s format: %.*s", kind, (int)given->count, given->text);
    return error;
}

/* A count of ticks that may be missing, then 0. *given says whether it is there. */
static struct error *
read_ticks(const struct document *document, const struct ast_json *value, const char *what, uint32_t *ticks)
{
    *ticks = 0;
    if (!value)
        return NULL;
    if (value->kind != JSON_INTEGER || value->integer < 0 || value->integer > UINT32_MAX)
        return wrong(document,
                     arena_printf(document->arena, "%s must be an integer from 0 to 4294967295", what));
    *ticks = (uint32_t)value->integer;
    return NULL;
}

/* ---- latencies of files ---- */

static struct error *
latency_paths(const struct document *document, const struct ast_json *paths, struct text *index)
{
    struct ast_json sorted = ast_json_copy_sorted(document->arena, paths);
    struct error *error = NULL;
    uint32_t ticks;

    put(index, sorted.count, 4);
    for (uint32_t i = 0; !error && i < sorted.count; i++) {
        const struct ast_json_member *member = &sorted.members[i];

        if (!fixture_path_is_safe(member->name, member->name_len))
            return error_new("E_FIXTURES", "expected safe relative path, got %.*s", (int)member->name_len,
                             member->name);
        error = read_ticks(document, &member->value, "ticks of a path", &ticks);
        put_string(index, member->name, member->name_len);
        put(index, ticks, 4);
    }
    return error;
}

static void
index_head(struct text *index, const char *magic, uint32_t otherwise)
{
    text_puts(index, magic);
    put(index, VERSION, 2);
    put(index, 0, 2);
    put(index, otherwise, 4);
}

static struct error *
latency_document(struct document *document, const struct text *json, struct text *index)
{
    static const struct ast_json none = {.kind = JSON_OBJECT};
    struct error *error = document_open(document, json, "x07.fs.latency@0.1.0", "fs latency");
    uint32_t otherwise;

    if (error)
        return error;
    error = read_ticks(document, ast_json_get(&document->root, "default_ticks"), "default_ticks", &otherwise);
    const struct ast_json *paths = ast_json_get(&document->root, "paths");
    if (!error && paths && paths->kind != JSON_OBJECT)
        error = wrong(document, "paths must be an object");
    if (error)
        return error;
    index_head(index, "X7FL", otherwise);
    return latency_paths(document, paths ? paths : &none, index);
}

struct error *
fixture_latency_index(const char *path, const struct text *json, struct text *index)
{
    struct document document = {.path = path, .arena = arena_new()};
    struct error *error = latency_document(&document, json, index);

    arena_free(document.arena);
    return error;
}

/* ---- stores ---- */

struct entry {
    const char *key, *value;
    size_t key_len, value_len;
    uint32_t position; /* in the document: of equal keys the first one counts */
    uint32_t ticks;
    bool slow; /* has ticks of its own */
};

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    size_t shorter = left->key_len < right->key_len ? left->key_len : right->key_len;
    int order = memcmp(left->key, right->key, shorter);

    if (!order && left->key_len != right->key_len)
        order = left->key_len < right->key_len ? -1 : 1;
    return order ? order : left->position < right->position ? -1 : left->position > right->position;
}

static struct error *
read_bytes(const struct document *document, const struct ast_json *entry, const char *member,
           const char **data, size_t *len)
{
    struct text bytes = {0}, message = {0};
    const struct ast_json *value = ast_json_get(entry, member);
    struct error *error = NULL;

    if (!value || value->kind != JSON_STRING)
        return wrong(document, arena_printf(document->arena, "missing field `%s`", member));
    if (!base64_decode(value->text, value->count, &bytes, &message))
        error = wrong(document, arena_printf(document->arena, "%s: %s", member, text_string(&message)));
    *len = bytes.len;
    *data = memcpy(arena_alloc(document->arena, bytes.len + 1), text_string(&bytes), bytes.len + 1);
    text_free(&bytes);
    text_free(&message);
    return error;
}

static struct error *
read_entry(const struct document *document, const struct ast_json *from, struct entry *entry)
{
    if (from->kind != JSON_OBJECT)
        return wrong(document, "an entry must be an object");
    const struct ast_json *ticks = ast_json_get(from, "latency_ticks");
    struct error *error = read_bytes(document, from, "key_b64", &entry->key, &entry->key_len);

    if (!error)
        error = read_bytes(document, from, "value_b64", &entry->value, &entry->value_len);
    if (!error)
        error = read_ticks(document, ticks, "latency_ticks", &entry->ticks);
    entry->slow = ticks;
    return error;
}

static void
write_store(const struct entry *entries, uint32_t count, struct text *seed, struct text *index)
{
    uint32_t slow = 0;

    text_puts(seed, "X7KV");
    put(seed, VERSION, 2);
    put(seed, count, 4);
    for (uint32_t i = 0; i < count; i++) {
        put_string(seed, entries[i].key, entries[i].key_len);
        put_string(seed, entries[i].value, entries[i].value_len);
        slow += entries[i].slow;
    }
    put(index, slow, 4);
    for (uint32_t i = 0; i < count; i++) {
        if (!entries[i].slow)
            continue;
        put_string(index, entries[i].key, entries[i].key_len);
        put(index, entries[i].ticks, 4);
    }
}

static struct error *
seed_document(struct document *document, const struct text *json, struct text *seed, struct text *index)
{
    static const char latency[] = "default_latency_ticks";
    struct error *error = document_open(document, json, "x07.kv.seed@0.1.0", "kv seed");
    uint32_t otherwise;

    if (!error)
        error = read_ticks(document, ast_json_get(&document->root, latency), latency, &otherwise);
    if (error)
        return error;
    const struct ast_json *list = ast_json_get(&document->root, "entries");
    if (!list || list->kind != JSON_ARRAY)
        return wrong(document, "missing field `entries`");
    struct entry *entries = ARENA_ARRAY(document->arena, struct entry, list->count + 1);
    for (uint32_t i = 0; !error && i < list->count; i++) {
        entries[i].position = i;
        error = read_entry(document, &list->items[i], &entries[i]);
    }
    if (error)
        return error;
    qsort(entries, list->count, sizeof *entries, compare_entries);
    index_head(index, "X7KL", otherwise);
    write_store(entries, list->count, seed, index);
    return NULL;
}

struct error *
fixture_seed(const char *path, const struct text *json, struct text *seed, struct text *index)
{
    struct document document = {.path = path, .arena = arena_new()};
    struct error *error = seed_document(&document, json, seed, index);

    arena_free(document.arena);
    return error;
}
