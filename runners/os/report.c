/* report.c: the runner report, x07-os-runner.report@0.3.0, members in the order of their bytes. */
#include "os.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

/* Everything a member may be written from. */
struct view {
    const char *mode;
    const char *world;
    const x07_compile_result *compile;
    const char *compiled_exe;
    const x07_spawn_result *process;
    const struct outcome *outcome;
    x07_splice *splices;
    uint32_t *splice_count;
};

/* One member: its name, and how its value is written. */
struct member {
    const char *name;
    void (*write)(x07_json *json, const struct view *view, const char *name);
    int flat_only; /* of a table that serves both the flat report and the solve object */
};

static void
write_members(x07_json *json, const struct view *view, const struct member *members, size_t count, int flat)
{
    x07_json_begin(json, '{');
    for (size_t i = 0; i < count; i++) {
        if (members[i].flat_only && !flat)
            continue;
        x07_json_name(json, members[i].name);
        members[i].write(json, view, members[i].name);
    }
    x07_json_end(json, '}');
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_value(x07_json *json, json_object *value);

static void
write_object(x07_json *json, json_object *object)
{
    int count = json_object_object_length(object);
    const char **names = malloc(sizeof *names * (size_t)(count + 1));
    int filled = 0;

    if (!names)
        abort();
    json_object_object_foreach(object, name, value)
    {
        (void)value;
        names[filled++] = name;
    }
    qsort(names, (size_t)filled, sizeof *names, compare_names);
    x07_json_begin(json, '{');
    for (int i = 0; i < filled; i++) {
        x07_json_name(json, names[i]);
        write_value(json, json_object_object_get(object, names[i]));
    }
    x07_json_end(json, '}');
    free(names);
}

/* A value of unknown shape, laid out anew with sorted keys. */
static void
write_value(x07_json *json, json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_object:
        write_object(json, value);
        break;
    case json_type_array:
        x07_json_begin(json, '[');
        for (size_t i = 0; i < json_object_array_length(value); i++)
            write_value(json, json_object_array_get_idx(value, i));
        x07_json_end(json, ']');
        break;
    case json_type_string:
        x07_json_string_n(json, json_object_get_string(value), (uint64_t)json_object_get_string_len(value));
        break;
    default: {
        const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
        x07_json_raw(json, text, strlen(text));
    }
    }
}

static void
write_if_type(x07_json *json, const struct view *view, const char *name, json_type type)
{
    json_object *value = NULL;

    if (view->outcome->stats)
        json_object_object_get_ex(view->outcome->stats, name, &value);
    if (json_object_is_type(value, type))
        write_value(json, value);
    else
        x07_json_null(json);
}

static void
stats_counter(x07_json *json, const struct view *view, const char *name)
{
    write_if_type(json, view, name, json_type_int);
}

static void
stats_object(x07_json *json, const struct view *view, const char *name)
{
    write_if_type(json, view, name, json_type_object);
}

static void
exit_code(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_int(json, report_exit_code(view->compile, view->outcome));
}

static void
mode(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->mode);
}

static void
schema_version(x07_json *json, const struct view *view, const char *name)
{
    (void)view;
    (void)name;
    x07_json_string(json, "x07-os-runner.report@0.3.0");
}

static void
world(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->world);
}

static void
solve_exit_status(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_int(json, view->outcome->exit_status);
}

static void
solve_ok(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_bool(json, view->outcome->ok);
}

/* An empty string here, and its bytes as a splice. */
static void
write_spliced(x07_json *json, const struct view *view, const uint8_t *data, uint64_t size)
{
    x07_json_string(json, "");
    if (size)
        view->splices[(*view->splice_count)++] = (x07_splice){
            .size = sizeof(x07_splice), .offset = json->len - 1, .data = data, .data_size = size};
}

static void
solve_output(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    write_spliced(json, view, view->outcome->output, view->outcome->output_size);
}

static void
solve_stderr(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->process->err_data, view->process->err_size);
}

static void
solve_stdout(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    write_spliced(json, view, view->process->out_data, view->process->out_size);
}

static void
solve_trap(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->outcome->trap);
}

