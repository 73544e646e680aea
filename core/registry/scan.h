/* scan.h: finds out what plugin files say of themselves without believing that they load.
 * Knows children and outcomes; knows nothing of directories, trust and the cache. */
#ifndef REGISTRY_SCAN_H
#define REGISTRY_SCAN_H

#include "base/error.h"

#include <json-c/json.h>
#include <stddef.h>

/* Loads each file in a child process with a time limit per file (X07_PLUGIN_SCAN_MS, 2000 by default): all in
 * one as long as that goes well, then one child each. outcomes[i] becomes the outcome object of paths[i]
 * (describe.h), which the caller owns; crashes and time-outs are outcomes. Errors: E_CHILD no child could be
 * started; outcomes are then all NULL. */
struct error *scan_files(const char *const *paths, size_t count, json_object **outcomes);

/* The time limit in milliseconds. */
unsigned scan_limit_ms(void);

#endif
