/* worlds.c: see worlds.h. */
#include "cli/worlds.h"

#include <stddef.h>

const char *const world_choices[] = {"solve-pure", "solve-fs", "solve-rr",         "solve-kv",
                                     "solve-full", "run-os",   "run-os-sandboxed", NULL};
