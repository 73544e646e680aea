/* paths.h: the paths that a manifest contains: which are allowed, and what they mean.
 * Knows the manifest's folder and the workspace; knows nothing of the manifest's members. Any thread. */
#ifndef PROJECT_PATHS_H
#define PROJECT_PATHS_H

#include "base/arena.h"
#include "base/error.h"

/* Whether a path is non-empty, relative and free of "..". `what` (a format) names it in the message, e.g.
 * project.module_roots[0]. Error E_PROJECT. */
struct error *paths_check(const char *path, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* The folder of a file: "src" for "src/x07.json", "" for "x07.json". */
const char *paths_folder(struct arena *arena, const char *file);

/* "folder/path" without "." components; "." when nothing is left. */
const char *paths_join(struct arena *arena, const char *folder, const char *path);

/* paths_join for the paths that may begin with $workspace, which stands for X07_WORKSPACE_ROOT or else the
 * nearest folder at or above `folder` that contains .git. Error E_WORKSPACE when there is none, or the path
 * leads out of it. */
struct error *paths_resolve(struct arena *arena, const char *folder, const char *path, const char **resolved);

/* The folder as an absolute path without symbolic links, as it stands when it does not exist. */
const char *paths_absolute(struct arena *arena, const char *folder);

#endif
