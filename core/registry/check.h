/* check.h: puts one plugin file through the obligations of the plugin interface.
 * Each obligation is tested in a child process of its own, so a breach of one says nothing of the others. */
#ifndef REGISTRY_CHECK_H
#define REGISTRY_CHECK_H

#include <json-c/json.h>
#include <stdbool.h>

/* Tests every obligation, in a fixed order, and appends one object per obligation to the array `results`:
 *     {"name": N, "obligation": TEXT, "ok": bool, "breach": TEXT or null}
 * When the file cannot be loaded, the obligations that need it are left out. Returns whether all hold. */
bool check_plugin(const char *path, json_object *results);

#endif
