/* The second repair pass: reports what is wrong with a document and changes nothing. */
#include <x07/plugin.h>

static x07_status
lint(const x07_host *host, const x07_repair_request *request, x07_repair_result *result)
{
    uint32_t errors = 0;

    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_repair_request, world)) || !request->text ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_repair_result, text_size)))
        return X07_E_ARGUMENT;
    x07_status status = host->lint_text(host, request->text, request->text_size, request->world, &errors);
    result->lint_ok = errors == 0;
    return status;
}

static const x07_repair pass = {.size = sizeof pass, .rank = 200, .run = lint};

static const x07_service services[] = {
    {.size = sizeof services[0], .kind = X07_KIND_REPAIR, .key = "lint", .priority = 100, .vtable = &pass},
};

static x07_status
lint_init(const x07_host *host)
{
    if (!x07_host_usable(host))
        return X07_E_ARGUMENT;
    if (!X07_HAS(host, x07_host, fix_text))
        return host->fail(host, X07_E_UNSUPPORTED, "E_HOST_OLD", "needs a host of ABI 1.1");
    return X07_OK;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.repair.lint",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Reports what is wrong with documents",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = lint_init,
};

X07_PLUGIN_DEFINE(plugin)
