/* run.c: one run, from the request to the report. Knows no world. */
#include "run.h"

#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_OUTPUT_BYTES = 1048576, STDERR_CAP = 256 * 1024, FRAME_PREFIX = 4 };

#define MAX_CPU_SECONDS (UINT64_MAX / 1000 - 1)

/* One run on its way. */
struct run {
    const struct runner_kind *kind;
    const x07_host *host;
    const x07_run_request *request;
    x07_compile_result compile;
    x07_spawn_result process;
    struct outcome outcome;
    uint64_t output_bytes;
    int was_run;
    char *failure; /* "vm backend failure: ...", or NULL */
    char *backend_id;
    char *boundary;
};

static x07_status
compile(struct run *run)
{
    const x07_run_request *request = run->request;
    x07_compile_request compile_request = {
        .size = sizeof compile_request,
        .program_path = request->program_path,
        .source = request->source,
        .source_size = request->source_size,
        .module_roots = request->module_roots,
        .world = request->world,
        .cc_profile = request->cc_profile,
        .native_compiler = request->native_compiler,
        .compiled_out = request->compiled_out,
        .native_arguments = request->native_arguments,
        .fuel = request->fuel,
        .memory_bytes = request->memory_bytes,
        .max_c_bytes = request->max_c_bytes,
        .flags = run->kind->compile_flags,
    };

    if (request->flags & X07_RUN_DEBUG_BORROWS)
        compile_request.flags |= X07_COMPILE_DEBUG_BORROWS;
    if (request->flags & X07_RUN_NO_CACHE)
        compile_request.flags |= X07_COMPILE_NO_CACHE;
    if (request->flags & X07_RUN_AUTO_FFI)
        compile_request.flags |= X07_COMPILE_AUTO_FFI;
    if (request->flags & X07_RUN_ALLOW_UNSAFE)
        compile_request.flags |= X07_COMPILE_ALLOW_UNSAFE;
    if (request->flags & X07_RUN_ALLOW_FFI)
        compile_request.flags |= X07_COMPILE_ALLOW_FFI;
    return run->host->compile(run->host, &compile_request, &run->compile);
}

static void
fill_limits(struct run *run, x07_limits *limits)
{
    const x07_run_request *request = run->request;
    uint64_t cpu = request->flags & X07_RUN_CPU_SECONDS ? request->cpu_seconds : run->kind->cpu_seconds;

    if (cpu > MAX_CPU_SECONDS)
        cpu = MAX_CPU_SECONDS;
    run->output_bytes = request->flags & X07_RUN_OUTPUT_BYTES ? request->output_bytes : DEFAULT_OUTPUT_BYTES;
    *limits = (x07_limits){
        .size = sizeof *limits,
        .set = X07_LIMIT_CPU_SECONDS | X07_LIMIT_CORE_SIZE | X07_LIMIT_WALL_MS | X07_LIMIT_OUT_BYTES |
               X07_LIMIT_ERR_BYTES,
        .cpu_seconds = cpu,
        .wall_ms = (cpu + 1) * 1000,
        /* One byte more than fits, so that "too large" can be told from "exactly full". */
        .out_bytes = run->output_bytes < UINT32_MAX ? FRAME_PREFIX + run->output_bytes + 1 : UINT64_MAX,
        .err_bytes = STDERR_CAP,
    };
}

static void
fill_job(struct run *run, const char *executable, struct runner_job *job)
{
    const x07_run_request *request = run->request;

    *job = (struct runner_job){.input = {.kind = X07_INPUT_EMPTY}};
    if (request->input)
        job->input = *request->input;
    job->input.size = sizeof job->input;
    job->input.framed = 1;
    fill_limits(run, &job->limits);
    job->spawn = (x07_spawn){
        .size = sizeof job->spawn,
        .path = executable,
        .directory = request->working_directory,
        .input = &job->input,
        .limits = &job->limits,
    };
    job->job = (x07_job){
        .size = sizeof job->job,
        .accept_weaker = (request->flags & X07_RUN_ACCEPT_WEAKER) != 0,
        .process = &job->spawn,
        .world = request->world,
        .profile = request->profile,
        .policy = request->policy,
        .policy_size = request->policy_size,
        .policy_path = request->policy_path,
    };
}

