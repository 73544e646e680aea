/* cache.c: see cache.h. */
#include "registry/cache.h"

#include "base/file.h"
#include "registry/trust.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CACHE_FORMAT "x07.plugins.cache@0.1.0"

enum { LARGEST_CACHE = 4 * 1024 * 1024 };

static bool
has_text(json_object *object, const char *name, const char *expected)
{
    json_object *value = json_object_object_get(object, name);

    return json_object_is_type(value, json_type_string) && !strcmp(json_object_get_string(value), expected);
}

/* One string that holds all of it: JSON numbers would lose bits of 64-bit inodes on the way. */
static void
identity_text(const struct registry_identity *identity, char text[128])
{
    snprintf(text, 128, "%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRId64 ":%" PRId64, identity->device,
             identity->inode, identity->size, identity->modified_ns, identity->changed_ns);
}

void
cache_read(struct scan_cache *cache, const char *path)
{
    struct text text = {0};
    struct error *error = NULL;

    *cache = (struct scan_cache){.path = path};
    if (path && access(path, F_OK) == 0) {
        error = trust_check(path);
        if (!error)
            error = file_read(path, LARGEST_CACHE, &text);
    }
    json_object *whole = error || !text.len ? NULL : json_tokener_parse(text_string(&text));
    json_object *entries = json_object_object_get(whole, "entries");
    if (has_text(whole, "schema_version", CACHE_FORMAT) && has_text(whole, "host", X07_VERSION) &&
        json_object_is_type(entries, json_type_object))
        cache->entries = json_object_get(entries);
    else
        cache->entries = json_object_new_object();
    json_object_put(whole);
    text_free(&text);
    error_free(error);
}

void
cache_free(struct scan_cache *cache)
{
    json_object_put(cache->entries);
    cache->entries = NULL;
}

json_object *
cache_find(const struct scan_cache *cache, const char *path, const struct registry_identity *identity)
{
    char expected[128];
    json_object *entry = json_object_object_get(cache->entries, path);
    json_object *outcome = json_object_object_get(entry, "outcome");

    identity_text(identity, expected);
    if (!has_text(entry, "identity", expected) || !json_object_is_type(outcome, json_type_object))
        return NULL;
    return outcome;
}

void
cache_note(struct scan_cache *cache, const char *path, const struct registry_identity *identity,
           json_object *outcome)
{
    char text[128];
    json_object *entry = json_object_new_object();

    identity_text(identity, text);
    json_object_object_add(entry, "identity", json_object_new_string(text));
    json_object_object_add(entry, "outcome", json_object_get(outcome));
    json_object_object_add(cache->entries, path, entry);
}

/* The entries whose files are still there. The caller owns the object. */
static json_object *
present_entries(json_object *entries)
{
    json_object *present = json_object_new_object();

    json_object_object_foreach(entries, path, entry)
    {
        if (access(path, F_OK) == 0)
            json_object_object_add(present, path, json_object_get(entry));
    }
    return present;
}

void
cache_write(struct scan_cache *cache)
{
    if (!cache->path)
        return;
    json_object *whole = json_object_new_object();

    json_object_object_add(whole, "schema_version", json_object_new_string(CACHE_FORMAT));
    json_object_object_add(whole, "host", json_object_new_string(X07_VERSION));
    json_object_object_add(whole, "entries", present_entries(cache->entries));
    size_t len = 0;
    const char *text = json_object_to_json_string_length(whole, JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    error_free(file_replace(cache->path, text, len, 0600));
    json_object_put(whole);
}
