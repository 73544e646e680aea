/* config.h: what the user decided about plugins: digest pins and preferences.
 * Knows the user's configuration file and two environment variables; knows nothing of files that are plugins.
 *
 * The file, $XDG_CONFIG_HOME/x07/plugins.json (else ~/.config/...), is a JSON object:
 *     {"pins": {"<id or path>": "<sha256>"}, "prefer": {"<kind>/<key>": "<id>"}}
 * X07_PLUGIN_PINS names another file of this form whose pins come first, X07_PLUGIN_PREFER is a list
 * "kind/key=id,kind/key=id" that comes before `prefer`. The key "*" is for requests that name no key. */
#ifndef REGISTRY_CONFIG_H
#define REGISTRY_CONFIG_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

/* One decision. In the arena given to config_read. */
struct config_entry {
    const char *name;
    const char *value;
    const struct config_entry *next;
};

struct config {
    const struct config_entry *pins;
    const struct config_entry *preferences;
};

/* Errors: E_PLUGIN_CONFIG a file that is malformed, or that others can write, or that X07_PLUGIN_PINS names
 * and cannot be read: a user who pins must not be left without. */
struct error *config_read(struct arena *arena, struct config *config);

/* The first value for `name`, or NULL. */
const char *config_find(const struct config_entry *entries, const char *name);

#endif