static x07_status
execute(struct run *run, const char *executable)
{
    const x07_host *host = run->host;
    struct runner_job job;
    x07_job_result result = {.size = sizeof result, .process = &run->process};

    fill_job(run, executable, &job);
    x07_status status = run->kind->prepare(host, run->request, &job);
    if (status == X07_OK)
        status = host->sandbox_run(host, run->request->sandbox_backend, &job.job, &result, &run->backend_id);
    host->release(host, job.directory);
    host->release(host, job.environment);
    run->boundary = result.boundary;
    if (status != X07_OK)
        return status;
    run->was_run = 1;
    outcome_derive(host, &run->process, run->output_bytes, run->kind->timeout_trap, &run->outcome);
    return X07_OK;
}

static x07_status
execute_artifact(struct run *run)
{
    char *path = realpath(run->request->target_path, NULL);

    if (!path) {
        char message[8192];
        snprintf(message, sizeof message, "canonicalize artifact path: %.4000s: %s (os error %d)",
                 run->request->target_path, strerror(errno), errno);
        return run->host->fail(run->host, X07_E_IO, "E_ARTIFACT_PATH", message);
    }
    x07_status status = execute(run, path);
    free(path);
    return status;
}

static void
free_compile(const x07_host *host, x07_compile_result *compile)
{
    void *parts[] = {compile->error,
                     compile->executable,
                     compile->native_requires,
                     compile->native_compiler,
                     compile->out_data,
                     compile->err_data,
                     compile->facts};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        host->release(host, parts[i]);
}

