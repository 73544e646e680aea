/* describe.c: see describe.h. */
#include "registry/describe.h"

#include "base/utf8.h"
#include "registry/registry.h"
#include "registry/signature.h"

#include <dlfcn.h>
#include <string.h>

enum { LARGEST_STRUCT = 4096, LONGEST_KEY = 64, LONGEST_ID = 128 };

const x07_service *
describe_service(const x07_plugin *plugin, uint32_t index)
{
    return (const x07_service *)((const char *)plugin->services + (size_t)index * plugin->services->size);
}

const x07_diagnostic *
describe_diagnostic(const x07_plugin *plugin, uint32_t index)
{
    return (const x07_diagnostic *)((const char *)plugin->diagnostics +
                                    (size_t)index * plugin->diagnostics->size);
}

static bool
size_is_sane(const char *what, uint32_t size, uint32_t least, struct text *why)
{
    if (size >= least && size <= LARGEST_STRUCT && size % sizeof(uint32_t) == 0)
        return true;
    text_printf(why, "%s says it has %u bytes; ABI 1.0 has %u", what, size, least);
    return false;
}

const x07_plugin *
describe_open(const char *path, void **handle, struct text *why)
{
    void *opened = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!opened) {
        text_printf(why, "cannot be loaded: %s", dlerror());
        return NULL;
    }
    x07_plugin_entry_function entry = (x07_plugin_entry_function)dlsym(opened, X07_PLUGIN_ENTRY);
    const x07_plugin *plugin = entry ? entry(X07_ABI_MAJOR, X07_ABI_MINOR) : NULL;

    if (!entry)
        text_puts(why, "does not export " X07_PLUGIN_ENTRY);
    else if (!plugin)
        text_puts(why, X07_PLUGIN_ENTRY " returned no descriptor");
    else if (plugin->size < X07_SIZE_UP_TO(x07_plugin, abi_minor))
        text_printf(why, "the descriptor says it has %u bytes", plugin->size);
    else if (plugin->abi_major != X07_ABI_MAJOR)
        text_printf(why, "was built for ABI %u.%u; this host has %u.%u", plugin->abi_major, plugin->abi_minor,
                    X07_ABI_MAJOR, X07_ABI_MINOR);
    else if (size_is_sane("the descriptor", plugin->size, X07_SIZE_UP_TO(x07_plugin, fini), why)) {
        *handle = opened;
        return plugin;
    }
    dlclose(opened);
    return NULL;
}

/* A text of the descriptor: present, short, UTF-8, one line. */
static bool
text_is_sane(const char *what, const char *text, struct text *why)
{
    if (!text) {
        text_printf(why, "%s is missing", what);
        return false;
    }
    size_t len = strnlen(text, X07_MAX_TEXT + 1);
    if (len > X07_MAX_TEXT) {
        text_printf(why, "%s is longer than %d bytes", what, X07_MAX_TEXT);
        return false;
    }
    if (utf8_prefix(text, len) != len) {
        text_printf(why, "%s is not UTF-8", what);
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            text_printf(why, "%s holds a control character", what);
            return false;
        }
    }
    return true;
}

static bool
name_is_sane(const char *what, const char *name, size_t longest, struct text *why)
{
    if (!text_is_sane(what, name, why))
        return false;
    size_t len = strlen(name);
    if (len > 0 && len <= longest && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len)
        return true;
    text_printf(why, "%s \"%s\" is not 1 to %zu of [a-z0-9._-]", what, name, longest);
    return false;
}

/* What each kind's table holds in ABI 1.0: its size, and where its function pointers are. */
static const struct {
    uint32_t size;
    uint32_t count;
    uint32_t functions[2];
} tables[] = {
    [X07_KIND_RUNNER] = {X07_SIZE_UP_TO(x07_runner, run), 1, {offsetof(x07_runner, run), 0}},
    [X07_KIND_SANDBOX] = {X07_SIZE_UP_TO(x07_sandbox, run),
                          2,
                          {offsetof(x07_sandbox, probe), offsetof(x07_sandbox, run)}},
    [X07_KIND_REPAIR] = {X07_SIZE_UP_TO(x07_repair, run), 1, {offsetof(x07_repair, run), 0}},
    [X07_KIND_NATIVE] = {X07_SIZE_UP_TO(x07_native, build),
                         2,
                         {offsetof(x07_native, identity), offsetof(x07_native, build)}},
};

