/* outcome.h: what a scan found out about one file, from its JSON form into a registry_plugin.
 * The JSON comes from a child that a plugin ran in, or from the cache: nothing in it is believed unchecked.
 */
#ifndef REGISTRY_OUTCOME_H
#define REGISTRY_OUTCOME_H

#include "registry/registry.h"

#include <json-c/json.h>

/* Fills state, reason and descriptor, in the arena. Something malformed makes a refused plugin. */
void outcome_apply(struct arena *arena, json_object *outcome, struct registry_plugin *plugin);

/* Marks a plugin as not available. `reason` is copied. */
void outcome_refuse(struct arena *arena, struct registry_plugin *plugin, const char *reason);

#endif
