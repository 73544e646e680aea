/* world.c: see world.h. */
#include "sema/world.h"

#include <stddef.h>
#include <string.h>

static const struct world worlds[] = {
    {"solve-pure", false, false, false, false},    {"solve-fs", true, false, false, false},
    {"solve-rr", false, true, false, false},       {"solve-kv", false, false, true, false},
    {"solve-full", true, true, true, false},       {"run-os", true, true, false, true},
    {"run-os-sandboxed", true, true, false, true},
};

const struct world *
world_find(const char *id)
{
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
        if (!strcmp(worlds[i].id, id))
            return &worlds[i];
    return NULL;
}