static const struct member solve_members[] = {
    {"debug_stats", stats_object, 0},
    {"exit_code", exit_code, 1},
    {"exit_status", solve_exit_status, 0},
    {"fs_list_dir_calls", stats_counter, 0},
    {"fs_read_file_calls", stats_counter, 0},
    {"fuel_used", stats_counter, 0},
    {"heap_used", stats_counter, 0},
    {"kv_get_calls", stats_counter, 0},
    {"kv_set_calls", stats_counter, 0},
    {"mem_stats", stats_object, 0},
    {"mode", mode, 1},
    {"ok", solve_ok, 0},
    {"rr_append_calls", stats_counter, 0},
    {"rr_close_calls", stats_counter, 0},
    {"rr_next_calls", stats_counter, 0},
    {"rr_next_miss_calls", stats_counter, 0},
    {"rr_open_calls", stats_counter, 0},
    {"rr_stats_calls", stats_counter, 0},
    {"sched_stats", stats_object, 0},
    {"schema_version", schema_version, 1},
    {"solve_output_b64", solve_output, 0},
    {"stderr_b64", solve_stderr, 0},
    {"stdout_b64", solve_stdout, 0},
    {"trap", solve_trap, 0},
    {"world", world, 1},
};

enum { SOLVE_MEMBERS = sizeof solve_members / sizeof solve_members[0] };

static void
solve(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->outcome)
        write_members(json, view, solve_members, SOLVE_MEMBERS, 0);
    else
        x07_json_null(json);
}

static void
compile_c_source_size(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_uint(json, view->compile->c_source_size);
}

static void
compile_error(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->compile->error);
}

static void
compile_executable(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->compile->ok ? view->compiled_exe : NULL);
}

static void
compile_executable_size(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->compile->ok)
        x07_json_uint(json, view->compile->executable_size);
    else
        x07_json_null(json);
}

static void
compile_exit_status(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_int(json, view->compile->exit_status);
}

static void
compile_fuel_used(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->compile->has_fuel_used)
        x07_json_uint(json, view->compile->fuel_used);
    else
        x07_json_null(json);
}

static void
compile_lang_id(x07_json *json, const struct view *view, const char *name)
{
    (void)view;
    (void)name;
    x07_json_string(json, "x07-core@0.2.0");
}

static void
compile_native_requires(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    json_object *value = json_tokener_parse(view->compile->native_requires);
    write_value(json, value);
    json_object_put(value);
}

static void
compile_ok(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_bool(json, view->compile->ok != 0);
}

static void
compile_stderr(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->compile->err_data, view->compile->err_size);
}

static void
compile_stdout(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->compile->out_data, view->compile->out_size);
}

static void
compile_trap(x07_json *json, const struct view *view, const char *name)
{
    (void)view;
    (void)name;
    x07_json_null(json);
}

static const struct member compile_members[] = {
    {"c_source_size", compile_c_source_size, 0},
    {"compile_error", compile_error, 0},
    {"compiled_exe", compile_executable, 0},
    {"compiled_exe_size", compile_executable_size, 0},
    {"exit_status", compile_exit_status, 0},
    {"fuel_used", compile_fuel_used, 0},
    {"lang_id", compile_lang_id, 0},
    {"native_requires", compile_native_requires, 0},
    {"ok", compile_ok, 0},
    {"stderr_b64", compile_stderr, 0},
    {"stdout_b64", compile_stdout, 0},
    {"trap", compile_trap, 0},
};

static void
compile_object(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    write_members(json, view, compile_members, sizeof compile_members / sizeof compile_members[0], 0);
}

static const struct member phase_members[] = {
    {"compile", compile_object, 0},        {"exit_code", exit_code, 0}, {"mode", mode, 0},
    {"schema_version", schema_version, 0}, {"solve", solve, 0},         {"world", world, 0},
};

int
report_exit_code(const x07_compile_result *compile, const struct outcome *outcome)
{
    if (compile && !compile->ok)
        return 1;
    return outcome && !outcome->ok;
}

/* Room for everything at once, so that nothing is moved as it grows. */
static uint64_t
expected_size(const struct view *view)
{
    uint64_t bytes = 0;

    if (view->compile)
        bytes += view->compile->out_size + view->compile->err_size;
    if (view->process)
        bytes += view->process->err_size;
    return bytes / 3 * 4 + 16 * 1024;
}

uint32_t
report_write(x07_json *json, x07_splice *splices, const char *mode_name, const char *world_name,
             const x07_compile_result *compile, const char *compiled_exe, const x07_spawn_result *process,
             const struct outcome *outcome)
{
    uint32_t count = 0;
    struct view view = {mode_name, world_name, compile, compiled_exe, process, outcome, splices, &count};

    x07_json_reserve(json, expected_size(&view));
    if (compile)
        write_members(json, &view, phase_members, sizeof phase_members / sizeof phase_members[0], 0);
    else
        write_members(json, &view, solve_members, SOLVE_MEMBERS, 1);
    x07_json_line(json);
    return count;
}
