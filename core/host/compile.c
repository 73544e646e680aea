/* compile.c: the compile service: document to C by the compiler, C to an executable by a native plugin or
 * from the native cache. Knows neither the language nor the native compiler. */
#include "host/compile_parts.h"

#include "base/file.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "host/natives.h"
#include "package/catalog.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct error *
read_source(const x07_compile_request *request, struct text *text)
{
    if (request->source) {
        text_append(text, request->source, (size_t)request->source_size);
        return NULL;
    }
    return error_wrap(file_read(request->program_path, FILE_NO_LIMIT, text), "read program");
}

static void
run_compiler(struct build *build, const struct text *source)
{
    const x07_compile_request *request = build->request;
    struct compile_request compile = {
        .path = request->program_path,
        .source = text_string(source),
        .source_len = source->len,
        .module_roots = request->module_roots,
        .world = request->world,
        .allow_unsafe = (request->flags & X07_COMPILE_ALLOW_UNSAFE) != 0,
        .allow_ffi = (request->flags & X07_COMPILE_ALLOW_FFI) != 0,
        .fuel = request->fuel,
        .memory = request->memory_bytes,
        .max_c_bytes = request->max_c_bytes,
        .debug_borrow_checks = (request->flags & X07_COMPILE_DEBUG_BORROWS) != 0,
    };

    while (compile.module_roots && compile.module_roots[compile.module_root_count])
        compile.module_root_count++;
    compile_program(&compile, &build->compiled);
}

/* The `native_requires` object of the report. */
static char *
describe_requires(const struct compile_result *compiled, const char *world)
{
    x07_json json = {0};
    struct text out = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "requires");
    x07_json_begin(&json, '[');
    for (size_t i = 0; compiled->ok && i < compiled->require_count; i++) {
        const struct compile_native_require *require = &compiled->requires[i];
        if (require->silent)
            continue;
        x07_json_begin(&json, '{');
        x07_json_name(&json, "abi_major");
        x07_json_int(&json, 1);
        x07_json_name(&json, "backend_id");
        x07_json_string(&json, require->backend_id);
        if (require->feature_count) {
            x07_json_name(&json, "features");
            x07_json_begin(&json, '[');
            for (size_t k = 0; k < require->feature_count; k++)
                x07_json_string(&json, require->features[k]);
            x07_json_end(&json, ']');
        }
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, ']');
    x07_json_name(&json, "schema_version");
    x07_json_string(&json, "x07.native-requires@0.1.0");
    x07_json_name(&json, "world");
    x07_json_string(&json, world);
    x07_json_end(&json, '}');
    json_out_take(&json, &out);
    return text_take(&out);
}

/* A backend that is not installed is the program's error: result->error is set and there is nothing to link.
 */
static void
find_libraries(struct build *build)
{
    struct text message = {0};

    build->libraries =
        natives_libraries(build->host->arena, build->toolchain->runtime, &build->compiled, &message);
    if (!build->libraries) {
        build->result->exit_status = 1;
        build->result->error = text_take(&message);
    }
}

/* The request's own arguments come before those of FFI packages. */
static struct error *
find_arguments(struct build *build)
{
    const x07_compile_request *request = build->request;
    struct arena *arena = build->host->arena;
    bool automatic = request->flags & X07_COMPILE_AUTO_FFI;
    struct error *error = auto_ffi_collect(arena, automatic ? request->module_roots : NULL, &build->ffi);
    size_t own = host_list_length(request->native_arguments);
    size_t added = host_list_length(build->ffi.arguments);
    const char **arguments = ARENA_ARRAY(arena, const char *, own + added + 1);

    if (own)
        memcpy(arguments, request->native_arguments, own * sizeof *arguments);
    if (added)
        memcpy(arguments + own, build->ffi.arguments, added * sizeof *arguments);
    build->arguments = arguments;
    return error;
}

/* Finds what is linked, the native compiler, and the key that its executable would have. */
static x07_status
prepare(struct build *build)
{
    struct host *host = build->host;
    const char *key = build->request->native_compiler;
    if (!key)
        key = getenv("X07_NATIVE_COMPILER");
    struct registry_query query = {
        .kind = X07_KIND_NATIVE, .key = key && key[0] ? key : NULL, .world = build->request->world};
    struct error *error = host_find_toolchain(host, &build->toolchain);
    char *identity = NULL;

    if (!error)
        error = registry_select(host->registry, &query, &build->native);
    if (error)
        return host_fail_error(host, X07_E_UNAVAILABLE, error);
    error = find_arguments(build);
    if (error)
        return host_fail_error(host, X07_E_IO, error);
    find_libraries(build);
    if (!build->libraries)
        return X07_OK;
    x07_status status = compile_identity(build, &identity);
    if (status != X07_OK)
        return status;
    compile_make_key(build, identity);
    free(identity);
    return X07_OK;
}

