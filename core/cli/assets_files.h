/* assets_files.h: the files of a directory that are to be embedded.
 * Knows directories and patterns; knows nothing of modules. Everything lives in the arena. One thread. */
#ifndef CLI_ASSETS_FILES_H
#define CLI_ASSETS_FILES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/glob.h"

#include <stddef.h>

struct assets_rules {
    const char *prefix;          /* what paths are relative to: a folder */
    const struct glob **include; /* end with NULL */
    const struct glob **exclude;
};

struct asset {
    const char *path; /* relative, with '/' */
    const char *file;
};

struct assets {
    struct asset *items; /* sorted by path */
    size_t count;
};

/* Finds the regular files beneath `folder`; symbolic links are passed over. Error E_ASSETS "strip prefix P
 * from F: prefix not found", names that are not UTF-8, or the system's. */
struct error *assets_find(struct arena *arena, const char *folder, const struct assets_rules *rules,
                          struct assets *assets);

#endif
