/* describe.h: loads a plugin file and reads its descriptor, trusting none of it.
 * Knows the plugin interface; knows nothing of directories, trust and selection. What it loads may crash or
 * hang: it belongs into a child process (child.h), but for files that passed there before. */
#ifndef REGISTRY_DESCRIBE_H
#define REGISTRY_DESCRIBE_H

#include "base/text.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <x07/plugin.h>

/* dlopen, entry point, header of the descriptor. Returns the descriptor and sets *handle (for dlclose), or
 * returns NULL and appends why. */
const x07_plugin *describe_open(const char *path, void **handle, struct text *why);

/* Checks every field that the interface has rules for. Returns false and appends the first breach. */
bool describe_check(const x07_plugin *plugin, struct text *why);

/* The outcome of loading `path`, as the scan notes it: {"state": "available", "descriptor": {...}} or
 * {"state": "refused", "reason": "..."}. The file stays loaded. The caller owns the object. */
json_object *describe_file(const char *path);

/* Outcome objects without a descriptor. */
json_object *describe_failure(const char *state, const char *reason);

/* Element `index` of an array whose elements say their own size. */
const x07_service *describe_service(const x07_plugin *plugin, uint32_t index);
const x07_diagnostic *describe_diagnostic(const x07_plugin *plugin, uint32_t index);

#endif
