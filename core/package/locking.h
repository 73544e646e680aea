/* locking.h: from a manifest to a complete manifest and its lock file, in memory; then both onto the disk.
 * Knows the rules of `x07 pkg lock`; knows nothing of options or reports. Everything lives in the arena but
 * what locking_free frees. One thread; the caller holds the project (project_lock.h). */
#ifndef PACKAGE_LOCKING_H
#define PACKAGE_LOCKING_H

#include "package/resolve.h"
#include "project/lock.h"

struct locking {
    struct arena *arena;
    const char *path;  /* of the manifest */
    const char *index; /* of --index, or NULL */
    bool check;        /* change nothing: say what would change */
    bool offline;
    bool allow_yanked, allow_advisories;

    /* Set by locking_run. */
    const char *lock_path;
    const char *shown_index; /* the one that was used, else --index; or NULL */
    struct fetched *fetched;
    struct json_strings added; /* "name@version" that something required, as they were found */
    bool has_result;           /* far enough for a report of the above */
    bool online;               /* yanks and advisories are the index's */
    bool manifest_changed;     /* by what was required or patched */
    struct manifest manifest;  /* the complete one */
    struct lock lock;
    struct text manifest_text, lock_text; /* what belongs on the disk */

    struct supply supply;
    struct installer installer;
};

/* Begins; ends with locking_free, also after an error. */
void locking_init(struct locking *locking, struct arena *arena, const char *path, const char *index);
void locking_free(struct locking *locking);

/* Works on the manifest of these bytes, which need not be those of the file and must outlive the locking.
 * Fetches packages, changes nothing else. Errors: the codes X07PKG_... of the reference, E_PROJECT...,
 * E_PACKAGE, E_LOCK..., E_RESOLVE, E_INSTALL, E_INTERRUPTED. */
struct error *locking_run(struct locking *locking, const char *text, size_t len);

/* The first part of it: only completes the manifest, without a lock. */
struct error *locking_complete(struct locking *locking, const char *text, size_t len);

/* Puts the lock file in its place and, if `manifest` says so, the manifest after it. Both are on the disk
 * before the first of them is visible. */
struct error *locking_commit(struct locking *locking, bool manifest);

#endif
