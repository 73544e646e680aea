/* manifest_check.c: what a manifest must keep to, first rule first. */
#include "base/quote.h"
#include "base/utf8.h"
#include "project/manifest.h"
#include "project/paths.h"
#include "project/worlds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* An error that ends with the value in quotes. */
static struct error *__attribute__((format(printf, 2, 3)))
quoted_error(const char *value, const char *format, ...)
{
    struct text message = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    text_append_quoted(&message, value, strlen(value));
    struct error *error = error_new("E_PROJECT", "%s", text_string(&message));
    text_free(&message);
    return error;
}

static char *
quote(const char *value)
{
    struct text text = {0};

    text_append_quoted(&text, value, strlen(value));
    return text_take(&text);
}

static struct error *
check_patch_names(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->patches.count; i++) {
        const char *name = manifest_patch_at(manifest, i)->name;
        if (!name[0])
            return error_new("E_PROJECT", "project.patch key must be non-empty");
        if (manifest_find_patch(manifest, name) != manifest_patch_at(manifest, i))
            return quoted_error(name, "project.patch has duplicate key ");
    }
    return NULL;
}

static struct error *
check_version(const struct manifest *manifest)
{
    bool old = strcmp(manifest->schema_version, MANIFEST_VERSION_2) == 0;

    if (!old && strcmp(manifest->schema_version, MANIFEST_VERSION_3) != 0)
        return quoted_error(manifest->schema_version,
                            "project schema_version mismatch: expected one of [\"" MANIFEST_VERSION_2
                            "\", \"" MANIFEST_VERSION_3 "\"] got ");
    if (old && manifest->patches.count)
        return error_new("E_PROJECT", "project.patch requires project schema_version " MANIFEST_VERSION_3
                                      " (got " MANIFEST_VERSION_2 ")");
    return NULL;
}

static struct error *
check_world(const struct manifest *manifest)
{
    if (world_is_known(manifest->world))
        return NULL;
    char *quoted = quote(manifest->world);
    struct error *error =
        error_new("E_PROJECT", "invalid project world %s: unknown world: %s", quoted, manifest->world);
    free(quoted);
    return error;
}

static struct error *
check_entry(const struct manifest *manifest)
{
    static const char ending[] = ".x07.json";
    size_t len = strlen(manifest->entry);

    if (!len)
        return error_new("E_PROJECT", "project entry must be non-empty");
    struct error *error = paths_check(manifest->entry, "project.entry");
    if (!error && (len < strlen(ending) || strcmp(manifest->entry + len - strlen(ending), ending) != 0))
        error = quoted_error(manifest->entry, "project entry must be a *.x07.json file, got ");
    return error;
}

static struct error *
check_roots(const struct manifest *manifest)
{
    struct error *error = NULL;

    if (!manifest->module_roots.count)
        return error_new("E_PROJECT", "project module_roots must be non-empty");
    for (size_t i = 0; i < manifest->module_roots.count && !error; i++)
        error = paths_check(manifest->module_roots.items[i], "project.module_roots[%zu]", i);
    return error;
}

static struct error *
check_library(const char *value, const char *list, size_t index)
{
    if (!value[0])
        return error_new("E_PROJECT", "project.link.%s[%zu] must be non-empty", list, index);
    if (value[0] == '-')
        return quoted_error(value, "project.link.%s[%zu] must not start with '-': ", list, index);
    if (utf8_has_space(value, strlen(value)) || strpbrk(value, "/\\"))
        return quoted_error(
            value, "project.link.%s[%zu] must not contain whitespace, '/', '\\\\', or NUL: ", list, index);
    return NULL;
}

static struct error *
check_link(const struct manifest *manifest)
{
    const struct manifest_link *link = &manifest->link;
    struct error *error = NULL;

    for (size_t i = 0; i < link->libs.count && !error; i++)
        error = check_library(link->libs.items[i], "libs", i);
    for (size_t i = 0; i < link->search_paths.count && !error; i++)
        error = paths_check(link->search_paths.items[i], "project.link.search_paths[%zu]", i);
    for (size_t i = 0; i < link->frameworks.count && !error; i++)
        error = check_library(link->frameworks.items[i], "frameworks", i);
    return error;
}

static struct error *
check_dependencies(const struct manifest *manifest)
{
    struct error *error = NULL;

    for (size_t i = 0; i < manifest->dependencies.count && !error; i++)
        error = paths_check(manifest_dependency_at(manifest, i)->path, "project.dependencies[%zu].path", i);
    return error;
}

/* ^[a-z][a-z0-9_-]*$ */
static bool
is_package_name(const char *name)
{
    if (!islower((unsigned char)name[0]))
        return false;
    return !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static struct error *
check_patch(const struct manifest_patch *patch)
{
    if (!is_package_name(patch->name))
        return quoted_error(patch->name, "project.patch key must match ^[a-z][a-z0-9_-]*$, got ");
    char *name = quote(patch->name);
    struct error *error = NULL;
    if (!patch->version[0])
        error = error_new("E_PROJECT", "project.patch[%s].version must be non-empty", name);
    else if (patch->path)
        error = paths_check(patch->path, "project.patch[%s].path", name);
    free(name);
    return error;
}

static struct error *
check_patches(const struct manifest *manifest)
{
    struct error *error = NULL;

    for (size_t i = 0; i < manifest->patches.count && !error; i++)
        error = check_patch(manifest_patch_at(manifest, i));
    return error;
}

static struct error *
check_lockfile(const struct manifest *manifest)
{
    return paths_check(manifest->lockfile, "project.lockfile");
}

struct error *
manifest_check(const struct manifest *manifest)
{
    static struct error *(*const rules[])(const struct manifest *) = {
        check_patch_names, check_version,      check_world,   check_entry,    check_roots,
        check_link,        check_dependencies, check_patches, check_lockfile,
    };
    struct error *error = NULL;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && !error; i++)
        error = rules[i](manifest);
    return error;
}
