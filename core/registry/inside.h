/* inside.h: the registry as its own files see it. Not for other folders. */
#ifndef REGISTRY_INSIDE_H
#define REGISTRY_INSIDE_H

#include "registry/config.h"
#include "registry/registry.h"

struct registry {
    struct arena *arena;
    const x07_host *host;
    const char *(*said)(const x07_host *host);
    struct config config;
    struct registry_directory *directories;
    size_t directory_count;
    struct registry_plugin *plugins;
    size_t plugin_count;
    struct registry_plugin **opened; /* in order; room for all plugins */
    size_t opened_count;
};

/* What the file is now. Errors: E_PLUGIN_IO. */
struct error *identity_of(const char *path, struct registry_identity *identity);
bool identity_equal(const struct registry_identity *left, const struct registry_identity *right);

/* Opens the plugin in this process, unless it is: trust, identity, dlopen, descriptor, init.
 * Errors: as for registry_select. */
struct error *plugin_open(struct registry *registry, struct registry_plugin *plugin);

/* fini and dlclose. */
void plugin_close(struct registry_plugin *plugin);

#endif
