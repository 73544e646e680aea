/* worlds.h: the names of the worlds. */
#ifndef PROJECT_WORLDS_H
#define PROJECT_WORLDS_H

#include <stdbool.h>

/* For options that take a world; ends with NULL. */
extern const char *const world_choices[];

bool world_is_known(const char *world);

/* "run-os" or "run-os-sandboxed" */
bool world_is_os(const char *world);

bool world_is_sandboxed(const char *world);

#endif
