/* registry.c: puts discovery, trust, pins, cache and scan together; see registry.h. */
#include "registry/registry.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "registry/cache.h"
#include "registry/describe.h"
#include "registry/discover.h"
#include "registry/inside.h"
#include "registry/outcome.h"
#include "registry/scan.h"
#include "registry/trust.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_PLUGIN = 1024 * 1024 * 1024 };

static struct registry *
registry_new(const struct registry_options *options)
{
    struct registry *registry = memory_alloc(sizeof *registry);

    registry->arena = arena_new();
    registry->host = options->host;
    registry->said = options->said;
    return registry;
}

void
registry_close(struct registry *registry)
{
    if (!registry)
        return;
    while (registry->opened_count)
        plugin_close(registry->opened[--registry->opened_count]);
    arena_free(registry->arena);
    free(registry);
}

/* Refuses a plugin with the error as its reason. */
static void
refuse(struct registry *registry, struct registry_plugin *plugin, struct error *error)
{
    if (!error)
        return;
    outcome_refuse(registry->arena, plugin, error->message);
    error_free(error);
}

static struct error *
digest(struct registry *registry, struct registry_plugin *plugin)
{
    struct text bytes = {0};
    char hex[SHA256_HEX];

    if (plugin->sha256)
        return NULL;
    struct error *error = file_read(plugin->path, LARGEST_PLUGIN, &bytes);
    if (!error) {
        sha256_hex(text_string(&bytes), bytes.len, hex);
        plugin->sha256 = arena_copy(registry->arena, hex, strlen(hex));
    }
    text_free(&bytes);
    return error;
}

/* Whether the digest is the one that the user pinned for this name, if any. */
static struct error *
check_pin(struct registry *registry, struct registry_plugin *plugin, const char *name)
{
    const char *pin = config_find(registry->config.pins, name);

    if (!pin)
        return NULL;
    struct error *error = digest(registry, plugin);
    if (error || !strcmp(pin, plugin->sha256))
        return error;
    return error_new("E_PLUGIN_TRUST", "its SHA-256 is %s, but %s is pinned to %s", plugin->sha256, name,
                     pin);
}

/* All that is checked before a file may be loaded even in a child. */
static void
examine(struct registry *registry, const struct registry_options *options, struct registry_plugin *plugin)
{
    struct error *error = trust_check(plugin->path);

    if (!error)
        error = identity_of(plugin->path, &plugin->identity);
    if (!error)
        error = check_pin(registry, plugin, plugin->path);
    if (!error && options->digests)
        error = digest(registry, plugin);
    refuse(registry, plugin, error);
}

/* A scan that failed may be tried again, when somebody looks; a verdict about the file's contents stands. */
static bool
usable(json_object *outcome, const struct registry_options *options)
{
    json_object *state = json_object_object_get(outcome, "state");
    const char *name = json_object_is_type(state, json_type_string) ? json_object_get_string(state) : "";

    return outcome && !(options->retry_failures && (!strcmp(name, registry_state_name(PLUGIN_CRASHED)) ||
                                                    !strcmp(name, registry_state_name(PLUGIN_TIMED_OUT))));
}

/* Scans what the cache does not know, and notes it there. */
static struct error *
scan_unknown(struct registry *registry, struct registry_plugin **unknown, size_t count,
             struct scan_cache *cache)
{
    const char **paths = memory_alloc(count * sizeof *paths);
    json_object **outcomes = memory_alloc(count * sizeof(*outcomes));

    for (size_t i = 0; i < count; i++)
        paths[i] = unknown[i]->path;
    struct error *error = scan_files(paths, count, outcomes);
    for (size_t i = 0; !error && i < count; i++) {
        outcome_apply(registry->arena, outcomes[i], unknown[i]);
        cache_note(cache, unknown[i]->path, &unknown[i]->identity, outcomes[i]);
        json_object_put(outcomes[i]);
    }
    if (!error)
        cache_write(cache);
    free(outcomes);
    free(paths);
    return error;
}

