/* discover.h: which directories are searched, and the files in them.
 * Knows environment variables and directories; opens no file and knows nothing of what is in them. */
#ifndef REGISTRY_DISCOVER_H
#define REGISTRY_DISCOVER_H

#include "registry/registry.h"

/* Lists of what was found, in the arena given to discover. */
struct discovery {
    struct registry_directory *directories;
    size_t directory_count;
    struct registry_plugin *plugins; /* path and source are set, all else is zero */
    size_t plugin_count;
};

/* Goes through the directories of --plugin-dir, X07_PLUGIN_PATH, the user and the system, in this order, and
 * notes each *.so in them, by name. A directory that comes twice is searched once. Errors: E_PLUGIN_DIR a
 * directory of --plugin-dir cannot be read. */
struct error *discover(struct arena *arena, const struct registry_options *options, struct discovery *found);

/* $NAME/rest when the variable holds an absolute path, else $HOME/fallback/rest, else NULL. In the arena. */
const char *discover_home_path(struct arena *arena, const char *variable, const char *fallback,
                               const char *rest);

/* Makes a path absolute, in the arena. */
const char *discover_absolute(struct arena *arena, const char *path);

#endif
