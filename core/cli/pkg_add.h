/* pkg_add.h: adding a dependency, for commands that do so on the way. */
#ifndef CLI_PKG_ADD_H
#define CLI_PKG_ADD_H

#include "base/error.h"

/* What `x07 pkg add SPEC --sync --project MANIFEST` does, without its report. An existing dependency of that
 * version is no error. Errors: those of package/locking.h. */
struct error *pkg_add_synced(const char *manifest, const char *spec);

#endif
