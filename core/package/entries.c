/* entries.c: see entries.h. */
#include "package/entries.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "package/semver.h"
#include "project/lock.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ENTRY_VERSION "x07.index-entry@0.1.0"
#define ADVISORY_VERSION "x07.pkg.advisory@0.1.0"

#define AT(member) offsetof(struct index_entry, member)
static const struct json_shape_field fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true},
    {"name", SHAPE_STRING, AT(name), .required = true},
    {"version", SHAPE_STRING, AT(version), .required = true},
    {"cksum", SHAPE_STRING, AT(cksum), .required = true},
    {"yanked", SHAPE_FLAG, AT(yanked), .required = true},
    {"advisories", SHAPE_LIST, AT(advisories), &lock_advisory_shape, .nullable = true},
};
#undef AT
static const struct json_shape shape = {"IndexEntry", fields, COUNT(fields), sizeof(struct index_entry)};

static struct error *
check_schema(struct arena *arena, const char *what, const char *expected, const char *got)
{
    if (strcmp(expected, got) == 0)
        return NULL;
    return error_new("E_INDEX", "%s schema_version mismatch: expected %s got %s", what, expected,
                     quote_string(arena, got));
}

static int
compare_advisories(const void *left, const void *right)
{
    return strcmp(((const struct lock_advisory *)left)->id, ((const struct lock_advisory *)right)->id);
}

static struct error *
check_advisories(struct arena *arena, const struct index_entry *entry)
{
    struct lock_advisory *advisories = entry->advisories.items;

    for (size_t i = 0; i < entry->advisories.count; i++) {
        const struct lock_advisory *advisory = &advisories[i];
        struct error *error = check_schema(arena, "advisory", ADVISORY_VERSION, advisory->schema_version);
        if (error)
            return error;
        if (strcmp(advisory->package, entry->name) != 0 || strcmp(advisory->version, entry->version) != 0)
            return error_new("E_INDEX", "advisory identity mismatch: expected %s@%s got %s@%s",
                             quote_string(arena, entry->name), quote_string(arena, entry->version),
                             quote_string(arena, advisory->package), quote_string(arena, advisory->version));
    }
    if (entry->advisories.count)
        qsort(advisories, entry->advisories.count, sizeof *advisories, compare_advisories);
    return NULL;
}

/* The digest becomes part of a file's name. */
static struct error *
check_digest(struct arena *arena, struct index_entry *entry)
{
    char *digest = arena_copy(arena, entry->cksum, strlen(entry->cksum));

    for (char *c = digest; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (strlen(digest) != 64 || strspn(digest, "0123456789abcdef") != 64)
        return error_new("E_INDEX", "index entry cksum must be 64 hex digits, got %s",
                         quote_string(arena, entry->cksum));
    entry->cksum = digest;
    return NULL;
}

static struct error *
read_line(struct arena *arena, size_t number, const char *line, size_t len, struct index_entry *entry)
{
    struct text message = {0};
    struct error *error = NULL;
    const char *copy = arena_copy(arena, line, len);

    if (!json_decode(arena, copy, len, &shape, entry, NULL, &message))
        error = error_new("E_INDEX", "parse ndjson line %zu: %s: %s", number, copy, text_string(&message));
    text_free(&message);
    if (!error)
        error = check_schema(arena, "index entry", ENTRY_VERSION, entry->schema_version);
    if (!error)
        error = check_digest(arena, entry);
    return error ? error : check_advisories(arena, entry);
}

static size_t
count_lines(const char *data, size_t len)
{
    size_t lines = 1;

    for (const char *at = data, *end = data + len; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        lines++;
    return lines;
}

/* By name and version, then by their order in the file. */
static int
compare_entries(const void *left, const void *right)
{
    const struct index_entry *a = *(const struct index_entry *const *)left;
    const struct index_entry *b = *(const struct index_entry *const *)right;
    int order = strcmp(a->name, b->name);

    if (!order)
        order = strcmp(a->version, b->version);
    return order ? order : (a > b) - (a < b);
}

/* Keeps the first of entries for one version. */
static void
drop_repeated(struct arena *arena, struct index_entries *entries)
{
    struct index_entry **sorted = ARENA_ARRAY(arena, struct index_entry *, entries->count + 1);
    size_t kept = 0;

    for (size_t i = 0; i < entries->count; i++)
        sorted[i] = &entries->items[i];
    qsort(sorted, entries->count, sizeof *sorted, compare_entries);
    for (size_t i = entries->count; i-- > 1;)
        if (strcmp(sorted[i]->name, sorted[i - 1]->name) == 0 &&
            strcmp(sorted[i]->version, sorted[i - 1]->version) == 0)
            sorted[i]->schema_version = NULL;
    for (size_t i = 0; i < entries->count; i++)
        if (entries->items[i].schema_version)
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

struct error *
entries_read(struct arena *arena, const char *data, size_t len, struct index_entries *entries)
{
    struct text why = {0};
    bool is_text = utf8_check(data, len, &why);
    size_t number = 0;

    text_free(&why);
    if (!is_text)
        return error_new("E_INDEX", "index file is not utf-8");
    *entries =
        (struct index_entries){.items = ARENA_ARRAY(arena, struct index_entry, count_lines(data, len))};
    for (const char *at = data, *end = data + len; at < end;) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *line = at;
        size_t line_len = (size_t)((feed ? feed : end) - at);
        struct index_entry entry = {0};

        at = feed ? feed + 1 : end;
        number++;
        utf8_trim(&line, &line_len);
        if (!line_len)
            continue;
        struct error *error = read_line(arena, number, line, line_len, &entry);
        if (error)
            return error;
        entries->items[entries->count++] = entry;
    }
    drop_repeated(arena, entries);
    return NULL;
}

const struct index_entry *
entries_find(const struct index_entries *entries, const char *name, const char *version)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->items[i].version, version) == 0 && strcmp(entries->items[i].name, name) == 0)
            return &entries->items[i];
    return NULL;
}

/* Whether `entry` is to be preferred to `best`. */
static bool
is_better(const struct index_entry *entry, const struct index_entry *best)
{
    bool early = semver_is_prerelease(entry->version);

    if (!best)
        return true;
    if (early != semver_is_prerelease(best->version))
        return !early;
    return semver_compare(entry->version, best->version) > 0;
}

const struct index_entry *
entries_latest(const struct index_entries *entries, const char *name)
{
    const struct index_entry *best = NULL;

    for (size_t i = 0; i < entries->count; i++) {
        const struct index_entry *entry = &entries->items[i];
        if (!entry->yanked.value && strcmp(entry->name, name) == 0 && semver_is_valid(entry->version) &&
            is_better(entry, best))
            best = entry;
    }
    return best;
}
