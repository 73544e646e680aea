/* pack.h: makes the archive of a package.
 * Knows which files belong to a package; knows nothing of commands. Any thread. */
#ifndef PACKAGE_PACK_H
#define PACKAGE_PACK_H

#include "base/text.h"
#include "project/package_manifest.h"

/* Appends the archive of the package in `folder`: its manifest, its modules and the files below ffi/, sorted.
 * The same files give the same bytes. Strings live in `arena`. Errors have the texts that users see. */
struct error *pack_package(struct arena *arena, const char *folder, const struct package_manifest *manifest,
                           struct text *archive);

#endif