static bool
check_table(const x07_service *service, struct text *why)
{
    uint32_t size = 0;

    memcpy(&size, service->vtable, sizeof size);
    if (!size_is_sane("the function table", size, tables[service->kind].size, why))
        return false;
    for (uint32_t i = 0; i < tables[service->kind].count; i++) {
        void (*function)(void) = NULL;

        memcpy(&function, (const char *)service->vtable + tables[service->kind].functions[i],
               sizeof function);
        if (!function) {
            text_puts(why, "a function of its table is missing");
            return false;
        }
    }
    return true;
}

/* A newer minor may bring kinds that this host does not know; it leaves those rows out. */
static bool
is_future_kind(const x07_plugin *plugin, const x07_service *service)
{
    return !registry_kind_name(service->kind) && plugin->abi_minor > X07_ABI_MINOR;
}

static bool
check_service(const x07_plugin *plugin, uint32_t index, struct text *why)
{
    const x07_service *service = describe_service(plugin, index);

    if (service->size != plugin->services->size) {
        text_printf(why, "its size %u differs from the first one's", service->size);
        return false;
    }
    if (is_future_kind(plugin, service))
        return true;
    if (!registry_kind_name(service->kind)) {
        text_printf(why, "kind %u is unknown", service->kind);
        return false;
    }
    if (!name_is_sane("key", service->key, LONGEST_KEY, why) ||
        (service->profile && !text_is_sane("profile", service->profile, why)) ||
        (service->world && !name_is_sane("world", service->world, LONGEST_KEY, why)))
        return false;
    if (service->vtable)
        return check_table(service, why);
    text_puts(why, "the function table is missing");
    return false;
}

static bool
check_diagnostic(const x07_plugin *plugin, uint32_t index, struct text *why)
{
    const x07_diagnostic *diagnostic = describe_diagnostic(plugin, index);

    if (diagnostic->size != plugin->diagnostics->size) {
        text_printf(why, "its size %u differs from the first one's", diagnostic->size);
        return false;
    }
    if (!name_is_sane("name", diagnostic->name, LONGEST_KEY, why) ||
        !text_is_sane("signature", diagnostic->signature, why) ||
        (diagnostic->summary && !text_is_sane("summary", diagnostic->summary, why)) ||
        (diagnostic->arguments && !text_is_sane("arguments", diagnostic->arguments, why)))
        return false;
    if (!signature_check(diagnostic->signature, diagnostic->arguments, why))
        return false;
    if (diagnostic->function)
        return true;
    text_puts(why, "the function is missing");
    return false;
}

/* Puts "what N: " before the reason that `check` gave. */
static bool
check_row(const x07_plugin *plugin, const char *what, uint32_t index,
          bool (*check)(const x07_plugin *, uint32_t, struct text *), struct text *why)
{
    struct text reason = {0};
    bool good = check(plugin, index, &reason);

    if (!good)
        text_printf(why, "%s %u: %s", what, index, text_string(&reason));
    text_free(&reason);
    return good;
}

static bool
check_rows(const x07_plugin *plugin, struct text *why)
{
    if (!size_is_sane("services", plugin->services->size, X07_SIZE_UP_TO(x07_service, vtable), why))
        return false;
    for (uint32_t i = 0; i < plugin->service_count; i++)
        if (!check_row(plugin, "service", i, check_service, why))
            return false;
    if (!plugin->diagnostic_count)
        return true;
    if (!size_is_sane("diagnostics", plugin->diagnostics->size, X07_SIZE_UP_TO(x07_diagnostic, function),
                      why))
        return false;
    for (uint32_t i = 0; i < plugin->diagnostic_count; i++)
        if (!check_row(plugin, "diagnostic", i, check_diagnostic, why))
            return false;
    return true;
}

