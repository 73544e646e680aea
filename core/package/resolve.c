/* resolve.c: see resolve.h. */
#include "package/resolve.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "package/bundled.h"
#include "package/spec.h"
#include "project/package_manifest.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPENDENCIES = 10000 };

/* Why a dependency that is not on disk cannot simply be fetched. */
enum origin { PATCHED, LOCAL, REGISTRY };

static struct error *
folder_of(const struct resolve *resolve, const struct dependency *dependency, const char **folder)
{
    return paths_resolve(resolve->dependencies->arena, resolve->dependencies->manifest->folder,
                         dependency->path, folder);
}

/* ---- presence ---- */

static enum origin
origin_of(const struct resolve *resolve, const struct dependency *dependency)
{
    const struct manifest_patch *patch =
        manifest_find_patch(resolve->dependencies->manifest, dependency->name);

    if (patch && patch->path && patch->path[0])
        return PATCHED;
    return strncmp(dependency->path, ".x07/deps/", strlen(".x07/deps/")) == 0 ? REGISTRY : LOCAL;
}

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* "n@v (dir), n@v (dir)", sorted. */
static const char *
list_missing(struct arena *arena, const char **items, size_t count)
{
    struct text text = {0};

    qsort(items, count, sizeof *items, compare_strings);
    for (size_t i = 0; i < count; i++)
        text_printf(&text, "%s%s", i ? ", " : "", items[i]);
    const char *result = arena_copy(arena, text_string(&text), text.len);
    text_free(&text);
    return result;
}

/* Missing dependencies that no index has. */
static struct error *
check_origin(const struct resolve *resolve, struct dependency *const *missing, size_t count,
             enum origin origin, const char *code, const char *what)
{
    struct arena *arena = resolve->dependencies->arena;
    const char **items = ARENA_ARRAY(arena, const char *, count);
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const char *folder;
        if (origin_of(resolve, missing[i]) != origin)
            continue;
        struct error *error = folder_of(resolve, missing[i], &folder);
        if (error)
            return error;
        items[found++] = arena_printf(arena, "%s@%s (%s)", missing[i]->name, missing[i]->version, folder);
    }
    if (!found)
        return NULL;
    return error_new(code, "%s dependencies are missing on disk: %s", what,
                     list_missing(arena, items, found));
}

/* Copies those that came with the toolchain. *count gets how many remain. */
static struct error *
copy_bundled(const struct resolve *resolve, struct dependency **missing, size_t *count)
{
    struct arena *arena = resolve->dependencies->arena;
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++) {
        const char *place, *from = bundled_find(arena, missing[i]->name, missing[i]->version);
        if (!from) {
            missing[kept++] = missing[i];
            continue;
        }
        struct error *error = install_place(resolve->installer, missing[i]->path, &place);
        if (!error)
            error = install_copy(resolve->installer, from, place);
        if (error)
            return error;
    }
    *count = kept;
    return NULL;
}

static struct error *
find_missing(const struct resolve *resolve, struct dependency **missing, size_t *count)
{
    struct dependencies *all = resolve->dependencies;

    *count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const char *folder;
        struct error *error = folder_of(resolve, &all->items[i], &folder);
        if (error)
            return error;
        if (!file_is_regular(paths_join(all->arena, folder, PACKAGE_MANIFEST_FILE)))
            missing[(*count)++] = &all->items[i];
    }
    return NULL;
}

static struct error *
make_present(const struct resolve *resolve, struct fetched ***end)
{
    struct dependencies *all = resolve->dependencies;
    struct dependency **missing = ARENA_ARRAY(all->arena, struct dependency *, all->count + 1);
    size_t count;
    struct error *error = find_missing(resolve, missing, &count);

    if (!error && count)
        error = check_origin(resolve, missing, count, PATCHED, "X07PKG_PATCH_MISSING_DEP", "patched");
    if (!error && count)
        error = check_origin(resolve, missing, count, LOCAL, "X07PKG_LOCAL_MISSING_DEP", "local");
    if (!error && count)
        error = copy_bundled(resolve, missing, &count);
    if (error || !count)
        return error;
    if (resolve->offline)
        return error_new("X07PKG_OFFLINE_MISSING_DEP", "%zu missing dependencies (offline mode)", count);
    return fetch_packages(resolve->supply, resolve->installer, missing, count, end);
}

