/* manifest.h: the project manifest x07.json.
 * Knows its members and their rules; knows nothing of lock files, profiles or commands.
 *
 * Everything read lives in the arena that the caller gives. Errors have the texts that users see; commands
 * put their context in front. Codes: E_PROJECT_READ, E_PROJECT_PARSE, E_PROJECT. Not thread-safe in one
 * arena. */
#ifndef PROJECT_MANIFEST_H
#define PROJECT_MANIFEST_H

#include "ast/json_decode.h"
#include "base/error.h"

#define MANIFEST_VERSION_2 "x07.project@0.2.0"
#define MANIFEST_VERSION_3 "x07.project@0.3.0"
#define MANIFEST_DEFAULT_LOCKFILE "x07.lock.json"

/* Strings are never NULL unless it says so, and trimmed. */
struct manifest_dependency {
    const char *name;
    const char *version;
    const char *path; /* as written: relative, or beginning with $workspace */
};

struct manifest_patch {
    const char *name;
    const char *version;
    const char *path; /* or NULL */
};

struct manifest_link {
    struct json_flag is_static;
    struct json_strings search_paths;
    struct json_strings libs;
    struct json_strings frameworks;
};

struct manifest {
    const char *path;   /* of the file, as it was given */
    const char *folder; /* of the file; "" for the current one */
    const char *schema_version;
    const char *world;
    const char *entry;
    struct json_strings module_roots;
    struct manifest_link link;
    struct json_list dependencies; /* struct manifest_dependency, see manifest_dependency_at */
    struct json_list patches;      /* struct manifest_patch */
    const char *lockfile;          /* relative; the default one when the manifest names none */
    const char *text;              /* the file's bytes, as they were read */
    size_t text_len;
    struct ast_json document; /* the whole of it, unknown members included, for those who write it again */
};

static inline const struct manifest_dependency *
manifest_dependency_at(const struct manifest *manifest, size_t index)
{
    return (const struct manifest_dependency *)manifest->dependencies.items + index;
}

static inline const struct manifest_patch *
manifest_patch_at(const struct manifest *manifest, size_t index)
{
    return (const struct manifest_patch *)manifest->patches.items + index;
}

/* The patch of a package, or NULL. */
const struct manifest_patch *manifest_find_patch(const struct manifest *manifest, const char *name);

/* Reads and checks a file. */
struct error *manifest_read(struct arena *arena, const char *path, struct manifest *manifest);

/* The two halves of it, for a document in memory (`text` must outlive the manifest) and for commands that
 * change what was parsed before it is checked. */
struct error *manifest_parse(struct arena *arena, const char *path, const char *text, size_t len,
                             struct manifest *manifest);
struct error *manifest_check(const struct manifest *manifest);

/* The bytes of a manifest or of its like, in the arena. Error "[X07PROJECT_READ] read project: PATH: ...". */
struct error *manifest_load_text(struct arena *arena, const char *path, const char **text, size_t *len);

/* Paths that are relative to the manifest's folder. */
const char *manifest_lock_path(struct arena *arena, const struct manifest *manifest);
const char *manifest_entry_path(struct arena *arena, const struct manifest *manifest);

/* Arguments for the linker, in their order; ends with NULL. */
const char **manifest_link_arguments(struct arena *arena, const struct manifest *manifest);

#endif