bool
describe_check(const x07_plugin *plugin, struct text *why)
{
    if (!name_is_sane("id", plugin->id, LONGEST_ID, why) || !text_is_sane("version", plugin->version, why) ||
        !text_is_sane("vendor", plugin->vendor, why) || !text_is_sane("licence", plugin->licence, why) ||
        !text_is_sane("summary", plugin->summary, why))
        return false;
    if (!plugin->service_count || plugin->service_count > X07_MAX_SERVICES || !plugin->services) {
        text_printf(why, "announces %u services; 1 to %d are allowed",
                    plugin->services ? plugin->service_count : 0, X07_MAX_SERVICES);
        return false;
    }
    if (plugin->diagnostic_count > X07_MAX_DIAGNOSTICS ||
        (plugin->diagnostic_count && !plugin->diagnostics)) {
        text_printf(why, "announces %u diagnostics; up to %d are allowed", plugin->diagnostic_count,
                    X07_MAX_DIAGNOSTICS);
        return false;
    }
    return check_rows(plugin, why);
}

static void
add_text(json_object *object, const char *name, const char *value)
{
    json_object_object_add(object, name, value ? json_object_new_string(value) : NULL);
}

static void
add_number(json_object *object, const char *name, int64_t value)
{
    json_object_object_add(object, name, json_object_new_int64(value));
}

static json_object *
note_services(const x07_plugin *plugin)
{
    json_object *rows = json_object_new_array();

    for (uint32_t i = 0; i < plugin->service_count; i++) {
        const x07_service *service = describe_service(plugin, i);
        json_object *row = json_object_new_object();

        if (is_future_kind(plugin, service)) {
            json_object_put(row);
            continue;
        }
        add_number(row, "index", i);
        add_number(row, "kind", service->kind);
        add_text(row, "key", service->key);
        add_text(row, "profile", service->profile);
        add_text(row, "world", service->world);
        add_number(row, "priority", service->priority);
        if (service->kind == X07_KIND_REPAIR)
            add_number(row, "rank", ((const x07_repair *)service->vtable)->rank);
        json_object_array_add(rows, row);
    }
    return rows;
}

static json_object *
note_diagnostics(const x07_plugin *plugin)
{
    json_object *rows = json_object_new_array();

    for (uint32_t i = 0; i < plugin->diagnostic_count; i++) {
        const x07_diagnostic *diagnostic = describe_diagnostic(plugin, i);
        json_object *row = json_object_new_object();

        add_number(row, "index", i);
        add_text(row, "name", diagnostic->name);
        add_text(row, "signature", diagnostic->signature);
        add_text(row, "summary", diagnostic->summary);
        add_text(row, "arguments", diagnostic->arguments);
        json_object_array_add(rows, row);
    }
    return rows;
}

static json_object *
note_descriptor(const x07_plugin *plugin)
{
    json_object *note = json_object_new_object();

    add_text(note, "id", plugin->id);
    add_text(note, "version", plugin->version);
    add_text(note, "vendor", plugin->vendor);
    add_text(note, "licence", plugin->licence);
    add_text(note, "summary", plugin->summary);
    add_number(note, "abi_major", plugin->abi_major);
    add_number(note, "abi_minor", plugin->abi_minor);
    json_object_object_add(note, "services", note_services(plugin));
    json_object_object_add(note, "diagnostics", note_diagnostics(plugin));
    return note;
}

json_object *
describe_failure(const char *state, const char *reason)
{
    json_object *outcome = json_object_new_object();

    add_text(outcome, "state", state);
    add_text(outcome, "reason", reason);
    return outcome;
}

json_object *
describe_file(const char *path)
{
    struct text why = {0};
    void *handle = NULL;
    const x07_plugin *plugin = describe_open(path, &handle, &why);
    json_object *outcome;

    if (plugin && describe_check(plugin, &why)) {
        outcome = json_object_new_object();
        add_text(outcome, "state", registry_state_name(PLUGIN_AVAILABLE));
        json_object_object_add(outcome, "descriptor", note_descriptor(plugin));
    } else
        outcome = describe_failure(registry_state_name(PLUGIN_REFUSED), text_string(&why));
    text_free(&why);
    return outcome;
}