/* The three texts in a row, from host->alloc. */
static char *
join(const x07_host *host, const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = host->alloc(host, size);

    snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

/* A boundary that could not be had becomes the answer: nothing ran, and the report says why. */
static x07_status
report_failure(struct run *run, x07_status status)
{
    const x07_host *host = run->host;
    const x07_run_request *request = run->request;
    const char *message = X07_HAS(host, x07_host, failure) ? host->failure(host) : "";

    if (status == X07_E_ARGUMENT || status == X07_E_CANCELLED || !message[0])
        return status;
    host->log(host, X07_LOG_ERROR, message);
    run->failure = join(host, request->sandbox_backend ? request->sandbox_backend : "sandbox",
                        " backend failure: ", message);
    free_compile(host, &run->compile);
    run->compile = (x07_compile_result){
        .size = sizeof run->compile,
        .exit_status = 1,
        .native_requires =
            join(host, "{\"requires\":[],\"schema_version\":\"x07.native-requires@0.1.0\",\"world\":\"",
                 request->world, "\"}"),
        .err_data = (uint8_t *)join(host, message, "", ""),
        .err_size = strlen(message),
    };
    return X07_OK;
}

static x07_status
execute_program(struct run *run)
{
    x07_status status = compile(run);

    if (status != X07_OK || !run->compile.ok || run->request->flags & X07_RUN_COMPILE_ONLY)
        return status;
    status = execute(run, run->compile.executable);
    return status == X07_OK ? status : report_failure(run, status);
}

static const char *
mode_name(const struct run *run)
{
    static const char *const program[] = {"compile-run", "compile"};
    static const char *const project[] = {"project-compile-run", "project-compile"};
    int compile_only = (run->request->flags & X07_RUN_COMPILE_ONLY) != 0;

    switch (run->request->target_kind) {
    case X07_TARGET_ARTIFACT:
        return run->kind->artifact_mode;
    case X07_TARGET_PROJECT:
        return project[compile_only];
    default:
        return program[compile_only];
    }
}

/* JSON text that may be missing. */
static void
member_raw(x07_json *json, const char *name, const char *text)
{
    x07_json_name(json, name);
    x07_json_raw(json, text ? text : "null", text ? strlen(text) : 4);
}

static void
member_string(x07_json *json, const char *name, const char *text)
{
    x07_json_name(json, name);
    x07_json_string(json, text);
}

static void
member_uint(x07_json *json, const char *name, uint64_t value)
{
    x07_json_name(json, name);
    x07_json_uint(json, value);
}

static void
describe_usage(x07_json *json, const struct run *run)
{
    x07_json_name(json, "usage");
    if (!run->was_run) {
        x07_json_null(json);
        return;
    }
    x07_json_begin(json, '{');
    member_uint(json, "peak_memory_bytes", run->process.peak_memory);
    member_uint(json, "system_us", run->process.system_us);
    member_uint(json, "user_us", run->process.user_us);
    member_uint(json, "wall_us", run->process.wall_us);
    x07_json_end(json, '}');
}

/* What the full report adds. */
static char *
describe(const struct run *run)
{
    x07_json json = {.host = run->host};

    x07_json_begin(&json, '{');
    member_raw(&json, "compile", run->compile.facts);
    x07_json_name(&json, "sandbox");
    x07_json_begin(&json, '{');
    member_string(&json, "backend", run->request->sandbox_backend);
    member_string(&json, "backend_id", run->backend_id);
    member_raw(&json, "boundary", run->boundary);
    x07_json_end(&json, '}');
    describe_usage(&json, run);
    x07_json_end(&json, '}');
    return json.data;
}

static void
write_result(struct run *run, x07_run_result *result)
{
    x07_json json = {.host = run->host, .pretty = 1};
    const x07_run_request *request = run->request;
    const x07_compile_result *compiled = request->target_kind == X07_TARGET_ARTIFACT ? NULL : &run->compile;
    const struct outcome *outcome = run->was_run ? &run->outcome : NULL;
    struct report report = {
        .schema_version = run->kind->report_schema,
        .mode = mode_name(run),
        .world = run->kind->report_names_world ? request->world : NULL,
        .compile = compiled,
        .compiled_exe = request->compiled_out ? request->compiled_out : run->compile.executable,
        .process = &run->process,
        .outcome = outcome,
        .failure = run->failure,
    };

    result->splices = run->host->alloc(run->host, sizeof(x07_splice) * REPORT_SPLICES);
    result->splice_count = report_write(&report, &json, result->splices);
    /* The splices show parts of these bytes. */
    result->out_data = run->process.out_data;
    result->out_size = run->process.out_size;
    run->process.out_data = NULL;
    result->report = json.data;
    result->report_size = json.len;
    result->exit_code = report_exit_code(compiled, outcome);
    result->facts = describe(run);
}

static void
run_free(struct run *run)
{
    const x07_host *host = run->host;
    void *parts[] = {run->process.out_data, run->process.err_data, run->failure, run->backend_id,
                     run->boundary};

    free_compile(host, &run->compile);
    outcome_free(host, &run->outcome);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        host->release(host, parts[i]);
}

x07_status
runner_run(const struct runner_kind *kind, const x07_host *host, const x07_run_request *request,
           x07_run_result *result)
{
    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_run_request, native_arguments)) ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_run_result, splice_count)))
        return X07_E_ARGUMENT;
    int is_artifact = request->target_kind == X07_TARGET_ARTIFACT;
    if (!request->world || !request->target_path || (!is_artifact && !request->program_path))
        return X07_E_ARGUMENT;
    struct run run = {.kind = kind, .host = host, .request = request};
    x07_status status = kind->check(host, request);

    if (status != X07_OK)
        return status;
    run.compile.size = sizeof run.compile;
    run.process.size = sizeof run.process;
    status = is_artifact ? execute_artifact(&run) : execute_program(&run);
    if (status == X07_OK)
        write_result(&run, result);
    run_free(&run);
    return status;
}
