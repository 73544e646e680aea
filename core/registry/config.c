/* config.c: see config.h. */
#include "registry/config.h"

#include "base/file.h"
#include "registry/discover.h"
#include "registry/trust.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_FILE = 1024 * 1024 };

/* Entries are read to the front; what comes later must not win. */
static void
append(struct arena *arena, const struct config_entry **list, const char *name, const char *value)
{
    struct config_entry *entry = ARENA_NEW(arena, struct config_entry);

    *entry = (struct config_entry){.name = name, .value = value};
    while (*list)
        list = (const struct config_entry **)&(*list)->next;
    *list = entry;
}

const char *
config_find(const struct config_entry *entries, const char *name)
{
    for (; entries; entries = entries->next)
        if (!strcmp(entries->name, name))
            return entries->value;
    return NULL;
}

static bool
is_digest(const char *value)
{
    return strlen(value) == 64 && strspn(value, "0123456789abcdefABCDEF") == 64;
}

static struct error *
read_pins(struct arena *arena, const char *path, json_object *pins, struct config *config)
{
    if (!pins)
        return NULL;
    if (!json_object_is_type(pins, json_type_object))
        return error_new("E_PLUGIN_CONFIG", "%s: \"pins\" is not an object", path);
    json_object_object_foreach(pins, name, value)
    {
        if (!json_object_is_type(value, json_type_string) || !is_digest(json_object_get_string(value)))
            return error_new("E_PLUGIN_CONFIG", "%s: the pin of \"%s\" is not a SHA-256 in hex", path, name);
        char *digest = arena_copy(arena, json_object_get_string(value), 64);
        for (char *c = digest; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        append(arena, &config->pins, arena_copy(arena, name, strlen(name)), digest);
    }
    return NULL;
}

static struct error *
read_preferences(struct arena *arena, const char *path, json_object *preferences, struct config *config)
{
    if (!preferences)
        return NULL;
    if (!json_object_is_type(preferences, json_type_object))
        return error_new("E_PLUGIN_CONFIG", "%s: \"prefer\" is not an object", path);
    json_object_object_foreach(preferences, name, value)
    {
        if (!json_object_is_type(value, json_type_string) || !strchr(name, '/'))
            return error_new("E_PLUGIN_CONFIG", "%s: a preference is \"kind/key\": \"plugin id\", not \"%s\"",
                             path, name);
        append(arena, &config->preferences, arena_copy(arena, name, strlen(name)),
               arena_copy(arena, json_object_get_string(value), (size_t)json_object_get_string_len(value)));
    }
    return NULL;
}

static struct error *
read_object(struct arena *arena, const char *path, json_object *object, struct config *config)
{
    if (!json_object_is_type(object, json_type_object))
        return error_new("E_PLUGIN_CONFIG", "%s is not a JSON object", path);
    struct error *error = read_pins(arena, path, json_object_object_get(object, "pins"), config);
    if (error)
        return error;
    return read_preferences(arena, path, json_object_object_get(object, "prefer"), config);
}

static struct error *
read_file(struct arena *arena, const char *path, struct config *config)
{
    struct text text = {0};
    struct error *error = trust_check(path);

    if (!error)
        error = file_read(path, LARGEST_FILE, &text);
    if (error) {
        error->code = "E_PLUGIN_CONFIG";
        return error_wrap(error, "plugin configuration");
    }
    json_object *object = json_tokener_parse(text_string(&text));
    error = read_object(arena, path, object, config);
    json_object_put(object);
    text_free(&text);
    return error;
}

static struct error *
read_prefer_list(struct arena *arena, const char *list, struct config *config)
{
    while (*list) {
        size_t len = strcspn(list, ",");
        char *item = arena_copy(arena, list, len);
        char *equals = strchr(item, '=');

        if (!equals || !strchr(item, '/') || strchr(item, '/') > equals || !equals[1])
            return error_new("E_PLUGIN_CONFIG", "X07_PLUGIN_PREFER: \"%s\" is not KIND/KEY=PLUGIN-ID", item);
        *equals = '\0';
        append(arena, &config->preferences, item, equals + 1);
        list += len;
        list += *list == ',';
    }
    return NULL;
}

struct error *
config_read(struct arena *arena, struct config *config)
{
    const char *pins = getenv("X07_PLUGIN_PINS");
    const char *prefer = getenv("X07_PLUGIN_PREFER");
    const char *file = discover_home_path(arena, "XDG_CONFIG_HOME", ".config", "x07/plugins.json");
    struct error *error = NULL;

    *config = (struct config){0};
    if (prefer)
        error = read_prefer_list(arena, prefer, config);
    if (!error && pins && *pins)
        error = read_file(arena, discover_absolute(arena, pins), config);
    if (!error && file && access(file, F_OK) == 0)
        error = read_file(arena, file, config);
    return error;
}
