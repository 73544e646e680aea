/* supply.h: where packages come from during one command: an index, opened when it is first needed, and what
 * it has said so far. Knows the index; knows nothing of projects. Everything lives in the arena. One thread.
 */
#ifndef PACKAGE_SUPPLY_H
#define PACKAGE_SUPPLY_H

#include "package/index.h"

struct supply_package; /* what the index says of one package */

struct supply {
    struct arena *arena;
    const char *given; /* of --index; NULL: X07_PKG_INDEX_URL */
    bool used;         /* the index has been opened */
    struct index index;
    struct transfers *transfers;
    struct supply_package *packages;
};

/* `label` is for progress, see base/progress.h. */
void supply_init(struct supply *supply, struct arena *arena, const char *given, const char *label);
void supply_free(struct supply *supply);

/* Opens the index and reads its configuration, once. Errors X07PKG_INDEX_CONFIG, E_INTERRUPTED. */
struct error *supply_open(struct supply *supply);

/* Fetches what the index says of these packages, all at once, unless it is known. A failure is kept for
 * supply_entries. Error E_INTERRUPTED. */
struct error *supply_prefetch(struct supply *supply, const char *const *names, size_t count);

/* What the index says of a package. Errors X07PKG_INDEX_FETCH, E_INTERRUPTED. */
struct error *supply_entries(struct supply *supply, const char *name, const struct index_entries **entries);

/* The entry of one version. Errors as above, and X07PKG_INDEX_NO_MATCH. */
struct error *supply_entry(struct supply *supply, const char *name, const char *version,
                           const struct index_entry **entry);

#endif
