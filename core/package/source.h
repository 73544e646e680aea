/* source.h: where packages come from during one command: an index, opened when it is first needed, and what
 * it has said so far. Knows the index; knows nothing of projects. Everything lives in the arena. One thread.
 */
#ifndef PACKAGE_SOURCE_H
#define PACKAGE_SOURCE_H

#include "package/index.h"

struct source_package; /* what the index says of one package */

struct source {
    struct arena *arena;
    const char *given; /* of --index; NULL: X07_PKG_INDEX_URL */
    bool used;         /* the index has been opened */
    struct index index;
    struct transfers *transfers;
    struct source_package *packages;
};

/* `label` is for progress, see base/progress.h. */
void source_init(struct source *source, struct arena *arena, const char *given, const char *label);
void source_free(struct source *source);

/* Opens the index and reads its configuration, once. Errors X07PKG_INDEX_CONFIG, E_INTERRUPTED. */
struct error *source_open(struct source *source);

/* Fetches what the index says of these packages, all at once, unless it is known. A failure is kept for
 * source_entries. Error E_INTERRUPTED. */
struct error *source_prefetch(struct source *source, const char *const *names, size_t count);

/* What the index says of a package. Errors X07PKG_INDEX_FETCH, E_INTERRUPTED. */
struct error *source_entries(struct source *source, const char *name, const struct index_entries **entries);

/* The entry of one version. Errors as above, and X07PKG_INDEX_NO_MATCH. */
struct error *source_entry(struct source *source, const char *name, const char *version,
                           const struct index_entry **entry);

#endif
