/* install.h: puts packages where a project looks for them: whole or not at all.
 * Knows the folders beneath a project's .x07; knows nothing of the index. One thread and, under the project's
 * lock (see project_lock.h), one process. Strings live in the arena. */
#ifndef PACKAGE_INSTALL_H
#define PACKAGE_INSTALL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct installer {
    struct arena *arena;
    const char *folder; /* the project's; "" for the current one */
    unsigned count;     /* of what was staged */
    bool swept;         /* what an interrupted command left is gone */
};

/* Where an archive with this digest is kept, and where it grows while it is downloaded. Makes the folder. */
struct error *install_cache_paths(const struct installer *installer, const char *digest, const char **archive,
                                  const char **part);

/* Whether a file has this digest. *actual (SHA256_HEX bytes) gets the one that it has. */
struct error *install_check_digest(const char *file, const char *digest, char *actual, bool *same);

/* Where the package of a dependency belongs. `path` is as in the manifest and must be beneath .x07/deps, also
 * when symbolic links are followed. */
struct error *install_place(const struct installer *installer, const char *path, const char **place);

/* Unpacks an archive beside, checks that it holds name@version, and moves it to `place`, where it replaces
 * what there is. An error leaves `place` as it was. */
struct error *install_archive(struct installer *installer, const char *archive, const char *name,
                              const char *version, const char *place);

/* The same from a folder, which is copied. */
struct error *install_copy(struct installer *installer, const char *from, const char *place);

#endif
