/* compile.c: the compiler as one call. */
#include "emit/compile.h"

#include "emit/emit.h"
#include "emit/requires.h"
#include "sema/analyse.h"
#include "sema/mono.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MAX_AST_NODES = 250000, DEFAULT_MAX_LOCALS = 20000, DEFAULT_MAX_C_BYTES = 33554432 };

/* A limit from the environment: a positive decimal integer, or else the default. */
static uint64_t
compile_limit(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    char *end;

    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return otherwise;
    unsigned long long value = strtoull(text, &end, 10);
    return value ? value : otherwise;
}

static void
compile_failed(struct compile_result *result, const char *kind, const char *message)
{
    result->error = arena_printf(result->arena, "%s: %s", kind, message);
}

static void
compile_emit(const struct compile_request *request, const struct program *program,
             struct compile_result *result)
{
    enum emit_form form = request->freestanding ? EMIT_FREESTANDING
                          : request->library    ? EMIT_LIBRARY
                                                : EMIT_EXECUTABLE;
    struct emit_options options = {.form = form,
                                   .fuel = request->fuel,
                                   .memory = request->memory,
                                   .check_borrows = request->debug_borrow_checks};
    uint64_t limit =
        request->max_c_bytes ? request->max_c_bytes : compile_limit("X07_MAX_C_BYTES", DEFAULT_MAX_C_BYTES);
    char message[200];
    bool used[HEAD_END] = {false};

    emit_program(program, &options, &result->c_source, used);
    requires_collect(used, program->world->kv, result);
    if (result->c_source.len <= limit) {
        result->ok = true;
        if (request->mono_map)
            mono_map_write(program, &result->mono_map);
        return;
    }
    snprintf(
        message, sizeof message,
        "C source too large: max_c_bytes=%llu got %zu (set X07_MAX_C_BYTES=<bytes> or pass --max-c-bytes "
        "<bytes>)",
        (unsigned long long)limit, result->c_source.len);
    text_free(&result->c_source);
    compile_failed(result, KIND_BUDGET, message);
}

static void
compile_with(const struct compile_request *request, struct ast_context *context, struct failure *failure,
             struct compile_result *result)
{
    struct program program = {
        .context = context,
        .failure = failure,
        .world = world_find(request->world),
        .allow_unsafe = request->allow_unsafe,
        .allow_ffi = request->allow_ffi,
        .limits = {compile_limit("X07_MAX_AST_NODES", DEFAULT_MAX_AST_NODES),
                   compile_limit("X07_MAX_LOCALS", DEFAULT_MAX_LOCALS)},
        .roots = request->module_roots,
        .root_count = request->module_root_count,
    };

    if (request->freestanding && strcmp(request->world, "solve-pure") != 0)
        compile_failed(result, KIND_UNSUPPORTED,
                       "freestanding profile currently supports only --world solve-pure");
    else if (!program.world)
        compile_failed(result, KIND_INTERNAL,
                       arena_printf(result->arena, "unknown world: %s", request->world));
    else if (!analyse_program(&program, request->source, request->source_len))
        compile_failed(result, failure->kind, text_string(&failure->message));
    else
        compile_emit(request, &program, result);
    if (program.unknown_module)
        result->unknown_module = program.unknown_module->text;
    result->fuel_used = program.parsed_nodes + program.simplified_nodes;
    analyse_free(&program);
}

void
compile_program(const struct compile_request *request, struct compile_result *result)
{
    struct ast_context context;
    struct failure failure = {0};

    *result = (struct compile_result){.arena = arena_new()};
    ast_context_init(&context, result->arena);
    compile_with(request, &context, &failure, result);
    failure_free(&failure);
    ast_context_free(&context);
}

void
compile_result_free(struct compile_result *result)
{
    text_free(&result->c_source);
    text_free(&result->mono_map);
    arena_free(result->arena);
    *result = (struct compile_result){0};
}
