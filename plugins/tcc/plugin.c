/* The quick native compiler: the program tcc, which makes an executable in a tenth of cc's time and does not
 * optimise it. It is started as a program rather than embedded because the distribution's libtcc is not
 * position independent, so no plugin can link it. Its priority leaves it to those who ask for it by name. */
#include "../cc/driver.h"

#include <x07/plugin.h>

static const char *const arguments[] = {NULL};

static const struct driver_profile profiles[] = {
    {"default", ""},
    {"size", ""},
    {NULL, NULL},
};

static const struct driver driver = {
    .name = "tcc",
    .program_variable = "X07_TCC",
    .arguments_variable = "X07_TCC_ARGS",
    .arguments = arguments,
    .profiles = profiles,
};

static x07_status
tcc_identity(const x07_host *host, const char *profile, char **identity)
{
    return driver_identity(&driver, host, profile, identity);
}

static x07_status
tcc_build(const x07_host *host, const x07_native_request *request, x07_native_result *result)
{
    return driver_build(&driver, host, request, result);
}

static const x07_native compiler = {.size = sizeof compiler, .identity = tcc_identity, .build = tcc_build};

static const x07_service services[] = {
    {.size = sizeof services[0], .kind = X07_KIND_NATIVE, .key = "tcc", .priority = 50, .vtable = &compiler},
};

static x07_status
tcc_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.native.tcc",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Compiles quickly with the Tiny C Compiler",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = tcc_init,
};

X07_PLUGIN_DEFINE(plugin)
