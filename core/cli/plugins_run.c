/* plugins_run.c: the subcommands of `x07 plugins`. */
#include "cli/plugins_parts.h"
#include "registry/check.h"
#include "registry/clean.h"
#include "registry/look.h"
#include "registry/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct error *
open_registry(const struct plugins_options *options, struct registry **registry)
{
    struct registry_options how = {
        .plugin_dirs = options->plugin_dirs.items, .digests = true, .retry_failures = true};

    return registry_open(&how, registry);
}

int
plugins_list(const struct plugins_options *options)
{
    struct registry *registry;
    struct error *error = open_registry(options, &registry);

    if (error)
        return plugins_failure(error);
    int exit_code =
        plugins_print(options, plugins_json_list(registry, options->diagnostics), plugins_text_list, 0);
    registry_close(registry);
    return exit_code;
}

static const struct registry_diagnostic *
find_diagnostic(const struct registry_plugin *plugin, const char *name)
{
    for (size_t i = 0; i < plugin->descriptor.diagnostic_count; i++)
        if (!strcmp(plugin->descriptor.diagnostics[i].name, name))
            return &plugin->descriptor.diagnostics[i];
    return NULL;
}

static void
show_call(json_object *call, struct text *out)
{
    json_object *value = json_object_object_get(call, "value");

    text_printf(out, "%s\n",
                value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE) : "null");
}

/* `info ID --call NAME ARG...` */
static int
call_diagnostic(struct registry *registry, const struct registry_plugin *plugin,
                const struct plugins_options *options)
{
    const struct registry_diagnostic *diagnostic = find_diagnostic(plugin, options->call);
    struct text why = {0};

    if (!diagnostic) {
        fprintf(stderr, "x07 plugins: %s has no diagnostic \"%s\"\n", plugin->descriptor.id, options->call);
        return 1;
    }
    json_object *arguments =
        signature_arguments(diagnostic->signature, options->words.items + 1, options->words.count - 1, &why);
    if (!arguments) {
        fprintf(stderr, "x07 plugins: diagnostic \"%s\" %s\n", options->call, text_string(&why));
        text_free(&why);
        return 2;
    }
    json_object *call = look_diagnostic(registry, plugin, diagnostic, arguments);
    json_object *failure = json_object_object_get(call, "error");
    bool failed = failure != NULL;

    if (failed)
        fprintf(stderr, "x07 plugins: diagnostic \"%s\" %s\n", options->call,
                json_object_get_string(failure));
    json_object_put(arguments);
    return plugins_print(options, call, show_call, failed ? 1 : 0);
}

static int
info(struct registry *registry, const struct plugins_options *options)
{
    const struct registry_plugin *plugin = registry_find(registry, options->words.items[0]);

    if (!plugin) {
        fprintf(stderr, "x07 plugins: there is no plugin \"%s\" (see: x07 plugins list)\n",
                options->words.items[0]);
        return 1;
    }
    if (options->call && plugin->state != PLUGIN_AVAILABLE) {
        fprintf(stderr, "x07 plugins: %s is not available: %s\n", options->words.items[0], plugin->reason);
        return 1;
    }
    if (options->call)
        return call_diagnostic(registry, plugin, options);
    json_object *shown = plugins_json_plugin(registry, plugin, options->diagnostics);
    if (options->json) {
        json_object *report = json_object_new_object();

        json_object_object_add(report, "schema_version", json_object_new_string("x07.plugins.info@0.1.0"));
        json_object_object_add(report, "plugin", shown);
        shown = report;
    }
    return plugins_print(options, shown, plugins_text_plugin, 0);
}

int
plugins_info(const struct plugins_options *options)
{
    struct registry *registry;
    struct error *error = open_registry(options, &registry);

    if (error)
        return plugins_failure(error);
    int exit_code = info(registry, options);
    registry_close(registry);
    return exit_code;
}

int
plugins_check(const struct plugins_options *options)
{
    char *path = realpath(options->words.items[0], NULL);
    json_object *report = json_object_new_object();
    json_object *obligations = json_object_new_array();

    if (!path) {
        json_object_put(report);
        json_object_put(obligations);
        return plugins_failure(error_errno("E_PLUGIN_IO", "%s", options->words.items[0]));
    }
    bool good = check_plugin(path, obligations);
    json_object_object_add(report, "schema_version", json_object_new_string("x07.plugins.check@0.1.0"));
    json_object_object_add(report, "path", clean_string(path));
    json_object_object_add(report, "ok", json_object_new_boolean(good));
    json_object_object_add(report, "obligations", obligations);
    free(path);
    return plugins_print(options, report, plugins_text_check, good ? 0 : 1);
}
