/* discover.c: see discover.h. */
#include "registry/discover.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct search {
    struct arena *arena;
    struct discovery *found;
    size_t directory_room;
    size_t plugin_room;
};

const char *
discover_absolute(struct arena *arena, const char *path)
{
    char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
    const char *absolute =
        here ? arena_printf(arena, "%s/%s", here, path) : arena_copy(arena, path, strlen(path));

    free(here);
    return absolute;
}

const char *
discover_home_path(struct arena *arena, const char *variable, const char *fallback, const char *rest)
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");

    if (base && base[0] == '/')
        return arena_printf(arena, "%s/%s", base, rest);
    if (home && home[0] == '/')
        return arena_printf(arena, "%s/%s/%s", home, fallback, rest);
    return NULL;
}

/* An array in the arena that doubles; the old one is left behind. */
static void *
grown(struct arena *arena, void *array, size_t count, size_t *room, size_t element)
{
    if (count < *room)
        return array;
    *room = *room ? *room * 2 : 8;
    void *larger = arena_alloc(arena, *room * element);
    if (count)
        memcpy(larger, array, count * element);
    return larger;
}

static void
note_plugin(struct search *search, const char *path, enum registry_source source)
{
    struct discovery *found = search->found;

    found->plugins = grown(search->arena, found->plugins, found->plugin_count, &search->plugin_room,
                           sizeof *found->plugins);
    found->plugins[found->plugin_count++] = (struct registry_plugin){.path = path, .source = source};
}

static struct registry_directory *
note_directory(struct search *search, const char *path, enum registry_source source)
{
    struct discovery *found = search->found;

    for (size_t i = 0; i < found->directory_count; i++)
        if (!strcmp(found->directories[i].path, path))
            return NULL;
    found->directories = grown(search->arena, found->directories, found->directory_count,
                               &search->directory_room, sizeof *found->directories);
    found->directories[found->directory_count] = (struct registry_directory){.path = path, .source = source};
    return &found->directories[found->directory_count++];
}

static int
is_plugin_name(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 3 && entry->d_name[0] != '.' && !strcmp(entry->d_name + len - 3, ".so");
}

/* By bytes, whatever the locale. */
static int
by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static void
search_directory(struct search *search, const char *path, enum registry_source source)
{
    struct dirent **entries = NULL;
    struct registry_directory *directory =
        note_directory(search, discover_absolute(search->arena, path), source);

    if (!directory)
        return;
    int count = scandir(directory->path, &entries, is_plugin_name, by_name);
    if (count < 0) {
        char *reason = error_os_text(errno);

        directory->problem = arena_copy(search->arena, reason, strlen(reason));
        free(reason);
        return;
    }
    for (int i = 0; i < count; i++) {
        note_plugin(search, arena_printf(search->arena, "%s/%s", directory->path, entries[i]->d_name),
                    source);
        free(entries[i]);
    }
    free(entries);
}

static struct error *
search_options(struct search *search, const char *const *directories)
{
    for (; directories && *directories; directories++) {
        size_t before = search->found->directory_count;

        search_directory(search, *directories, SOURCE_OPTION);
        if (search->found->directory_count > before && search->found->directories[before].problem)
            return error_new("E_PLUGIN_DIR", "cannot search --plugin-dir %s: %s", *directories,
                             search->found->directories[before].problem);
    }
    return NULL;
}

/* A colon-separated list; empty parts do not mean the current directory. */
static void
search_environment(struct search *search)
{
    const char *list = getenv("X07_PLUGIN_PATH");

    while (list && *list) {
        size_t len = strcspn(list, ":");

        if (len)
            search_directory(search, arena_copy(search->arena, list, len), SOURCE_ENVIRONMENT);
        list += len;
        list += *list == ':';
    }
}

/* <directory of the executable>/../<libdir>/x07/plugins */
static const char *
system_directory(struct arena *arena)
{
    char *self = process_self();
    char *bin = self ? file_parent(self) : NULL;
    char *prefix = bin ? file_parent(bin) : NULL;
    const char *path = prefix ? arena_printf(arena, "%s/%s/x07/plugins", strcmp(prefix, "/") ? prefix : "",
                                             X07_INSTALL_LIBDIR)
                              : NULL;

    free(prefix);
    free(bin);
    free(self);
    return path;
}

struct error *
discover(struct arena *arena, const struct registry_options *options, struct discovery *found)
{
    struct search search = {.arena = arena, .found = found};
    const char *user = options->user_dir;
    const char *system = options->system_dir;
    struct error *error = search_options(&search, options->plugin_dirs);

    if (error)
        return error;
    search_environment(&search);
    if (!user)
        user = discover_home_path(arena, "XDG_DATA_HOME", ".local/share", "x07/plugins");
    if (user && *user)
        search_directory(&search, user, SOURCE_USER);
    if (!system)
        system = system_directory(arena);
    if (system && *system)
        search_directory(&search, system, SOURCE_SYSTEM);
    return NULL;
}
