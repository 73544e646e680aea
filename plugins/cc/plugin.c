/* The native compiler that every system has: its own cc. */
#include "driver.h"

#include <x07/plugin.h>

/* Unwind tables are of no use to programs that never unwind, and cost time to make. */
static const char *const arguments[] = {"-std=c11", "-O2", "-pipe", "-fno-asynchronous-unwind-tables", NULL};

static const struct driver_profile profiles[] = {
    {"default", ""},
    {"size", "-Os -ffunction-sections -fdata-sections -Wl,--gc-sections -Wl,--strip-all"},
    {NULL, NULL},
};

static const struct driver driver = {
    .name = "cc",
    .program_variable = "X07_CC",
    .arguments_variable = "X07_CC_ARGS",
    .arguments = arguments,
    .profiles = profiles,
};

static x07_status
cc_identity(const x07_host *host, const char *profile, char **identity)
{
    return driver_identity(&driver, host, profile, identity);
}

static x07_status
cc_build(const x07_host *host, const x07_native_request *request, x07_native_result *result)
{
    return driver_build(&driver, host, request, result);
}

static const x07_native compiler = {.size = sizeof compiler, .identity = cc_identity, .build = cc_build};

static const x07_service services[] = {
    {.size = sizeof services[0], .kind = X07_KIND_NATIVE, .key = "cc", .priority = 100, .vtable = &compiler},
};

static x07_status
cc_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.native.cc",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Compiles with the system's C compiler",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = cc_init,
};

X07_PLUGIN_DEFINE(plugin)
