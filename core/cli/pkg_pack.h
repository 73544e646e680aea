/* pkg_pack.h: the archive of a package's folder, for the commands that write it and that send it. */
#ifndef CLI_PKG_PACK_H
#define CLI_PKG_PACK_H

#include "base/sha256.h"
#include "base/text.h"
#include "project/package_manifest.h"

struct packed {
    const char *folder;
    struct package_manifest manifest;
    struct text archive; /* the caller's to free */
    char sha256[SHA256_HEX];
};

/* Looks for the folder here and above and packs it. `packed` is zeroed before; the rest lives in `arena`. */
struct error *pkg_pack_folder(struct arena *arena, const char *given, struct packed *packed);

#endif