static struct error *
scan(struct registry *registry, const struct registry_options *options, const char *cache_path)
{
    struct registry_plugin **unknown = memory_alloc((registry->plugin_count + 1) * sizeof(*unknown));
    struct scan_cache cache;
    struct error *error = NULL;
    size_t count = 0;

    cache_read(&cache, cache_path);
    for (size_t i = 0; i < registry->plugin_count; i++) {
        struct registry_plugin *plugin = &registry->plugins[i];
        json_object *outcome = cache_find(&cache, plugin->path, &plugin->identity);

        if (plugin->state == PLUGIN_REFUSED)
            continue;
        if (usable(outcome, options))
            outcome_apply(registry->arena, outcome, plugin);
        else
            unknown[count++] = plugin;
    }
    if (count)
        error = scan_unknown(registry, unknown, count, &cache);
    cache_free(&cache);
    free(unknown);
    return error;
}

/* Of two plugins with one id the first in the order of discovery counts. */
static void
shadow(struct registry *registry)
{
    for (size_t i = 0; i < registry->plugin_count; i++) {
        struct registry_plugin *plugin = &registry->plugins[i];
        const struct registry_plugin *first =
            plugin->descriptor.id ? registry_find(registry, plugin->descriptor.id) : NULL;

        if (plugin->state != PLUGIN_AVAILABLE || first == plugin)
            continue;
        plugin->state = PLUGIN_SHADOWED;
        plugin->reason = arena_printf(registry->arena, "%s has the same id and comes first", first->path);
    }
}

static struct error *
settle(struct registry *registry, const struct registry_options *options, const char *cache_path)
{
    for (size_t i = 0; i < registry->plugin_count; i++)
        examine(registry, options, &registry->plugins[i]);
    struct error *error = scan(registry, options, cache_path);
    if (error)
        return error;
    for (size_t i = 0; i < registry->plugin_count; i++)
        if (registry->plugins[i].state == PLUGIN_AVAILABLE)
            refuse(registry, &registry->plugins[i],
                   check_pin(registry, &registry->plugins[i], registry->plugins[i].descriptor.id));
    shadow(registry);
    registry->opened = ARENA_ARRAY(registry->arena, struct registry_plugin *, registry->plugin_count);
    return NULL;
}

static struct error *
registry_fill(struct registry *registry, const struct registry_options *options)
{
    struct discovery found = {0};
    const char *cache_path = options->cache_path;
    struct error *error = config_read(registry->arena, &registry->config);

    if (!error)
        error = discover(registry->arena, options, &found);
    if (error)
        return error;
    registry->directories = found.directories;
    registry->directory_count = found.directory_count;
    registry->plugins = found.plugins;
    registry->plugin_count = found.plugin_count;
    if (!cache_path)
        cache_path = discover_home_path(registry->arena, "XDG_CACHE_HOME", ".cache", "x07/plugins.json");
    return settle(registry, options, cache_path && *cache_path ? cache_path : NULL);
}

struct error *
registry_open(const struct registry_options *options, struct registry **registry)
{
    *registry = registry_new(options);
    struct error *error = registry_fill(*registry, options);

    if (error) {
        registry_close(*registry);
        *registry = NULL;
    }
    return error;
}

size_t
registry_count(const struct registry *registry)
{
    return registry->plugin_count;
}

const struct registry_plugin *
registry_plugin_at(const struct registry *registry, size_t index)
{
    return &registry->plugins[index];
}

size_t
registry_directory_count(const struct registry *registry)
{
    return registry->directory_count;
}

const struct registry_directory *
registry_directory_at(const struct registry *registry, size_t index)
{
    return &registry->directories[index];
}

const struct registry_plugin *
registry_find(const struct registry *registry, const char *id)
{
    const struct registry_plugin *first = NULL;

    for (size_t i = 0; i < registry->plugin_count; i++) {
        const struct registry_plugin *plugin = &registry->plugins[i];

        if (!plugin->descriptor.id || strcmp(plugin->descriptor.id, id) != 0)
            continue;
        if (plugin->state == PLUGIN_AVAILABLE)
            return plugin;
        if (!first)
            first = plugin;
    }
    return first;
}

struct error *
registry_select(struct registry *registry, const struct registry_query *query,
                struct registry_service_handle *service)
{
    struct registry_match match;
    struct error *error = registry_match(registry, query, &match);

    if (error)
        return error;
    struct registry_plugin *plugin = &registry->plugins[match.plugin - registry->plugins];
    error = plugin_open(registry, plugin);
    if (error)
        return error;
    *service = (struct registry_service_handle){
        .id = plugin->descriptor.id,
        .version = plugin->descriptor.version,
        .path = plugin->path,
        .key = match.service->key,
        .vtable = describe_service(plugin->loaded, match.service->index)->vtable,
    };
    return NULL;
}
