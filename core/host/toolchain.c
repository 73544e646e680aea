/* toolchain.c: where the runtime library and its headers lie, seen from the running executable. */
#include "base/file.h"
#include "base/process.h"
#include "host/internal.h"
#include "registry/trust.h"

#include <stdlib.h>
#include <unistd.h>

#define OS_MODULES "stdlib/os/0.2.0/modules"

/* The first of these below the executable's prefix that is a file (or, for "", a directory). */
static char *
find_beneath(struct host *host, const char *prefix, const char *const *places, bool (*accept)(const char *))
{
    for (size_t i = 0; places[i]; i++) {
        char *path = arena_printf(host->arena, "%s/%s", prefix, places[i]);
        if (accept(path))
            return path;
    }
    return NULL;
}

struct error *
host_find_toolchain(struct host *host, const struct host_toolchain **toolchain)
{
    static const char *const include_places[] = {"include/x07rt", NULL};
    static const char *const runtime_places[] = {X07_INSTALL_LIBDIR "/x07/libx07rt.a", "lib/x07/libx07rt.a",
                                                 NULL};

    *toolchain = &host->toolchain;
    if (host->toolchain.runtime)
        return NULL;
    char *self = process_self();
    char *bin = file_parent(self ? self : "");
    char *prefix = file_parent(bin);
    struct error *error = NULL;

    host->toolchain.include_dir = find_beneath(host, prefix, include_places, file_is_dir);
    host->toolchain.runtime = find_beneath(host, prefix, runtime_places, file_is_regular);
    if (!host->toolchain.include_dir)
        error = error_new("E_TOOLCHAIN", "runtime headers not found (expected %s/include/x07rt)", prefix);
    else if (!host->toolchain.runtime)
        error =
            error_new("E_TOOLCHAIN", "runtime library not found (expected %s/%s)", prefix, runtime_places[0]);
    free(prefix);
    free(bin);
    free(self);
    return error;
}

/* Whoever can write to the folder that a command runs in shall not supply its library. */
static bool
current_directory_has_it(void)
{
    char *here = getcwd(NULL, 0);
    char *path = here ? file_join(here, OS_MODULES) : NULL;
    struct error *error = path && file_is_dir(path) ? trust_check_directory(path) : NULL;
    bool has = path && file_is_dir(path) && !error;

    error_free(error);
    free(path);
    free(here);
    return has;
}

struct error *
host_find_os_modules(struct host *host, const char **root)
{
    char *self = process_self();
    char *bin = file_parent(self ? self : "");
    char *prefix = file_parent(bin);
    struct arena *arena = host->arena;
    const char *const places[] = {arena_printf(arena, "%s/" OS_MODULES, bin),
                                  arena_printf(arena, "%s/" OS_MODULES, prefix),
                                  arena_printf(arena, "%s/share/x07/" OS_MODULES, prefix)};

    *root = current_directory_has_it() ? OS_MODULES : NULL;
    for (size_t i = 0; !*root && i < sizeof places / sizeof places[0]; i++)
        if (file_is_dir(places[i]))
            *root = places[i];
    free(prefix);
    free(bin);
    free(self);
    if (*root)
        return NULL;
    return error_new("E_OS_LIBRARY",
                     "could not locate stdlib/os module root (expected " OS_MODULES ")\n\nlooked for:\n"
                     "  - " OS_MODULES "\n  - %s\n  - %s\n  - %s\n\nfix:\n"
                     "  - install an official toolchain archive (it must include " OS_MODULES "), or\n"
                     "  - run the tool from the x07 repo root",
                     places[0], places[1], places[2]);
}
