/* locking.c: see locking.h. The order of the steps is the reference's: the first fault is the one reported.
 */
#include "package/locking.h"

#include "base/file.h"
#include "base/quote.h"
#include "package/lock_check.h"
#include "package/semver.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
locking_init(struct locking *locking, struct arena *arena, const char *path, const char *index)
{
    *locking = (struct locking){.arena = arena, .path = path, .index = index};
    supply_init(&locking->supply, arena, index, "fetching packages");
}

void
locking_free(struct locking *locking)
{
    supply_free(&locking->supply);
    text_free(&locking->manifest_text);
    text_free(&locking->lock_text);
}

/* ---- the manifest ---- */

static struct error *
check_patches(const struct locking *locking, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->patches.count; i++) {
        const struct manifest_patch *patch = manifest_patch_at(manifest, i);
        if (!semver_is_valid(patch->version))
            return error_new(
                "X07PKG_SPEC_INVALID", "project.patch[%s].version must be semver (MAJOR.MINOR.PATCH), got %s",
                quote_string(locking->arena, patch->name), quote_string(locking->arena, patch->version));
    }
    return NULL;
}

/* Patches need version 0.3.0, which the manifest becomes. */
static struct error *
read_manifest(struct locking *locking, const char *text, size_t len, bool *upgrade)
{
    struct manifest *manifest = &locking->manifest;
    struct error *error = manifest_parse(locking->arena, locking->path, text, len, manifest);

    if (error)
        return error;
    *upgrade = manifest->patches.count && strcmp(manifest->schema_version, MANIFEST_VERSION_2) == 0;
    if (*upgrade && locking->check)
        return error_new("X07PKG_TRANSITIVE_MISSING",
                         "project.patch requires schema_version " MANIFEST_VERSION_3
                         " (run `x07 pkg lock` to update x07.json)");
    if (*upgrade)
        manifest->schema_version = MANIFEST_VERSION_3;
    error = error_wrap(manifest_check(manifest), "load project manifest");
    return error ? error : check_patches(locking, manifest);
}

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* "; missing: n@v, n@v" */
static void
append_list(struct text *text, const char *what, const struct json_strings *list)
{
    if (!list->count)
        return;
    text_printf(text, "%s%s: ", text->len ? "; " : "", what);
    qsort(list->items, list->count, sizeof *list->items, compare_strings);
    for (size_t i = 0; i < list->count; i++)
        text_printf(text, "%s%s", i ? ", " : "", list->items[i]);
}

static struct error *
fail_outdated(struct dependencies *dependencies)
{
    struct text what = {0};

    if (dependencies->upgrade)
        text_puts(&what, "schema_version -> " MANIFEST_VERSION_3);
    append_list(&what, "patched", &dependencies->patched);
    append_list(&what, "missing", &dependencies->added);
    struct error *error =
        error_new("X07PKG_TRANSITIVE_MISSING",
                  "project dependencies are out of date (run `x07 pkg lock` to update x07.json) "
                  "(%s)",
                  text_string(&what));
    text_free(&what);
    return error;
}

/* What the complete manifest says, read again from its own text. */
static struct error *
take_dependencies(struct locking *locking, struct dependencies *dependencies)
{
    locking->manifest_changed = dependencies_changed(dependencies);
    locking->added = dependencies->added;
    if (!locking->manifest_changed) {
        text_append(&locking->manifest_text, locking->manifest.text, locking->manifest.text_len);
        return NULL;
    }
    if (locking->check)
        return fail_outdated(dependencies);
    dependencies_write(dependencies, &locking->manifest_text);
    const char *text = arena_copy(locking->arena, locking->manifest_text.data, locking->manifest_text.len);
    struct error *error =
        manifest_parse(locking->arena, locking->path, text, locking->manifest_text.len, &locking->manifest);
    return error ? error : manifest_check(&locking->manifest);
}

struct error *
locking_complete(struct locking *locking, const char *text, size_t len)
{
    struct dependencies dependencies;
    bool upgrade = false;
    struct error *error = read_manifest(locking, text, len, &upgrade);

    if (error)
        return error;
    locking->installer = (struct installer){.arena = locking->arena, .folder = locking->manifest.folder};
    locking->lock_path = manifest_lock_path(locking->arena, &locking->manifest);
    dependencies_read(locking->arena, &locking->manifest, &dependencies);
    dependencies.upgrade = upgrade;
    struct resolve resolve = {.dependencies = &dependencies,
                              .supply = &locking->supply,
                              .installer = &locking->installer,
                              .offline = locking->offline};
    error = resolve_dependencies(&resolve);
    locking->fetched = resolve.fetched;
    locking->shown_index = locking->supply.used ? locking->supply.index.given : locking->index;
    return error ? error : take_dependencies(locking, &dependencies);
}

/* ---- the lock ---- */

static struct error *
read_old_lock(struct locking *locking, struct lock *old, bool *exists)
{
    struct error *error = lock_read(locking->arena, locking->lock_path, old);

    *exists = !error;
    if (!error)
        return NULL;
    if (strcmp(error->code, "E_LOCK_MISSING") == 0) {
        error_free(error);
        return NULL;
    }
    return error_wrap(error,
                      strcmp(error->code, "E_LOCK_PARSE") == 0 ? "parse lockfile JSON" : "read lockfile");
}

