/* project.c: see project.h. */
#include "project/project.h"

#include "base/file.h"
#include "project/paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* ---- loading ---- */

static void
add_root(struct json_strings *roots, const char *root)
{
    for (size_t i = 0; i < roots->count; i++)
        if (strcmp(roots->items[i], root) == 0)
            return;
    roots->items[roots->count++] = root;
}

static struct error *
find_roots(struct arena *arena, const struct manifest *manifest, const struct lock *lock,
           struct json_strings *roots)
{
    size_t room = manifest->module_roots.count + lock->dependencies.count;
    struct error *error = NULL;
    const char *path;

    *roots = (struct json_strings){.items = ARENA_ARRAY(arena, const char *, room + 1)};
    for (size_t i = 0; i < manifest->module_roots.count && !error; i++) {
        error = paths_resolve(arena, manifest->folder, manifest->module_roots.items[i], &path);
        if (!error)
            add_root(roots, path);
    }
    for (size_t i = 0; i < lock->dependencies.count && !error; i++) {
        const struct lock_dependency *dependency = lock_dependency_at(lock, i);
        error = paths_resolve(arena, manifest->folder, dependency->path, &path);
        if (!error)
            add_root(roots, paths_join(arena, path, dependency->module_root));
    }
    return error;
}

struct error *
project_own_roots(struct arena *arena, const struct manifest *manifest, struct json_strings *roots)
{
    const struct lock none = {0};

    return find_roots(arena, manifest, &none, roots);
}

/* What stands before an error of lock_read. */
static struct error *
wrap_lock_error(struct error *error, enum project_wording wording, const char *path)
{
    bool parse = strcmp(error->code, "E_LOCK_PARSE") == 0;
    size_t len = strlen(path);

    if (wording == PROJECT_OF_TOOLS)
        return error_wrap(error, parse ? "parse lockfile JSON" : "read lockfile");
    /* The hint stands between the path and the rest. */
    struct error *hinted =
        error_new(error->code, "%s: %s (hint: run `x07 pkg lock`)%s",
                  parse ? "[X07LOCK_PARSE] parse lockfile JSON" : "[X07LOCK_READ] read lockfile", path,
                  strncmp(error->message, path, len) == 0 ? error->message + len : error->message);
    error_free(error);
    return hinted;
}

struct error *
project_load_lock(struct arena *arena, enum project_wording wording, struct project *project)
{
    const struct manifest *manifest = &project->manifest;

    project->lock_path = manifest_lock_path(arena, manifest);
    project->entry_path = manifest_entry_path(arena, manifest);
    struct error *error = lock_read(arena, project->lock_path, &project->lock);
    if (error && strcmp(error->code, "E_LOCK_MISSING") == 0 && !manifest->dependencies.count) {
        error_free(error);
        return find_roots(arena, manifest, &project->lock, &project->roots);
    }
    if (error)
        return wrap_lock_error(error, wording, project->lock_path);
    error = lock_verify(arena, manifest, &project->lock);
    if (error)
        return wording == PROJECT_OF_TOOLS ? error_wrap(error, "verify lockfile") : error;
    return find_roots(arena, manifest, &project->lock, &project->roots);
}

struct error *
project_load(struct arena *arena, const char *path, enum project_wording wording, struct project *project)
{
    *project = (struct project){0};
    struct error *error = manifest_read(arena, path, &project->manifest);
    return error ? error : project_load_lock(arena, wording, project);
}

/* ---- finding ---- */

static bool
ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), tail = strlen(ending);

    return len > tail && strcmp(name + len - tail, ending) == 0;
}

/* The only manifest of another name in a folder. */
static const char *
find_other_name(struct arena *arena, const char *folder)
{
    DIR *directory = opendir(folder[0] ? folder : ".");
    const char *found = NULL;
    size_t count = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
        if (!ends_with(entry->d_name, ".x07project.json"))
            continue;
        const char *path = paths_join(arena, folder, entry->d_name);
        if (file_is_regular(path)) {
            found = path;
            count++;
        }
    }
    if (directory)
        closedir(directory);
    return count == 1 ? found : NULL;
}

const char *
project_discover(struct arena *arena, const char *folder)
{
    const char *at = strcmp(folder, ".") == 0 ? "" : folder;

    for (;;) {
        const char *path = paths_join(arena, at, "x07.json");
        if (file_is_regular(path))
            return path;
        path = find_other_name(arena, at);
        if (path || !at[0] || strcmp(at, "/") == 0)
            return path;
        at = paths_folder(arena, at);
    }
}

const char *
project_of_option(struct arena *arena, const char *path)
{
    size_t len = strlen(path);

    if (!file_is_dir(path))
        return path;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return arena_printf(arena, "%.*s%sx07.json", (int)len, path, path[len - 1] == '/' ? "" : "/");
}
