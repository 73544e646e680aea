/* outcome.c: see outcome.h. */
#include "registry/outcome.h"

#include <string.h>

/* The string member `name`, copied; NULL when it is absent, null or no string. */
static const char *
copy_text(struct arena *arena, json_object *object, const char *name)
{
    json_object *value = json_object_object_get(object, name);

    if (!json_object_is_type(value, json_type_string))
        return NULL;
    return arena_copy(arena, json_object_get_string(value), (size_t)json_object_get_string_len(value));
}

static int64_t
get_number(json_object *object, const char *name)
{
    return json_object_get_int64(json_object_object_get(object, name));
}

static size_t
array_length(json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

static bool
read_service(struct arena *arena, json_object *row, struct registry_service *service)
{
    *service = (struct registry_service){
        .kind = (uint32_t)get_number(row, "kind"),
        .index = (uint32_t)get_number(row, "index"),
        .key = copy_text(arena, row, "key"),
        .profile = copy_text(arena, row, "profile"),
        .world = copy_text(arena, row, "world"),
        .priority = (int32_t)get_number(row, "priority"),
        .rank = (uint32_t)get_number(row, "rank"),
    };
    return registry_kind_name(service->kind) && service->key;
}

static bool
read_diagnostic(struct arena *arena, json_object *row, struct registry_diagnostic *diagnostic)
{
    *diagnostic = (struct registry_diagnostic){
        .index = (uint32_t)get_number(row, "index"),
        .name = copy_text(arena, row, "name"),
        .signature = copy_text(arena, row, "signature"),
        .summary = copy_text(arena, row, "summary"),
        .arguments = copy_text(arena, row, "arguments"),
    };
    return diagnostic->name && diagnostic->signature;
}

static bool
read_rows(struct arena *arena, json_object *note, struct registry_descriptor *descriptor)
{
    json_object *services = json_object_object_get(note, "services");
    json_object *diagnostics = json_object_object_get(note, "diagnostics");
    bool good = true;

    descriptor->service_count = array_length(services);
    descriptor->services = ARENA_ARRAY(arena, struct registry_service, descriptor->service_count);
    for (size_t i = 0; i < descriptor->service_count; i++)
        good = read_service(arena, json_object_array_get_idx(services, i), &descriptor->services[i]) && good;
    descriptor->diagnostic_count = array_length(diagnostics);
    descriptor->diagnostics = ARENA_ARRAY(arena, struct registry_diagnostic, descriptor->diagnostic_count);
    for (size_t i = 0; i < descriptor->diagnostic_count; i++)
        good =
            read_diagnostic(arena, json_object_array_get_idx(diagnostics, i), &descriptor->diagnostics[i]) &&
            good;
    return good;
}

static bool
read_descriptor(struct arena *arena, json_object *note, struct registry_descriptor *descriptor)
{
    *descriptor = (struct registry_descriptor){
        .id = copy_text(arena, note, "id"),
        .version = copy_text(arena, note, "version"),
        .vendor = copy_text(arena, note, "vendor"),
        .licence = copy_text(arena, note, "licence"),
        .summary = copy_text(arena, note, "summary"),
        .abi_major = (uint32_t)get_number(note, "abi_major"),
        .abi_minor = (uint32_t)get_number(note, "abi_minor"),
    };
    return descriptor->id && descriptor->version && descriptor->vendor && descriptor->licence &&
           descriptor->summary && read_rows(arena, note, descriptor);
}

void
outcome_refuse(struct arena *arena, struct registry_plugin *plugin, const char *reason)
{
    plugin->state = PLUGIN_REFUSED;
    plugin->reason = arena_copy(arena, reason, strlen(reason));
}

static enum registry_state
state_named(const char *name)
{
    for (enum registry_state state = PLUGIN_AVAILABLE; state <= PLUGIN_TIMED_OUT; state++)
        if (name && !strcmp(name, registry_state_name(state)))
            return state;
    return PLUGIN_REFUSED;
}

void
outcome_apply(struct arena *arena, json_object *outcome, struct registry_plugin *plugin)
{
    plugin->state = state_named(copy_text(arena, outcome, "state"));
    plugin->reason = copy_text(arena, outcome, "reason");
    if (plugin->state == PLUGIN_AVAILABLE &&
        !read_descriptor(arena, json_object_object_get(outcome, "descriptor"), &plugin->descriptor)) {
        plugin->descriptor = (struct registry_descriptor){0};
        outcome_refuse(arena, plugin, "its descriptor could not be read");
    } else if (plugin->state != PLUGIN_AVAILABLE && !plugin->reason)
        plugin->reason = "the scan gave no reason";
}
