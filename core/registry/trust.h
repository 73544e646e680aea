/* trust.h: whether a file can have been written by anyone but the user or root.
 * Knows paths, owners and modes; knows nothing of plugins. */
#ifndef REGISTRY_TRUST_H
#define REGISTRY_TRUST_H

#include "base/error.h"

/* Walks `path` (absolute) from the root, through every symbolic link, and demands of each directory, link and
 * the file itself: owned by the user or root, and writable by nobody else. A sticky directory such as /tmp
 * may be writable by all, since only owners can replace what lies in it. The file must be a regular one.
 * Returns NULL when all hold. Errors: E_PLUGIN_TRUST naming the component; E_PLUGIN_IO one cannot be looked
 * at. */
struct error *trust_check(const char *path);

/* The same for a directory. */
struct error *trust_check_directory(const char *path);

#endif
