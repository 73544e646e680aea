/* toolchain.c: where the runtime library and its headers lie, seen from the running executable. */
#include "base/file.h"
#include "base/process.h"
#include "host/internal.h"

#include <stdlib.h>

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
    static const char *const module_places[] = {"share/x07/stdlib/os/0.2.0/modules",
                                                "stdlib/os/0.2.0/modules", NULL};
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
    host->toolchain.os_modules = find_beneath(host, prefix, module_places, file_is_dir);
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
