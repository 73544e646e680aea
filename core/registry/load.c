/* load.c: opens a plugin in this process, and ends it. */
#include "registry/describe.h"
#include "registry/inside.h"
#include "registry/trust.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>

static int64_t
nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct error *
identity_of(const char *path, struct registry_identity *identity)
{
    struct stat info;

    if (stat(path, &info))
        return error_errno("E_PLUGIN_IO", "cannot look at %s", path);
    *identity = (struct registry_identity){
        .device = info.st_dev,
        .inode = info.st_ino,
        .size = (uint64_t)info.st_size,
        .modified_ns = nanoseconds(info.st_mtim),
        .changed_ns = nanoseconds(info.st_ctim),
    };
    return NULL;
}

bool
identity_equal(const struct registry_identity *left, const struct registry_identity *right)
{
    return left->device == right->device && left->inode == right->inode && left->size == right->size &&
           left->modified_ns == right->modified_ns && left->changed_ns == right->changed_ns;
}

/* The file may have been replaced since it was scanned; what was found out then would not hold. */
static struct error *
check_unchanged(const struct registry_plugin *plugin)
{
    struct registry_identity now;
    struct error *error = trust_check(plugin->path);

    if (!error)
        error = identity_of(plugin->path, &now);
    if (error)
        return error;
    if (identity_equal(&now, &plugin->identity))
        return NULL;
    return error_new("E_PLUGIN_CHANGED", "%s changed since it was scanned", plugin->path);
}

static bool
same_text(const char *left, const char *right)
{
    return left == right || (left && right && !strcmp(left, right));
}

/* Whether the loaded descriptor is the one that the rows were made of. */
static bool
descriptor_agrees(const x07_plugin *loaded, const struct registry_descriptor *noted)
{
    if (!same_text(loaded->id, noted->id) || !same_text(loaded->version, noted->version))
        return false;
    for (size_t i = 0; i < noted->service_count; i++) {
        const struct registry_service *row = &noted->services[i];

        if (row->index >= loaded->service_count)
            return false;
        const x07_service *service = describe_service(loaded, row->index);
        if (service->kind != row->kind || service->priority != row->priority ||
            !same_text(service->key, row->key) || !same_text(service->profile, row->profile) ||
            !same_text(service->world, row->world))
            return false;
    }
    for (size_t i = 0; i < noted->diagnostic_count; i++)
        if (noted->diagnostics[i].index >= loaded->diagnostic_count)
            return false;
    return true;
}

static struct error *
load(const struct registry_plugin *plugin, void **handle, const x07_plugin **loaded)
{
    struct text why = {0};
    struct error *error = NULL;

    *loaded = describe_open(plugin->path, handle, &why);
    if (!*loaded)
        error = error_new("E_PLUGIN_LOAD", "%s %s", plugin->path, text_string(&why));
    else if (!describe_check(*loaded, &why))
        error = error_new("E_PLUGIN_LOAD", "%s: %s", plugin->path, text_string(&why));
    else if (!descriptor_agrees(*loaded, &plugin->descriptor))
        error =
            error_new("E_PLUGIN_CHANGED", "%s describes itself differently than in its scan", plugin->path);
    if (error && *loaded)
        dlclose(*handle);
    text_free(&why);
    return error;
}

static struct error *
init_error(const struct registry *registry, const struct registry_plugin *plugin, x07_status status)
{
    const char *said = registry->said ? registry->said(registry->host) : NULL;

    if (said && *said)
        return error_new("E_PLUGIN_INIT", "plugin %s could not start: %s", plugin->descriptor.id, said);
    return error_new("E_PLUGIN_INIT", "plugin %s could not start: status %d", plugin->descriptor.id,
                     (int)status);
}

struct error *
plugin_open(struct registry *registry, struct registry_plugin *plugin)
{
    void *handle = NULL;
    const x07_plugin *loaded = NULL;

    if (plugin->loaded)
        return NULL;
    struct error *error = check_unchanged(plugin);
    if (!error)
        error = load(plugin, &handle, &loaded);
    if (error)
        return error;
    x07_status status = loaded->init ? loaded->init(registry->host) : X07_OK;
    if (status != X07_OK) {
        dlclose(handle);
        return init_error(registry, plugin, status);
    }
    plugin->handle = handle;
    plugin->loaded = loaded;
    registry->opened[registry->opened_count++] = plugin;
    return NULL;
}

void
plugin_close(struct registry_plugin *plugin)
{
    if (!plugin->loaded)
        return;
    if (plugin->loaded->fini)
        plugin->loaded->fini();
    dlclose(plugin->handle);
    plugin->loaded = NULL;
    plugin->handle = NULL;
}
