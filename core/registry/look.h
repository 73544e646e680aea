/* look.h: asks available plugins about themselves: probes and typed diagnostics.
 * Each question runs in a child process with a time limit, so a plugin that crashes costs one answer. */
#ifndef REGISTRY_LOOK_H
#define REGISTRY_LOOK_H

#include "registry/registry.h"

#include <json-c/json.h>

/* What a sandbox service says of this machine:
 *     {"key": K, "available": bool, "strength": "none|partial|os|vm", "reason": TEXT or null, "facts": {NAME:
 * TEXT}} A probe that fails, crashes or hangs is not available, for that reason. The caller owns the object.
 */
json_object *look_probe(struct registry *registry, const struct registry_plugin *plugin,
                        const struct registry_service *service);

/* Calls one diagnostic with a JSON array (NULL: its own arguments). Returns
 *     {"name": N, "signature": S, "summary": TEXT or null, "value": V, "error": TEXT or null}
 * The caller owns the object. */
json_object *look_diagnostic(struct registry *registry, const struct registry_plugin *plugin,
                             const struct registry_diagnostic *diagnostic, json_object *arguments);

#endif
