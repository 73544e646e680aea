/* compile.c: the compile service: document to C by the compiler, C to an executable by a native plugin or
 * from the native cache. Knows neither the language nor the native compiler. */
#include "emit/compile.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "host/internal.h"
#include "host/natives.h"
#include "package/catalog.h"
#include "registry/registry.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Changes when the layout of cache keys or of what is linked changes. */
#define CACHE_EPOCH "x07-native-1"

/* One compilation on its way. */
struct build {
    struct host *host;
    const x07_compile_request *request;
    x07_compile_result *result;
    const struct host_toolchain *toolchain;
    struct registry_service_handle native;
    struct compile_result compiled;
    const char *const *libraries; /* what the executable links; ends with NULL */
    char key[SHA256_HEX];
};

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

static void
digest_text(struct sha256 *digest, const char *text)
{
    sha256_field(digest, text ? text : "", text ? strlen(text) : 0);
}

/* Size and time of a file stand for its contents: they change whenever the toolchain is rebuilt or upgraded.
 */
static void
digest_file_state(struct sha256 *digest, const char *path)
{
    struct stat status;
    int64_t state[3] = {0};

    if (stat(path, &status) == 0) {
        state[0] = (int64_t)status.st_size;
        state[1] = (int64_t)status.st_mtim.tv_sec;
        state[2] = (int64_t)status.st_mtim.tv_nsec;
    }
    digest_text(digest, path);
    sha256_field(digest, state, sizeof state);
}

/* The runtime's headers carry code too. */
static void
digest_headers(struct sha256 *digest, const char *dir)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            char *path = file_join(dir, entries[i]->d_name);
            digest_file_state(digest, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
}

static void
digest_list(struct sha256 *digest, const char *const *list)
{
    for (; list && *list; list++) {
        digest_text(digest, *list);
        /* An argument may name a file, whose contents then count. */
        if (file_is_regular(*list))
            digest_file_state(digest, *list);
    }
    digest_text(digest, "end");
}

/* Everything that decides what the executable does. */
static void
make_key(struct build *build, const char *identity)
{
    const x07_compile_request *request = build->request;
    struct sha256 digest;

    sha256_init(&digest);
    digest_text(&digest, CACHE_EPOCH);
    sha256_field(&digest, build->compiled.c_source.data, build->compiled.c_source.len);
    digest_text(&digest, build->native.id);
    digest_text(&digest, build->native.version);
    digest_file_state(&digest, build->native.path);
    digest_text(&digest, identity);
    digest_text(&digest, request->cc_profile);
    digest_text(&digest, request->world);
    digest_list(&digest, request->native_arguments);
    digest_list(&digest, build->libraries);
    digest_headers(&digest, build->toolchain->include_dir);
    sha256_final_hex(&digest, build->key);
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
    static const char *const none[] = {NULL};
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
        .arguments = request->native_arguments ? request->native_arguments : none,
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

static x07_status
build_missing(struct build *build)
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
    find_libraries(build);
    if (!build->libraries)
        return X07_OK;
    host_clear_failure(host);
    const char *profile = build->request->cc_profile ? build->request->cc_profile : "default";
    x07_status status = native_of(build)->identity(&host->table, profile, &identity);
    if (status != X07_OK)
        return native_call_failed(build, status);
    make_key(build, identity);
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
        status = build_missing(build);
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
