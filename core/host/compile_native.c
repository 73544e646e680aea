/* compile_native.c: C to an executable, by a native plugin. Knows nothing of the language. */
#include "host/compile_parts.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool
setting_is_on(const char *name)
{
    static const char *const off[] = {"", "0", "false", "no", "off"};
    const char *value = getenv(name);

    for (size_t i = 0; value && i < sizeof off / sizeof *off; i++)
        if (strcmp(value, off[i]) == 0)
            return false;
    return value != NULL;
}

static const x07_native *
native_of(const struct build *build)
{
    return build->native.vtable;
}

static x07_status
native_call_failed(struct build *build, x07_status status)
{
    /* The plugin said why, or gets a text that names it. */
    struct error *error = host_failure(build->host, status, build->native.id);

    return host_fail_error(build->host, status, error);
}

x07_status
compile_identity(struct build *build, char **identity)
{
    const char *profile = build->request->cc_profile ? build->request->cc_profile : "default";

    host_clear_failure(build->host);
    x07_status status = native_of(build)->identity(&build->host->table, profile, identity);
    return status == X07_OK ? status : native_call_failed(build, status);
}

/* The head of stderr_b64 when the native compiler failed (reference chapter 06a, section 5.2). */
static void
describe_invocation(const x07_native_result *native, const x07_native_request *request, struct text *out)
{
    const char *extra = getenv("X07_CC_ARGS");

    text_printf(out, "--- x07 cc invocation ---\ncc: %s\n\n--- cc argv ---\n%s\n\n",
                native->compiler ? native->compiler : "", native->command ? native->command : "");
    if (extra && extra[0])
        text_printf(out, "--- X07_CC_ARGS ---\n%s\n\n", extra);
    text_printf(out, "--- tmp paths ---\nsrc: %s\nexe: %s\n", request->source_path, request->output_path);
    if (request->keep_c)
        text_printf(out, "keep_c: %s\n", request->keep_c);
    text_puts(out, "\n--- cc stderr ---\n");
    text_append(out, (const char *)native->err_data, (size_t)native->err_size);
}

static void
take_native_failure(struct build *build, const x07_native_request *request, x07_native_result *native)
{
    x07_compile_result *result = build->result;
    struct text error = {0};
    struct text account = {0};

    text_printf(&error, "C toolchain failed (exit=%d)", native->exit_status);
    describe_invocation(native, request, &account);
    result->exit_status = native->exit_status;
    result->error = text_take(&error);
    result->err_size = account.len;
    result->err_data = (uint8_t *)text_take(&account);
}

static void
native_result_free(const x07_host *table, x07_native_result *native)
{
    table->release(table, native->compiler);
    table->release(table, native->command);
    table->release(table, native->out_data);
    table->release(table, native->err_data);
}

/* Keeps the C beside the executable when the user wants to read it. Not being able to is no reason to fail.
 */
static void
keep_source(const struct build *build, const char *executable)
{
    if (!setting_is_on("X07_KEEP_C"))
        return;
    char *dir = file_parent(executable);
    char *path = file_join(dir, "solver.c");
    struct error *error =
        file_replace(path, build->compiled.c_source.data, build->compiled.c_source.len, 0600);

    error_free(error);
    free(path);
    free(dir);
}

static x07_status
store_executable(struct build *build, const char *made)
{
    const x07_host *table = &build->host->table;
    x07_compile_result *result = build->result;

    if (build->request->flags & X07_COMPILE_NO_CACHE) {
        result->executable = memory_string(made);
        return X07_OK;
    }
    return table->cache_store(table, build->key, made, &result->executable);
}

static x07_status
build_native(struct build *build, const char *source_path, const char *made)
{
    const x07_host *table = &build->host->table;
    const x07_compile_request *request = build->request;
    const char *includes[] = {build->toolchain->include_dir, NULL};
    x07_native_request native_request = {
        .size = sizeof native_request,
        .source_path = source_path,
        .source = text_string(&build->compiled.c_source),
        .source_size = build->compiled.c_source.len,
        .output_path = made,
        .cc_profile = request->cc_profile ? request->cc_profile : "default",
        .include_dirs = includes,
        .libraries = build->libraries,
        .arguments = build->arguments,
        .world = request->world,
        .keep_c = setting_is_on("X07_KEEP_C") ? source_path : NULL,
    };
    x07_native_result native = {.size = sizeof native};

    host_clear_failure(build->host);
    x07_status status = native_of(build)->build(table, &native_request, &native);
    if (status != X07_OK)
        return native_call_failed(build, status);
    build->result->out_data = native.out_data;
    build->result->out_size = native.out_size;
    native.out_data = NULL;
    if (native.exit_status != 0) {
        take_native_failure(build, &native_request, &native);
    } else {
        build->result->err_data = native.err_data;
        build->result->err_size = native.err_size;
        native.err_data = NULL;
        status = store_executable(build, made);
        if (status == X07_OK)
            keep_source(build, build->result->executable);
    }
    native_result_free(table, &native);
    return status;
}

x07_status
compile_missing(struct build *build)
{
    struct host *host = build->host;
    char *source_path = NULL;
    char *made = NULL;
    struct error *error = host_scratch_path(host, "program.c", &source_path);

    if (!error)
        error = host_scratch_path(host, "program", &made);
    if (!error)
        error = file_replace(source_path, build->compiled.c_source.data, build->compiled.c_source.len, 0600);
    x07_status status =
        error ? host_fail_error(host, X07_E_IO, error) : build_native(build, source_path, made);
    free(source_path);
    free(made);
    return status;
}
