/* doctor_plugins.c: whether the plugins can be used, and what the sandbox backends say of this machine. */
#include "base/error.h"
#include "cli/doctor_parts.h"
#include "registry/look.h"

#include <string.h>

static const char *
member_text(struct json_object *object, const char *name)
{
    const char *text = json_object_get_string(json_object_object_get(object, name));

    return text ? text : "";
}

static void
check_backend(struct doctor *doctor, struct registry *registry, const struct registry_match *match)
{
    struct json_object *probe = look_probe(registry, match->plugin, match->service);
    bool ok = json_object_get_boolean(json_object_object_get(probe, "available"));
    const char *reason = member_text(probe, "reason");
    const char *detail = arena_printf(doctor->arena, "%s, strength %s%s%s", match->plugin->descriptor.id,
                                      member_text(probe, "strength"), *reason ? ": " : "", reason);

    doctor_check(doctor, arena_printf(doctor->arena, "sandbox_%s", match->service->key), ok, detail);
    json_object_put(probe);
}

static void
check_plugins(struct doctor *doctor, struct registry *registry)
{
    size_t broken = 0;
    struct text detail = {0};

    for (size_t i = 0; i < registry_count(registry); i++) {
        const struct registry_plugin *plugin = registry_plugin_at(registry, i);

        if (plugin->state == PLUGIN_AVAILABLE || plugin->state == PLUGIN_SHADOWED)
            continue;
        broken++;
        text_printf(&detail, "%s%s: %s", broken > 1 ? "; " : "", plugin->path, plugin->reason);
    }
    if (!broken)
        text_printf(&detail, "%zu files considered, none refused", registry_count(registry));
    doctor_check(doctor, "plugins", !broken, doctor_take(doctor, &detail));
    if (broken)
        doctor_suggest(doctor,
                       "plugins: refused plugins serve nothing; see what is wrong with x07 plugins list");
}

/* The worlds in which something must be chosen. A backend of several worlds is asked once. */
static void
check_backends(struct doctor *doctor, struct registry *registry)
{
    static const char *const worlds[] = {"run-os-sandboxed", "run-os"};
    const struct registry_match *shown = NULL;
    size_t shown_count = 0;

    for (size_t w = 0; w < sizeof worlds / sizeof worlds[0]; w++) {
        const struct registry_match *matches;
        size_t count = 0;
        struct error *error =
            registry_match_all(registry, X07_KIND_SANDBOX, NULL, worlds[w], &matches, &count);

        for (size_t i = 0; !error && i < count; i++) {
            size_t same = 0;

            while (same < shown_count && (shown[same].plugin != matches[i].plugin ||
                                          strcmp(shown[same].service->key, matches[i].service->key) != 0))
                same++;
            if (same == shown_count)
                check_backend(doctor, registry, &matches[i]);
        }
        if (!error && w == 0) {
            shown = matches;
            shown_count = count;
        }
        error_free(error);
    }
}

void
doctor_plugins(struct doctor *doctor)
{
    struct registry_options how = {.retry_failures = true};
    struct registry *registry;
    struct error *error = registry_open(&how, &registry);

    if (error) {
        doctor_check(doctor, "plugins", false, error->message);
        doctor->ok = false;
        error_free(error);
        return;
    }
    check_plugins(doctor, registry);
    check_backends(doctor, registry);
    registry_close(registry);
}
