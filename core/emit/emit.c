/* emit.c: functions and the translation unit around them. */
#include "emit/emit.h"

#include "emit/emitter.h"

#include <stdlib.h>

static bool
function_has_loop(const struct node *node)
{
    if (node->kind == NODE_FOR)
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (function_has_loop(node->kids[i]))
            return true;
    return false;
}

static const char *
function_name(struct emitter *emitter, const struct body *body)
{
    return body->func ? emit_function_name(emitter, body->func) : "solve";
}

static void
function_signature(struct emitter *emitter, const struct body *body, struct text *out)
{
    /* inline: the functions of the library are small and called in loops */
    text_printf(out, "static inline %s %s(x07_rt *rt", type_c_name(body->result.type),
                function_name(emitter, body));
    for (uint32_t i = 0; i < body->param_count; i++)
        text_printf(out, ", %s %s", type_c_name(body->params[i]->type.type),
                    emit_local_name(emitter, body->params[i]));
    text_puts(out, ")");
}

static void
function_drop_params(struct emitter *emitter, const struct body *body, struct text *out)
{
    for (uint32_t i = 0; i < body->param_count; i++) {
        enum type type = body->params[i]->type.type;

        if (type_is_owned(type))
            text_printf(out, "x07_drop_%s(rt, %s);\n", type_owned_suffix(type),
                        emit_local_name(emitter, body->params[i]));
    }
}

/* The code of the body into `code`, with markers. */
static void
function_code(struct emitter *emitter, const struct body *body, struct text *code)
{
    struct emit_scope outside = {0};
    struct emit_scope scope;

    emitter->scope = &outside;
    emit_open_scope(emitter, &scope);
    emitter->region = emit_new_region(emitter);
    struct value value = emit_value(emitter, body->tree);
    if (value.level != VALUE_NONE) {
        emit_line(emitter, "ret = %s;", value.text);
        emit_resets(emitter, &value, 1, NULL);
    }
    emit_close_scope(emitter, &scope, emit_marker(emitter, 0, CHARGE_CHECKED));
    text_append(code, text_string(&outside.code), outside.code.len);
    text_free(&outside.code);
    text_free(&outside.declarations);
    emitter->scope = NULL;
}

/* The end of a task that was canceled. */
static void
function_gone(struct emitter *emitter, const struct body *body, struct text *out)
{
    text_puts(out, "gone:\n");
    if (emitter->local_fuel)
        text_puts(out, "rt->fuel = fuel;\n");
    text_printf(out, "x07_drop_%s(rt, ret);\n", type_owned_suffix(body->result.type));
    function_drop_params(emitter, body, out);
    text_printf(out, "return %s;\n", emit_empty(body->result.type));
}

static void
emit_function(struct emitter *emitter, struct body *body, struct text *out)
{
    struct text code = {0};
    struct text entry = {0};
    struct text leave = {0};

    emitter->body = body;
    emitter->region_count = 0;
    emitter->next_temporary = 0;
    emitter->done_used = false;
    emitter->gone_used = false;
    emitter->async = body->func && body->func->ast->kind == AST_DEFASYNC;
    emitter->input_used = false;
    emitter->fuel_in_calls = false;
    emitter->local_fuel = function_has_loop(body->tree);
    emitter->fuel = emitter->local_fuel ? "fuel" : "rt->fuel";
    function_code(emitter, body, &code);
    emit_settle_terms(emitter);
    emit_contracts(emitter, CONTRACT_ENTRY, &entry);
    emit_contracts(emitter, CONTRACT_EXIT, &leave);
    text_putc(out, '\n');
    function_signature(emitter, body, out);
    text_printf(out, "\n{\n%s ret", type_c_name(body->result.type));
    if (emitter->async)
        text_printf(out, " = %s", emit_empty(body->result.type));
    text_puts(out, ";\n");
    if (emitter->input_used)
        text_puts(out, "x07_view input = rt->input;\n");
    text_append(out, text_string(&entry), entry.len);
    if (emitter->local_fuel)
        text_puts(out, "int64_t fuel = rt->fuel;\n");
    emit_resolve_markers(emitter, text_string(&code), code.len, out);
    text_free(&code);
    if (emitter->done_used)
        text_puts(out, "done:\n");
    if (emitter->local_fuel)
        text_puts(out, "rt->fuel = fuel;\n");
    text_append(out, text_string(&leave), leave.len);
    text_free(&entry);
    text_free(&leave);
    function_drop_params(emitter, body, out);
    text_puts(out, "return ret;\n");
    if (emitter->gone_used)
        function_gone(emitter, body, out);
    text_puts(out, "}\n");
}

