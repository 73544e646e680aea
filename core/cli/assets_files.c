/* assets_files.c: see assets_files.h. */
#include "cli/assets_files.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "project/paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 128 };

struct search {
    struct arena *arena;
    const struct assets_rules *rules;
    struct assets *assets;
    size_t capacity;
    int depth;
};

static bool
matches_any(const struct glob *const *globs, const char *path)
{
    for (; *globs; globs++)
        if (glob_matches(*globs, path))
            return true;
    return false;
}

/* What is left of `file` without the folder `prefix`, or NULL. */
static const char *
without_prefix(const char *file, const char *prefix)
{
    size_t len = strlen(prefix);

    if (strcmp(prefix, ".") == 0 && file[0] != '/')
        return file;
    if (strncmp(file, prefix, len) != 0)
        return NULL;
    if (len && prefix[len - 1] == '/')
        return file + len;
    return file[len] == '/' ? file + len + 1 : NULL;
}

static struct error *
add_file(struct search *search, const char *file)
{
    struct assets *assets = search->assets;
    const char *path = without_prefix(file, search->rules->prefix);

    if (utf8_prefix(file, strlen(file)) != strlen(file))
        return error_new("E_ASSETS", "file names must be UTF-8");
    if (!path)
        return error_new("E_ASSETS", "strip prefix %s from %s: prefix not found", search->rules->prefix,
                         file);
    if (!matches_any(search->rules->include, path) || matches_any(search->rules->exclude, path))
        return NULL;
    if (assets->count == search->capacity) {
        search->capacity = search->capacity * 2 + 64;
        assets->items = memory_resize(assets->items, search->capacity * sizeof *assets->items);
    }
    assets->items[assets->count++] = (struct asset){path, file};
    return NULL;
}

static struct error *walk(struct search *search, const char *folder);

static struct error *
visit(struct search *search, const char *place)
{
    struct stat status;

    if (lstat(place, &status) < 0)
        return error_errno("E_ASSETS", "read %s", place);
    if (S_ISREG(status.st_mode))
        return add_file(search, place);
    if (!S_ISDIR(status.st_mode))
        return NULL;
    if (search->depth >= MAX_DEPTH)
        return error_new("E_ASSETS", "directories are nested deeper than %d: %s", MAX_DEPTH, place);
    search->depth++;
    struct error *error = walk(search, place);
    search->depth--;
    return error;
}

static struct error *
walk(struct search *search, const char *folder)
{
    DIR *dir = opendir(folder);
    struct error *error = NULL;
    const struct dirent *entry;

    if (!dir)
        return error_errno("E_ASSETS", "read %s", folder);
    while (!error && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            error = visit(search, paths_join(search->arena, folder, entry->d_name));
    closedir(dir);
    return error;
}

static int
compare(const void *left, const void *right)
{
    return strcmp(((const struct asset *)left)->path, ((const struct asset *)right)->path);
}

struct error *
assets_find(struct arena *arena, const char *folder, const struct assets_rules *rules, struct assets *assets)
{
    struct search search = {.arena = arena, .rules = rules, .assets = assets};

    *assets = (struct assets){0};
    struct error *error = walk(&search, folder);
    if (assets->count) {
        struct asset *items = ARENA_ARRAY(arena, struct asset, assets->count);
        memcpy(items, assets->items, assets->count * sizeof *items);
        free(assets->items);
        assets->items = items;
        qsort(items, assets->count, sizeof *items, compare);
    }
    return error;
}
