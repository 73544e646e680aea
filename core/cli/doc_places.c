/* doc_places.c: where `x07 doc` looks for modules and packages. */
#include "base/file.h"
#include "base/quote.h"
#include "cli/doc_parts.h"
#include "project/paths.h"
#include "project/project.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
add_root(struct doc_places *places, enum doc_origin origin, const char *path, const char *package)
{
    places->roots[places->root_count++] = (struct doc_source){origin, path, package};
}

static struct error *
package_error(struct error *error, const struct manifest_dependency *dependency, const char *path)
{
    struct text what = {0};

    text_puts(&what, "load package manifest for ");
    text_append_quoted(&what, dependency->name, strlen(dependency->name));
    text_putc(&what, '@');
    text_append_quoted(&what, dependency->version, strlen(dependency->version));
    error = error_wrap(error, "%s from %s", text_string(&what), path);
    text_free(&what);
    return error;
}

static struct error *
add_package(struct arena *arena, const struct manifest *manifest,
            const struct manifest_dependency *dependency, struct doc_places *places)
{
    struct package_manifest *package = ARENA_NEW(arena, struct package_manifest);
    const char *folder;
    struct error *error = paths_resolve(arena, manifest->folder, dependency->path, &folder);

    if (error)
        return error;
    error = package_manifest_read(arena, folder, package);
    if (error)
        return package_error(error, dependency, folder);
    const char *name = arena_printf(arena, "%s@%s", package->name, package->version);
    add_root(places, DOC_DEPENDENCY, paths_join(arena, folder, package->module_root), name);
    places->packages[places->package_count++] = (struct doc_package){package, {DOC_DEPENDENCY, folder, name}};
    return NULL;
}

static struct error *
add_project(struct arena *arena, const char *path, struct doc_places *places)
{
    struct manifest manifest;
    struct json_strings own;
    struct error *error = error_wrap(manifest_read(arena, path, &manifest), "load project manifest");

    if (!error)
        error = project_own_roots(arena, &manifest, &own);
    if (error)
        return error;
    places->roots = ARENA_ARRAY(arena, struct doc_source, own.count + manifest.dependencies.count + 1);
    places->packages = ARENA_ARRAY(arena, struct doc_package, manifest.dependencies.count + 1);
    for (size_t i = 0; i < own.count; i++)
        add_root(places, DOC_PROJECT, own.items[i], NULL);
    for (size_t i = 0; !error && i < manifest.dependencies.count; i++)
        error = add_package(arena, &manifest, manifest_dependency_at(&manifest, i), places);
    return error;
}

static const char *
project_path(struct arena *arena, const struct doc_settings *settings)
{
    char *path = settings->project ? file_find_upward(settings->project) : getcwd(NULL, 0);
    const char *found = NULL;

    if (path)
        found = settings->project ? project_of_option(arena, arena_copy(arena, path, strlen(path)))
                                  : project_discover(arena, path);
    free(path);
    return found;
}

struct error *
doc_places_find(struct arena *arena, const struct doc_settings *settings, struct doc_places *places)
{
    const struct option_list *given = &settings->module_roots;
    const char *project = given->count && !settings->project ? NULL : project_path(arena, settings);
    struct error *error = project ? add_project(arena, project, places) : NULL;

    if (error || (project && !given->count))
        return error;
    /* What options name comes in place of the project's roots; its packages are still known. */
    places->roots = ARENA_ARRAY(arena, struct doc_source, given->count + 1);
    places->root_count = 0;
    for (size_t i = 0; i < given->count; i++)
        add_root(places, DOC_FILESYSTEM, given->items[i], NULL);
    if (!given->count)
        add_root(places, DOC_FILESYSTEM, ".", NULL);
    return NULL;
}