static char *
describe_build(const struct build *build)
{
    x07_json json = {0};
    struct text out = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "cache_hit");
    x07_json_bool(&json, build->result->cache_hit != 0);
    x07_json_name(&json, "cache_key");
    x07_json_string(&json, build->key);
    x07_json_name(&json, "native_compiler");
    x07_json_string(&json, build->native.id);
    x07_json_name(&json, "native_compiler_version");
    x07_json_string(&json, build->native.version);
    x07_json_end(&json, '}');
    json_out_take(&json, &out);
    return text_take(&out);
}

static x07_status
finish(struct build *build)
{
    x07_compile_result *result = build->result;
    struct stat status;

    if (!result->executable)
        return X07_OK;
    const char *out = build->request->compiled_out;
    if (out) {
        struct error *error = error_wrap(file_copy(result->executable, out), "write compiled executable");
        if (error)
            return host_fail_error(build->host, X07_E_IO, error);
    }
    if (stat(result->executable, &status) == 0)
        result->executable_size = (uint64_t)status.st_size;
    result->ok = 1;
    return X07_OK;
}

static x07_status
make_executable(struct build *build)
{
    const x07_host *table = &build->host->table;
    x07_compile_result *result = build->result;
    x07_status status = prepare(build);

    if (status != X07_OK || result->error)
        return status;
    bool cached = !(build->request->flags & X07_COMPILE_NO_CACHE) &&
                  table->cache_lookup(table, build->key, &result->executable) == X07_OK;
    result->cache_hit = cached;
    result->native_compiler = memory_string(build->native.id);
    if (!cached)
        status = compile_missing(build);
    if (status == X07_OK)
        status = finish(build);
    if (status == X07_OK)
        result->facts = describe_build(build);
    return status;
}

/* After an error nothing of the result belongs to the caller. */
static void
result_clear(const x07_host *table, x07_compile_result *result)
{
    table->release(table, result->error);
    table->release(table, result->executable);
    table->release(table, result->native_requires);
    table->release(table, result->native_compiler);
    table->release(table, result->out_data);
    table->release(table, result->err_data);
    table->release(table, result->facts);
    *result = (x07_compile_result){.size = result->size};
}

/* The compiler's message, with what to do about a module that it did not find. */
static char *
describe_error(const struct compile_result *compiled)
{
    const char *module = compiled->unknown_module;
    const char *package = module ? catalog_find(module) : NULL;
    struct text text = {0};

    text_puts(&text, compiled->error);
    if (package)
        text_printf(&text, "\n\nhint: x07 pkg add %s --sync", package);
    if (module)
        text_printf(&text, "\n\nhint: x07 pkg provides %s", module);
    return text_take(&text);
}

static x07_status
compile_source(struct build *build, const struct text *source)
{
    x07_compile_result *result = build->result;

    run_compiler(build, source);
    result->native_requires = describe_requires(&build->compiled, build->request->world);
    if (!build->compiled.ok) {
        result->exit_status = 1;
        result->error = describe_error(&build->compiled);
        return X07_OK;
    }
    result->c_source_size = build->compiled.c_source.len;
    result->fuel_used = build->compiled.fuel_used;
    result->has_fuel_used = 1;
    return make_executable(build);
}

x07_status
host_compile(const x07_host *table, const x07_compile_request *request, x07_compile_result *result)
{
    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_compile_request, max_c_bytes)) ||
        !request->program_path || !request->world ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_compile_result, facts)))
        return table->fail(table, X07_E_ARGUMENT, "E_COMPILE_ARGUMENT", "compile: incomplete request");
    struct build build = {.host = host_of(table), .request = request, .result = result};
    struct text source = {0};
    struct error *error = read_source(request, &source);

    if (error) {
        text_free(&source);
        return host_fail_error(build.host, X07_E_NOT_FOUND, error);
    }
    x07_status status = compile_source(&build, &source);
    compile_result_free(&build.compiled);
    text_free(&source);
    if (status != X07_OK)
        result_clear(table, result);
    return status;
}
