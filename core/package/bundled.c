/* bundled.c: see bundled.h. */
#include "package/bundled.h"

#include "base/file.h"
#include "base/process.h"
#include "package/semver.h"
#include "package/spec.h"
#include "project/package_manifest.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>

/* "packages/ext" of the toolchain, or NULL. */
static const char *
find_root(struct arena *arena)
{
    const char *setting = getenv("X07_REPO_ROOT");

    if (setting)
        return paths_join(arena, setting, "packages/ext");
    char *self = process_self();
    const char *at = self ? paths_folder(arena, arena_copy(arena, self, strlen(self))) : "";
    free(self);
    for (;;) {
        const char *root = paths_join(arena, at, "packages/ext");
        if (at[0] && file_is_dir(root))
            return root;
        if (!at[0] || strcmp(at, "/") == 0)
            return NULL;
        at = paths_folder(arena, at);
    }
}

const char *
bundled_find(struct arena *arena, const char *name, const char *version)
{
    /* Both become parts of a path. */
    const char *root = spec_is_name(name) && semver_is_valid(version) ? find_root(arena) : NULL;

    if (!root)
        return NULL;
    const char *folder = arena_printf(arena, "%s/x07-%s/%s", root, name, version);
    return file_is_regular(paths_join(arena, folder, PACKAGE_MANIFEST_FILE)) ? folder : NULL;
}
