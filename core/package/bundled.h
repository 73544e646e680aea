/* bundled.h: packages that came with the toolchain. Knows where they lie; knows nothing of the index. */
#ifndef PACKAGE_BUNDLED_H
#define PACKAGE_BUNDLED_H

#include "base/arena.h"

/* The folder of a bundled package: packages/ext/x07-NAME/VERSION beneath X07_REPO_ROOT if that is set, else
 * beneath a folder above the executable; NULL when there is none. In `arena`. Any thread. */
const char *bundled_find(struct arena *arena, const char *name, const char *version);

#endif
