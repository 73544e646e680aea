/* plugins_json.c: what `x07 plugins` knows of the registry, as JSON; the schemas are in spec/. */
#include "cli/plugins_parts.h"
#include "registry/clean.h"
#include "registry/look.h"

#include <stdio.h>
#include <string.h>

static void
add_text(json_object *object, const char *name, const char *text)
{
    json_object_object_add(object, name, clean_string(text));
}

static void
add_number(json_object *object, const char *name, int64_t number)
{
    json_object_object_add(object, name, json_object_new_int64(number));
}

/* How a row fares when exactly what it names is asked for. */
static const char *
row_result(struct registry *registry, const struct registry_plugin *plugin,
           const struct registry_service *row)
{
    struct registry_query query = {
        .kind = row->kind, .key = row->key, .profile = row->profile, .world = row->world};
    struct registry_match match;

    if (plugin->state != PLUGIN_AVAILABLE)
        return "unusable";
    struct error *error = registry_match(registry, &query, &match);
    bool tied = error && !strcmp(error->code, "E_PLUGIN_TIE");
    error_free(error);
    if (tied)
        return "tied";
    return !error && match.plugin == plugin ? "won" : "lost";
}

static json_object *
json_services(struct registry *registry, const struct registry_plugin *plugin, bool *won)
{
    json_object *rows = json_object_new_array();

    for (size_t i = 0; i < plugin->descriptor.service_count; i++) {
        const struct registry_service *service = &plugin->descriptor.services[i];
        const char *result = row_result(registry, plugin, service);
        json_object *row = json_object_new_object();

        add_text(row, "kind", registry_kind_name(service->kind));
        add_text(row, "key", service->key);
        add_text(row, "profile", service->profile);
        add_text(row, "world", service->world);
        add_number(row, "priority", service->priority);
        add_text(row, "result", result);
        json_object_array_add(rows, row);
        *won = *won || !strcmp(result, "won");
    }
    return rows;
}

/* Whether an earlier row has the same function behind it as far as a probe can tell. */
static bool
probed_before(const struct registry_descriptor *descriptor, size_t index)
{
    const struct registry_service *service = &descriptor->services[index];

    for (size_t i = 0; i < index; i++)
        if (descriptor->services[i].kind == service->kind &&
            !strcmp(descriptor->services[i].key, service->key))
            return true;
    return false;
}

static bool
can_be_probed(const struct registry_service *service)
{
    return service->kind == X07_KIND_SANDBOX || service->kind == X07_KIND_NATIVE;
}

/* Probes; sets *reason (owned by the array) when everything that the plugin offers is unavailable. */
static json_object *
json_probes(struct registry *registry, const struct registry_plugin *plugin, const char **reason)
{
    json_object *probes = json_object_new_array();
    const struct registry_descriptor *descriptor = &plugin->descriptor;
    bool works = false;

    for (size_t i = 0; plugin->state == PLUGIN_AVAILABLE && i < descriptor->service_count; i++) {
        if (!can_be_probed(&descriptor->services[i])) {
            works = true;
            continue;
        }
        if (probed_before(descriptor, i))
            continue;
        json_object *probe = look_probe(registry, plugin, &descriptor->services[i]);
        json_object *why = json_object_object_get(probe, "reason");

        json_object_array_add(probes, probe);
        if (json_object_get_boolean(json_object_object_get(probe, "available")))
            works = true;
        else if (!*reason)
            *reason = why ? json_object_get_string(why) : "its probe gives no reason";
    }
    if (works)
        *reason = NULL;
    return probes;
}

/* Named, and called when asked to. One that takes arguments and suggests none is only named. */
static json_object *
json_diagnostics(struct registry *registry, const struct registry_plugin *plugin, bool call)
{
    json_object *diagnostics = json_object_new_array();

    for (size_t i = 0; i < plugin->descriptor.diagnostic_count; i++) {
        const struct registry_diagnostic *diagnostic = &plugin->descriptor.diagnostics[i];
        bool callable = diagnostic->arguments || strstr(diagnostic->signature, "()");
        json_object *shown;

        if (call && callable && plugin->state == PLUGIN_AVAILABLE)
            shown = look_diagnostic(registry, plugin, diagnostic, NULL);
        else {
            shown = json_object_new_object();
            add_text(shown, "name", diagnostic->name);
            add_text(shown, "signature", diagnostic->signature);
            add_text(shown, "summary", diagnostic->summary);
        }
        json_object_array_add(diagnostics, shown);
    }
    return diagnostics;
}

static const char *
shown_state(const struct registry_plugin *plugin, bool won, bool unavailable)
{
    if (plugin->state != PLUGIN_AVAILABLE)
        return registry_state_name(plugin->state);
    return unavailable ? "unavailable-here" : won ? "used" : "available";
}

static void
add_descriptor(json_object *object, const struct registry_descriptor *descriptor)
{
    char abi[32] = "";

    snprintf(abi, sizeof abi, "%u.%u", descriptor->abi_major, descriptor->abi_minor);
    add_text(object, "id", descriptor->id);
    add_text(object, "version", descriptor->version);
    add_text(object, "vendor", descriptor->vendor);
    add_text(object, "licence", descriptor->licence);
    add_text(object, "summary", descriptor->summary);
    add_text(object, "abi", descriptor->id ? abi : NULL);
}

json_object *
plugins_json_plugin(struct registry *registry, const struct registry_plugin *plugin, bool diagnostics)
{
    json_object *object = json_object_new_object();
    const char *unavailable = NULL;
    bool won = false;
    json_object *services = json_services(registry, plugin, &won);
    json_object *probes = json_probes(registry, plugin, &unavailable);

    add_text(object, "path", plugin->path);
    add_text(object, "source", registry_source_name(plugin->source));
    add_text(object, "state", shown_state(plugin, won, unavailable != NULL));
    add_text(object, "reason", plugin->reason ? plugin->reason : unavailable);
    add_descriptor(object, &plugin->descriptor);
    add_text(object, "sha256", plugin->sha256);
    json_object_object_add(object, "services", services);
    json_object_object_add(object, "probes", probes);
    json_object_object_add(object, "diagnostics", json_diagnostics(registry, plugin, diagnostics));
    return object;
}

static json_object *
json_directories(const struct registry *registry)
{
    json_object *directories = json_object_new_array();

    for (size_t i = 0; i < registry_directory_count(registry); i++) {
        const struct registry_directory *directory = registry_directory_at(registry, i);
        json_object *object = json_object_new_object();

        add_text(object, "path", directory->path);
        add_text(object, "source", registry_source_name(directory->source));
        add_text(object, "problem", directory->problem);
        json_object_array_add(directories, object);
    }
    return directories;
}

json_object *
plugins_json_list(struct registry *registry, bool diagnostics)
{
    json_object *list = json_object_new_object();
    json_object *host = json_object_new_object();
    json_object *plugins = json_object_new_array();
    char abi[32];

    snprintf(abi, sizeof abi, "%u.%u", X07_ABI_MAJOR, X07_ABI_MINOR);
    add_text(host, "version", X07_VERSION);
    add_text(host, "abi", abi);
    for (size_t i = 0; i < registry_count(registry); i++)
        json_object_array_add(plugins,
                              plugins_json_plugin(registry, registry_plugin_at(registry, i), diagnostics));
    add_text(list, "schema_version", "x07.plugins.list@0.1.0");
    json_object_object_add(list, "host", host);
    json_object_object_add(list, "directories", json_directories(registry));
    json_object_object_add(list, "plugins", plugins);
    return list;
}
