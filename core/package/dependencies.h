/* dependencies.h: the dependencies of a project on their way from one manifest to the next.
 * Knows the manifest's document; knows nothing of where packages come from. Everything lives in the arena.
 * Not thread-safe in one arena. */
#ifndef PACKAGE_DEPENDENCIES_H
#define PACKAGE_DEPENDENCIES_H

#include "project/manifest.h"

struct dependency {
    const char *name, *version, *path;
    const struct ast_json *written; /* its object in the manifest, for its unknown members; or NULL */
    bool scanned;                   /* its own requirements are among the dependencies */
};

struct dependencies {
    struct arena *arena;
    const struct manifest *manifest;
    struct dependency *items;
    size_t count, capacity;
    bool upgrade;                /* the manifest must become one of version 0.3.0 */
    struct json_strings patched; /* "name@version", changed by a patch */
    struct json_strings added;   /* "name@version", that something required */
};

/* Those of the manifest, in its order. The manifest must outlive them. */
void dependencies_read(struct arena *arena, const struct manifest *manifest, struct dependencies *all);

struct dependency *dependencies_find(const struct dependencies *all, const char *name);

/* ".x07/deps/NAME/VERSION" */
const char *dependencies_default_path(struct arena *arena, const char *name, const char *version);

/* Adds one and sorts all by name, then version. */
void dependencies_add(struct dependencies *all, const char *name, const char *version, const char *path);

/* Removes all of that name; returns how many there were. */
size_t dependencies_remove(struct dependencies *all, const char *name);

/* Gives a dependency the version and path of its package's patch. Returns whether that changed it. */
bool dependencies_patch(struct dependencies *all, struct dependency *dependency);

/* Whether the manifest has to be written again for what was required or patched. */
bool dependencies_changed(const struct dependencies *all);

/* "name@version" to a list in the arena. */
void dependencies_note(struct arena *arena, struct json_strings *list, const char *name, const char *version);

/* Appends the manifest with these dependencies, in the layout of manifests that tools write. */
void dependencies_write(const struct dependencies *all, struct text *out);

#endif
