/* shoutcc.c: a native compiler that is the system's cc under another name. */
#include <x07/plugin.h>

#include <stdio.h>
#include <string.h>

enum { MOST_ARGUMENTS = 64 };

static x07_status
shoutcc_identity(const x07_host *host, const char *cc_profile, char **identity)
{
    if (!cc_profile || !identity)
        return X07_E_ARGUMENT;
    *identity = host->alloc(host, 64);
    snprintf(*identity, 64, "shoutcc 1 %.32s", cc_profile);
    return X07_OK;
}

static x07_status
shoutcc_build(const x07_host *host, const x07_native_request *request, x07_native_result *result)
{
    const char *argv[MOST_ARGUMENTS] = {"cc", "-O1"};
    size_t count = 2;
    x07_spawn_result end = {.size = sizeof end};

    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_native_request, world)) ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_native_result, err_size)) || !request->source_path ||
        !request->output_path || !request->cc_profile)
        return X07_E_ARGUMENT;
    if (strcmp(request->cc_profile, "default") != 0 && strcmp(request->cc_profile, "size") != 0)
        return host->fail(host, X07_E_UNSUPPORTED, "E_SHOUTCC_PROFILE",
                          "shoutcc knows default and size only");
    argv[count++] = request->source_path;
    argv[count++] = "-o";
    argv[count++] = request->output_path;
    for (size_t i = 0; request->include_dirs[i] && count + 2 < MOST_ARGUMENTS; i++) {
        argv[count++] = "-I";
        argv[count++] = request->include_dirs[i];
    }
    for (size_t i = 0; request->libraries[i] && count + 1 < MOST_ARGUMENTS; i++)
        argv[count++] = request->libraries[i];
    for (size_t i = 0; request->arguments[i] && count + 1 < MOST_ARGUMENTS; i++)
        argv[count++] = request->arguments[i];
    x07_spawn spawn = {.size = sizeof spawn, .path = "cc", .argv = argv};
    x07_status status = host->spawn(host, &spawn, &end);
    if (status != X07_OK)
        return status;
    result->exit_status = end.exit_code < 0 ? 1 : end.exit_code;
    result->compiler = host->alloc(host, sizeof "shoutcc");
    memcpy(result->compiler, "shoutcc", sizeof "shoutcc");
    result->out_data = end.out_data;
    result->out_size = end.out_size;
    result->err_data = end.err_data;
    result->err_size = end.err_size;
    return X07_OK;
}

static x07_status
shoutcc_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_native native = {
    .size = sizeof native, .identity = shoutcc_identity, .build = shoutcc_build};

static const x07_service services[] = {
    {.size = sizeof *services, .kind = X07_KIND_NATIVE, .key = "shoutcc", .priority = 10, .vtable = &native},
};

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "com.example.shoutcc",
    .version = "2.1",
    .vendor = "Example Ltd",
    .licence = "MIT",
    .summary = "The system's C compiler under another name",
    .services = services,
    .service_count = 1,
    .init = shoutcc_init,
};

X07_EXPORT const x07_plugin *
x07_plugin_entry(uint32_t abi_major, uint32_t abi_minor)
{
    (void)abi_minor;
    return abi_major == X07_ABI_MAJOR ? &plugin : NULL;
}
