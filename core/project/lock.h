/* lock.h: the lock file: which files of which packages a project was made with.
 * Knows manifests of projects and packages, and digests; knows nothing of the index or of commands.
 *
 * Everything read lives in the arena that the caller gives. Not thread-safe in one arena. */
#ifndef PROJECT_LOCK_H
#define PROJECT_LOCK_H

#include "project/manifest.h"

/* Strings are NULL where it says so. */
struct lock_advisory {
    const char *schema_version, *id, *package, *version, *kind, *severity, *summary;
    const char *url, *details; /* or NULL */
    const char *created_at_utc;
    const char *withdrawn_at_utc; /* or NULL */
};

/* For those who read advisories elsewhere. */
extern const struct json_shape lock_advisory_shape;

struct lock_dependency {
    const char *name, *version, *path; /* as in the manifest */
    const char *package_manifest_sha256;
    const char *module_root;
    struct json_list modules;    /* struct json_text: module id and digest, by ascending id */
    const char *overridden_by;   /* or NULL */
    struct json_flag yanked;     /* not written unless given */
    struct json_list advisories; /* struct lock_advisory */
};

struct lock {
    const char *schema_version;
    struct json_list dependencies; /* struct lock_dependency, in the manifest's order */
};

static inline struct lock_dependency *
lock_dependency_at(const struct lock *lock, size_t index)
{
    return (struct lock_dependency *)lock->dependencies.items + index;
}

/* Reads a lock file; its version is not looked at. Errors: E_LOCK_READ "PATH: No such file ...",
 * E_LOCK_MISSING the same when there is no such file, E_LOCK_PARSE "PATH: missing field ...". */
struct error *lock_read(struct arena *arena, const char *path, struct lock *lock);

/* Error E_LOCK_SCHEMA for a version that is not known. */
struct error *lock_check_version(const struct lock *lock);

/* The lock that the packages on disk give now: reads and digests them. Errors: those of packages and paths.
 */
struct error *lock_compute(struct arena *arena, const struct manifest *manifest, struct lock *lock);

/* Whether a lock is of a known version and is what lock_compute gives; overridden_by, yanked and advisories
 * do not count. Error E_LOCK, or those of lock_compute. */
struct error *lock_verify(struct arena *arena, const struct manifest *manifest, const struct lock *lock);

/* Appends the file's text, version 0.3.0. */
void lock_write(const struct lock *lock, struct text *out);

#endif