/* ---- requirements ---- */

/* `by` requires `wanted`. */
static struct error *
require(struct dependencies *all, const struct package_spec *wanted, const struct dependency *by)
{
    const struct manifest_patch *patch = manifest_find_patch(all->manifest, wanted->name);
    const char *version = patch ? patch->version : wanted->version;
    struct dependency *present = dependencies_find(all, wanted->name);

    if (present && strcmp(present->version, version) == 0)
        return NULL;
    if (present && patch) {
        dependencies_patch(all, present);
        return NULL;
    }
    if (present)
        return error_new("E_RESOLVE",
                         "dependency version conflict: project has %s@%s, but \"%s@%s\" is required by %s@%s "
                         "(hint: use project.patch to override %s)",
                         present->name, present->version, wanted->name, version, by->name, by->version,
                         wanted->name);
    if (all->count >= MAX_DEPENDENCIES)
        return error_new("E_RESOLVE", "the project would have more than %d dependencies", MAX_DEPENDENCIES);
    const char *path = patch && patch->path && patch->path[0]
                           ? patch->path
                           : dependencies_default_path(all->arena, wanted->name, version);
    dependencies_note(all->arena, &all->added, wanted->name, version);
    dependencies_add(all, wanted->name, version, path);
    return NULL;
}

static struct error *
require_text(struct dependencies *all, const char *text, const struct dependency *by)
{
    struct package_spec wanted = {0};
    struct error *error = spec_read(all->arena, text, &wanted);

    if (!error && wanted.version)
        return require(all, &wanted, by);
    const char *reason = error ? error->message : "the version is missing";
    struct error *outer = error_new("E_RESOLVE", "expected NAME@VERSION, got %s: %s (required by %s@%s)",
                                    quote_string(all->arena, text), reason, by->name, by->version);
    error_free(error);
    return outer;
}

/* `dependency` is a copy: adding moves those of the list. */
static struct error *
scan(const struct resolve *resolve, struct dependency dependency)
{
    struct dependencies *all = resolve->dependencies;
    struct package_manifest package;
    const char *folder;
    struct error *error = folder_of(resolve, &dependency, &folder);

    if (!error)
        error = package_manifest_read(all->arena, folder, &package);
    if (error)
        return error;
    size_t count = package.meta.requires_packages.count;
    const char **texts = ARENA_ARRAY(all->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *text = package.meta.requires_packages.items[i];
        size_t len = strlen(text);
        utf8_trim(&text, &len);
        texts[i] = arena_copy(all->arena, text, len);
    }
    qsort(texts, count, sizeof *texts, compare_strings);
    for (size_t i = 0; !error && i < count; i++)
        if (texts[i][0] && (!i || strcmp(texts[i - 1], texts[i]) != 0))
            error = require_text(all, texts[i], &dependency);
    return error;
}

static struct dependency *
next_unscanned(const struct dependencies *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].scanned)
            return &all->items[i];
    return NULL;
}

/* Scans all that are on disk now, so that what they require can be fetched at once. */
static struct error *
scan_all(const struct resolve *resolve)
{
    struct dependencies *all = resolve->dependencies;
    size_t count = 0;
    struct dependency *present = ARENA_ARRAY(all->arena, struct dependency, all->count + 1);

    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].scanned) {
            all->items[i].scanned = true;
            present[count++] = all->items[i];
        }
    for (size_t i = 0; i < count; i++) {
        struct error *error = scan(resolve, present[i]);
        if (error)
            return error;
    }
    return NULL;
}

struct error *
resolve_dependencies(struct resolve *resolve)
{
    struct dependencies *all = resolve->dependencies;
    struct fetched **end = &resolve->fetched;
    struct error *error = NULL;

    resolve->fetched = NULL;
    for (size_t i = 0; i < all->count; i++)
        dependencies_patch(all, &all->items[i]);
    while (!error) {
        error = make_present(resolve, &end);
        if (error || !next_unscanned(all))
            break;
        error = scan_all(resolve);
    }
    return error;
}