static void
emit_prologue(const struct emitter *emitter, struct text *out)
{
    static const struct {
        unsigned flag;
        const char *header;
    } headers[] = {
        {HEAD_FLAG_MAP, "x07rt_map.h"},        {HEAD_FLAG_VALUE, "x07rt_value.h"},
        {HEAD_FLAG_IO, "x07rt_io.h"},          {HEAD_FLAG_RAW, "x07rt_pointer.h"},
        {HEAD_FLAG_MATH, "x07rt_math.h"},      {HEAD_FLAG_TIME, "x07rt_time.h"},
        {HEAD_FLAG_REGEX, "x07rt_regex.h"},    {HEAD_FLAG_SCHEMA, "x07rt_jsonschema.h"},
        {HEAD_FLAGS_WORLD, "x07rt_os.h"},      {HEAD_FLAG_ASYNC, "x07rt_async.h"},
        {HEADER_CONTRACT, "x07rt_contract.h"},
    };

    text_puts(out, "#include \"x07rt.h\"\n");
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (emitter->headers & headers[i].flag)
            text_printf(out, "#include \"%s\"\n", headers[i].header);
    if (emitter->check_borrows)
        text_puts(out, "#include \"x07rt_debug.h\"\n");
    text_putc(out, '\n');
}

/* A store is read whether or not it is asked for anything. */
const char *
emit_start(const struct program *program)
{
    return program->world->kv ? ", .start = x07_kv_start" : "";
}

bool
emit_is_emitted(const struct func *func)
{
    return func->reachable && func->body;
}

static void
emit_prototypes(struct emitter *emitter, struct text *out)
{
    const struct program *program = emitter->program;

    for (size_t i = 0; i < program->func_count; i++) {
        if (!emit_is_emitted(program->funcs[i]))
            continue;
        function_signature(emitter, program->funcs[i]->body, out);
        text_puts(out, ";\n");
    }
}

/* All functions, in the order of their numbers whatever the order in which they are made. */
static void
emit_functions(struct emitter *emitter, uint32_t numbers, struct text *out)
{
    struct func **funcs;
    size_t count = emit_order(emitter->arena, emitter->program, &funcs);
    struct text *texts = ARENA_ARRAY(emitter->arena, struct text, numbers + 1);

    emitter->terms = ARENA_ARRAY(emitter->arena, struct call_terms, numbers + 1);
    for (size_t i = 0; i < count; i++)
        emit_function(emitter, funcs[i]->body, &texts[funcs[i]->number]);
    emit_function(emitter, emitter->program->solve, &texts[numbers]);
    for (uint32_t i = 0; i <= numbers; i++) {
        text_append(out, text_string(&texts[i]), texts[i].len);
        text_free(&texts[i]);
    }
}

void
emit_program(const struct program *program, const struct emit_options *options, struct text *out, bool *used)
{
    struct emitter emitter = {.program = program,
                              .arena = program->context->arena,
                              .used = used,
                              .check_borrows = options->check_borrows && options->form == EMIT_EXECUTABLE,
                              .tasks = program_has_tasks(program)};
    struct text functions = {0};
    uint32_t number = 0;

    for (size_t i = 0; i < program->func_count; i++)
        if (emit_is_emitted(program->funcs[i]) ||
            (program->funcs[i]->reachable && program->funcs[i]->ast->kind == AST_EXTERN))
            program->funcs[i]->number = number++;
    emit_functions(&emitter, number, &functions);
    if (program->world->kv)
        emitter.headers |= HEAD_FLAG_KV;
    emit_library_prologue(options, out);
    emit_prologue(&emitter, out);
    emit_extern_prototypes(&emitter, out);
    emit_prototypes(&emitter, out);
    emit_task_entries(&emitter, out);
    emit_layout(text_string(&functions), functions.len, out);
    text_free(&functions);
    free(emitter.regions);
    if (options->form != EMIT_EXECUTABLE) {
        emit_library_entry(program, options, out);
        return;
    }
    uint64_t fuel = options->fuel > INT64_MAX ? INT64_MAX : options->fuel;
    text_printf(
        out,
        "\nint main(void)\n{\n\tstatic const x07_program program = {.solve = solve, .fuel = INT64_C(%llu), "
        ".memory = UINT64_C(%llu)%s%s};\n\n\treturn x07_main(&program);\n}\n",
        (unsigned long long)fuel, (unsigned long long)options->memory, emit_start(program),
        options->check_borrows ? ", .check_borrows = 1" : "");
}
