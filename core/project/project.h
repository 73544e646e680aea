/* project.h: finding a project, and all that belongs to one: manifest, lock, module roots.
 * Knows files; knows nothing of commands, worlds' meaning or plugins.
 *
 * Everything read lives in the arena that the caller gives. Not thread-safe in one arena. */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include "project/lock.h"

struct project {
    struct manifest manifest;
    struct lock lock; /* empty when the file is missing and there are no dependencies */
    const char *lock_path;
    const char *entry_path;
    struct json_strings roots; /* module roots, each once: the project's, then the locked dependencies' */
};

/* How commands word what is wrong. */
enum project_wording {
    PROJECT_OF_RUN,  /* "[X07LOCK_READ] read lockfile: ...", what the lock is about alone */
    PROJECT_OF_TOOLS /* "read lockfile: ...", "verify lockfile: ..."; the manifest's errors alone */
};

/* Reads the manifest at `path`, reads and verifies its lock, and finds the module roots. */
struct error *project_load(struct arena *arena, const char *path, enum project_wording wording,
                           struct project *project);

/* The second half of it, when project->manifest has been read already. */
struct error *project_load_lock(struct arena *arena, enum project_wording wording, struct project *project);

/* The roots that the manifest alone names. */
struct error *project_own_roots(struct arena *arena, const struct manifest *manifest,
                                struct json_strings *roots);

/* The manifest at or above `folder`: x07.json, or the only *.x07project.json there; NULL when there is none.
 * The search goes up as far as the path's own text does. */
const char *project_discover(struct arena *arena, const char *folder);

/* What --project names: a manifest, or the x07.json of a folder. */
const char *project_of_option(struct arena *arena, const char *path);

#endif
