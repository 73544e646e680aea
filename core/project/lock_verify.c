/* lock_verify.c: what the packages on disk come to, and whether a lock says the same. */
#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "project/lock.h"
#include "project/package_manifest.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>

static const char *
digest(struct arena *arena, const void *data, size_t len)
{
    char hex[SHA256_HEX];

    sha256_hex(data, len, hex);
    return arena_copy(arena, hex, SHA256_HEX - 1);
}

static struct error *
check_identity(struct arena *arena, const struct manifest_dependency *wanted,
               const struct package_manifest *package)
{
    const struct {
        const char *what, *wanted, *found;
    } rows[] = {{"name", wanted->name, package->name}, {"version", wanted->version, package->version}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].wanted, rows[i].found) != 0)
            return error_new("E_PACKAGE", "dependency %s mismatch: project wants %s but package at %s is %s",
                             rows[i].what, quote_string(arena, rows[i].wanted), package->path,
                             quote_string(arena, rows[i].found));
    return NULL;
}

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* `bytes` is reused from module to module. */
static struct error *
digest_module(struct arena *arena, const char *root, const char *module, struct text *bytes,
              struct json_text *out)
{
    text_clear(bytes);
    struct error *error =
        file_read(paths_join(arena, root, package_module_file(arena, module)), FILE_NO_LIMIT, bytes);
    if (error) {
        error->code = "E_PACKAGE";
        return error_wrap(error, "read module %s", quote_string(arena, module));
    }
    *out = (struct json_text){module, digest(arena, text_string(bytes), bytes->len)};
    return NULL;
}

static struct error *
digest_modules(struct arena *arena, const char *root, const struct package_manifest *package,
               struct json_list *modules)
{
    size_t count = package->modules.count;
    const char **ids = ARENA_ARRAY(arena, const char *, count + 1);
    struct json_text *items = ARENA_ARRAY(arena, struct json_text, count + 1);
    struct text bytes = {0};
    struct error *error = NULL;

    if (count)
        memcpy(ids, package->modules.items, count * sizeof *ids);
    qsort(ids, count, sizeof *ids, compare_strings);
    *modules = (struct json_list){.given = true, .items = items};
    for (size_t i = 0; i < count && !error; i++)
        if (!i || strcmp(ids[i], ids[i - 1]) != 0)
            error = digest_module(arena, root, ids[i], &bytes, &items[modules->count++]);
    text_free(&bytes);
    return error;
}

static struct error *
compute_dependency(struct arena *arena, const struct manifest *manifest,
                   const struct manifest_dependency *wanted, struct lock_dependency *out)
{
    struct package_manifest package;
    const char *folder;
    struct error *error = paths_resolve(arena, manifest->folder, wanted->path, &folder);

    if (!error)
        error = package_manifest_read(arena, folder, &package);
    if (!error)
        error = check_identity(arena, wanted, &package);
    if (error)
        return error;
    *out = (struct lock_dependency){
        .name = wanted->name,
        .version = wanted->version,
        .path = wanted->path,
        .package_manifest_sha256 = digest(arena, package.text, package.text_len),
        .module_root = package.module_root,
    };
    return digest_modules(arena, paths_join(arena, folder, package.module_root), &package, &out->modules);
}

struct error *
lock_compute(struct arena *arena, const struct manifest *manifest, struct lock *lock)
{
    size_t count = manifest->dependencies.count;
    struct lock_dependency *items = ARENA_ARRAY(arena, struct lock_dependency, count + 1);
    struct error *error = NULL;

    *lock =
        (struct lock){.schema_version = "x07.lock@0.3.0", .dependencies = {.given = true, .items = items}};
    for (size_t i = 0; i < count && !error; i++, lock->dependencies.count++)
        error = compute_dependency(arena, manifest, manifest_dependency_at(manifest, i), &items[i]);
    return error;
}

static bool
same_modules(const struct json_list *left, const struct json_list *right)
{
    const struct json_text *a = left->items, *b = right->items;

    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(a[i].name, b[i].name) != 0 || strcmp(a[i].text, b[i].text) != 0)
            return false;
    return true;
}

static struct error *
compare(struct arena *arena, const struct lock_dependency *locked, const struct lock_dependency *found)
{
    const char *wrong = NULL;

    if (strcmp(locked->name, found->name) != 0 || strcmp(locked->version, found->version) != 0 ||
        strcmp(locked->path, found->path) != 0)
        return error_new("E_LOCK", "lockfile dependencies do not match project manifest");
    if (strcmp(locked->package_manifest_sha256, found->package_manifest_sha256) != 0)
        wrong = "package manifest hash";
    else if (strcmp(locked->module_root, found->module_root) != 0)
        wrong = "module_root";
    else if (!same_modules(&locked->modules, &found->modules))
        wrong = "module hashes";
    if (!wrong)
        return NULL;
    return error_new("E_LOCK", "lockfile %s mismatch for %s", wrong, quote_string(arena, found->name));
}

struct error *
lock_verify(struct arena *arena, const struct manifest *manifest, const struct lock *lock)
{
    struct lock found;
    struct error *error = lock_check_version(lock);

    if (!error)
        error = lock_compute(arena, manifest, &found);
    if (error)
        return error;
    if (lock->dependencies.count != found.dependencies.count)
        return error_new("E_LOCK", "lockfile dependency list does not match project");
    for (size_t i = 0; i < found.dependencies.count && !error; i++)
        error = compare(arena, lock_dependency_at(lock, i), lock_dependency_at(&found, i));
    return error;
}
