/* entries.h: what an index says of a package: its versions, their digests, yanks and advisories.
 * Knows the file's form; knows nothing of how it came here. Not thread-safe in one arena. */
#ifndef PACKAGE_ENTRIES_H
#define PACKAGE_ENTRIES_H

#include "ast/json_decode.h"
#include "base/error.h"

#include <stdbool.h>

struct index_entry {
    const char *schema_version, *name, *version;
    const char *cksum; /* of the archive: SHA-256 in lower-case hex */
    struct json_flag yanked;
    struct json_list advisories; /* struct lock_advisory, sorted by id */
};

struct index_entries {
    struct index_entry *items; /* in the file's order; of two with one version only the first */
    size_t count;
};

/* Reads the file, one JSON object a line. Everything lives in `arena`; `data` may go. Error E_INDEX: "ndjson"
 * and "utf-8" faults as users see them, without the URL. */
struct error *entries_read(struct arena *arena, const char *data, size_t len, struct index_entries *entries);

/* The entry of this package in exactly this version, or NULL. */
const struct index_entry *entries_find(const struct index_entries *entries, const char *name,
                                       const char *version);

/* The version that is taken when none is asked for: the highest that is valid and not yanked, a pre-release
 * only when there is no other. NULL: there is none. */
const struct index_entry *entries_latest(const struct index_entries *entries, const char *name);

#endif
