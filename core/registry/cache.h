/* cache.h: what earlier scans found, so that a warm start loads nothing to look at it.
 * Knows one JSON file; knows nothing of how outcomes come about. A cache that is missing, damaged, from
 * another version, or writable by others is an empty one; one that cannot be written is not an error. */
#ifndef REGISTRY_CACHE_H
#define REGISTRY_CACHE_H

#include "registry/registry.h"

#include <json-c/json.h>

struct scan_cache {
    const char *path;     /* NULL: neither read nor written */
    json_object *entries; /* path -> {identity, outcome} */
};

/* `path` must outlive the cache. Free it with cache_free. */
void cache_read(struct scan_cache *cache, const char *path);
void cache_free(struct scan_cache *cache);

/* The outcome noted for this very state of the file, or NULL. Owned by the cache. */
json_object *cache_find(const struct scan_cache *cache, const char *path,
                        const struct registry_identity *identity);

/* Notes an outcome; takes a reference of its own. */
void cache_note(struct scan_cache *cache, const char *path, const struct registry_identity *identity,
                json_object *outcome);

/* Forgets files that are gone, and replaces the file atomically. */
void cache_write(struct scan_cache *cache);

#endif