static bool
is_from_index(const struct lock_dependency *dependency)
{
    return strncmp(dependency->path, ".x07/deps/", strlen(".x07/deps/")) == 0;
}

static struct error *
ask_index(struct locking *locking)
{
    size_t all = locking->lock.dependencies.count, count = 0;
    const char **names = ARENA_ARRAY(locking->arena, const char *, all + 1);
    struct error *error = NULL;

    for (size_t i = 0; i < all; i++)
        if (is_from_index(lock_dependency_at(&locking->lock, i)))
            names[count++] = lock_dependency_at(&locking->lock, i)->name;
    if (count)
        error = supply_open(&locking->supply);
    if (!error && count)
        error = supply_prefetch(&locking->supply, names, count);
    for (size_t i = 0; !error && i < all; i++) {
        struct lock_dependency *dependency = lock_dependency_at(&locking->lock, i);
        const struct index_entry *entry;
        if (!is_from_index(dependency))
            continue;
        error = supply_entry(&locking->supply, dependency->name, dependency->version, &entry);
        if (error)
            break;
        dependency->yanked = (struct json_flag){true, entry->yanked.value};
        dependency->advisories = entry->advisories;
    }
    locking->shown_index = locking->supply.used ? locking->supply.index.given : locking->index;
    return error;
}

/* What the old lock knew of the same packages is kept. */
static void
copy_metadata(const struct locking *locking, const struct lock *old)
{
    for (size_t i = 0; i < locking->lock.dependencies.count; i++) {
        struct lock_dependency *to = lock_dependency_at(&locking->lock, i);
        for (size_t k = 0; k < old->dependencies.count; k++) {
            const struct lock_dependency *from = lock_dependency_at(old, k);
            if (strcmp(from->name, to->name) != 0 || strcmp(from->version, to->version) != 0 ||
                strcmp(from->path, to->path) != 0 ||
                strcmp(from->package_manifest_sha256, to->package_manifest_sha256) != 0)
                continue;
            to->yanked = from->yanked;
            to->advisories = from->advisories;
            break;
        }
    }
}

static struct error *
add_metadata(struct locking *locking, const struct lock *old)
{
    locking->online =
        !locking->offline && (locking->index || index_default(locking->arena) || locking->supply.used);
    for (size_t i = 0; i < locking->lock.dependencies.count; i++) {
        struct lock_dependency *dependency = lock_dependency_at(&locking->lock, i);
        if (manifest_find_patch(&locking->manifest, dependency->name))
            dependency->overridden_by = dependency->name;
    }
    if (locking->online)
        return ask_index(locking);
    copy_metadata(locking, old);
    return NULL;
}

static struct error *
check_lock(struct locking *locking, const struct lock *old)
{
    bool asked = !locking->offline && (locking->index || locking->supply.used);
    struct error *error = NULL;

    if (asked && !locking->allow_yanked)
        error = lock_check_yanked(&locking->lock);
    if (!error && asked && !locking->allow_advisories)
        error = lock_check_advisories(&locking->lock);
    if (!error && !lock_check_same(old, &locking->lock, locking->online))
        error = error_new("X07PKG_LOCK_MISMATCH", "%s would change", locking->lock_path);
    return error;
}

struct error *
locking_run(struct locking *locking, const char *text, size_t len)
{
    struct lock old = {0};
    bool exists = false;
    struct error *error = locking_complete(locking, text, len);

    if (!error)
        error = lock_compute(locking->arena, &locking->manifest, &locking->lock);
    if (!error)
        error = read_old_lock(locking, &old, &exists);
    if (error)
        return error;
    locking->has_result = true;
    error = add_metadata(locking, &old);
    if (error || !locking->check) {
        lock_write(&locking->lock, &locking->lock_text);
        return error;
    }
    locking->has_result = exists;
    if (!exists)
        return error_new("X07PKG_LOCK_MISSING", "missing lockfile: %s", locking->lock_path);
    return check_lock(locking, &old);
}

/* ---- onto the disk ---- */

static struct error *
prepare(struct file_draft *draft, const char *path, const struct text *text)
{
    struct error *error = file_draft_open(draft, path, 0666);

    if (!error)
        error = file_write_fd(draft->fd, path, text_string(text), text->len);
    if (!error && draft->temporary && fsync(draft->fd) < 0)
        error = error_errno("E_FILE_WRITE", "%s", path);
    return error_wrap(error, "write");
}

struct error *
locking_commit(struct locking *locking, bool manifest)
{
    struct file_draft lock = {.fd = -1}, project = {.fd = -1};
    struct error *error = NULL;

    if (locking->lock_text.len)
        error = prepare(&lock, locking->lock_path, &locking->lock_text);
    if (!error && manifest)
        error = prepare(&project, locking->path, &locking->manifest_text);
    if (!error && lock.target)
        error = error_wrap(file_draft_commit(&lock, false), "write");
    if (!error && manifest)
        error = error_wrap(file_draft_commit(&project, false), "write");
    file_draft_discard(&lock);
    file_draft_discard(&project);
    return error;
}
