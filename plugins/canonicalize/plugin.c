/* The first repair pass: a document in its canonical form. Layout only; what the document says stays the
 * same. */
#include <x07/plugin.h>

#include <string.h>

static x07_status
canonicalize(const x07_host *host, const x07_repair_request *request, x07_repair_result *result)
{
    char *text = NULL;
    uint64_t size = 0;

    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_repair_request, world)) || !request->text ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_repair_result, text_size)))
        return X07_E_ARGUMENT;
    x07_status status = host->canonical_text(host, request->text, request->text_size, &text, &size);
    if (status != X07_OK)
        return status;
    result->lint_ok = 1;
    if (size == request->text_size && memcmp(text, request->text, (size_t)size) == 0) {
        host->release(host, text);
        return X07_OK;
    }
    result->changed = 1;
    result->text = text;
    result->text_size = size;
    return X07_OK;
}

static const x07_repair pass = {.size = sizeof pass, .rank = 100, .run = canonicalize};

static const x07_service services[] = {
    {.size = sizeof services[0],
     .kind = X07_KIND_REPAIR,
     .key = "canonicalize",
     .priority = 100,
     .vtable = &pass},
};

static x07_status
canonicalize_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.repair.canonicalize",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Writes documents in their canonical form",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = canonicalize_init,
};

X07_PLUGIN_DEFINE(plugin)
