/* package_manifest.h: what a package says of itself in x07-package.json.
 * Knows its members and their rules; knows nothing of projects, archives or the index.
 *
 * Everything read lives in the arena that the caller gives. Not thread-safe in one arena. */
#ifndef PROJECT_PACKAGE_MANIFEST_H
#define PROJECT_PACKAGE_MANIFEST_H

#include "ast/json_decode.h"
#include "base/error.h"

#define PACKAGE_MANIFEST_FILE "x07-package.json"

/* Strings are NULL when absent unless it says so. */
struct package_meta {
    struct json_strings requires_packages; /* NAME@VERSION, as written */
    const char *import_mode;               /* "ffi": its C sources are linked */
    struct json_strings ffi_libs;
};

struct package_manifest {
    const char *path;           /* of the file */
    const char *schema_version; /* the members up to modules are never NULL */
    const char *name;
    const char *version;
    const char *module_root; /* relative */
    struct json_strings modules;
    const char *description;
    const char *docs;
    struct package_meta meta;
    const char *text; /* the file's bytes */
    size_t text_len;
};

/* Reads and checks `folder`/x07-package.json. Error E_PACKAGE, with the texts that users see. */
struct error *package_manifest_read(struct arena *arena, const char *folder,
                                    struct package_manifest *manifest);

/* The same for bytes in memory, which must outlive the manifest; `path` stands in messages. */
struct error *package_manifest_parse(struct arena *arena, const char *path, const char *text, size_t len,
                                     struct package_manifest *manifest);

/* "a/b.x07.json" for a.b */
const char *package_module_file(struct arena *arena, const char *module);

#endif
