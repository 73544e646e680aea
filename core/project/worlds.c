/* worlds.c: see worlds.h. */
#include "project/worlds.h"

#include <stddef.h>
#include <string.h>

const char *const world_choices[] = {"solve-pure", "solve-fs", "solve-rr",         "solve-kv",
                                     "solve-full", "run-os",   "run-os-sandboxed", NULL};

bool
world_is_known(const char *world)
{
    for (const char *const *known = world_choices; *known; known++)
        if (strcmp(*known, world) == 0)
            return true;
    return false;
}

bool
world_is_sandboxed(const char *world)
{
    return strcmp(world, "run-os-sandboxed") == 0;
}

bool
world_is_os(const char *world)
{
    return strcmp(world, "run-os") == 0 || world_is_sandboxed(world);
}
