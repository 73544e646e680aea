/* report.c: the runner report, members in the order of their bytes. */
#include "report.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

/* Everything a member may be written from. */
struct view {
    struct report report;
    x07_splice *splices;
    uint32_t *splice_count;
};

/* One member: its name, and how its value is written. */
struct member {
    const char *name;
    void (*write)(x07_json *json, const struct view *view, const char *name);
    enum {
        ALWAYS,
        FLAT_ONLY,
        WITH_WORLD,
        FLAT_WITH_WORLD
    } when; /* a table serves flat report and solve object */
};

static void
write_members(x07_json *json, const struct view *view, const struct member *members, size_t count, int flat)
{
    x07_json_begin(json, '{');
    for (size_t i = 0; i < count; i++) {
        if ((members[i].when & FLAT_ONLY && !flat) || (members[i].when & WITH_WORLD && !view->report.world))
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

    if (view->report.outcome->stats)
        json_object_object_get_ex(view->report.outcome->stats, name, &value);
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
    x07_json_int(json, report_exit_code(view->report.compile, view->report.outcome));
}

static void
mode(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.mode);
}

static void
schema_version(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.schema_version);
}

static void
world(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.world);
}

static void
solve_exit_status(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_int(json, view->report.outcome->exit_status);
}

static void
solve_ok(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_bool(json, view->report.outcome->ok);
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
    write_spliced(json, view, view->report.outcome->output, view->report.outcome->output_size);
}

static void
solve_stderr(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->report.process->err_data, view->report.process->err_size);
}

static void
solve_stdout(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    write_spliced(json, view, view->report.process->out_data, view->report.process->out_size);
}

static void
solve_trap(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.outcome->trap);
}

static const struct member solve_members[] = {
    {"debug_stats", stats_object, ALWAYS},
    {"exit_code", exit_code, FLAT_ONLY},
    {"exit_status", solve_exit_status, ALWAYS},
    {"fs_list_dir_calls", stats_counter, ALWAYS},
    {"fs_read_file_calls", stats_counter, ALWAYS},
    {"fuel_used", stats_counter, ALWAYS},
    {"heap_used", stats_counter, ALWAYS},
    {"kv_get_calls", stats_counter, ALWAYS},
    {"kv_set_calls", stats_counter, ALWAYS},
    {"mem_stats", stats_object, ALWAYS},
    {"mode", mode, FLAT_ONLY},
    {"ok", solve_ok, ALWAYS},
    {"rr_append_calls", stats_counter, ALWAYS},
    {"rr_close_calls", stats_counter, ALWAYS},
    {"rr_next_calls", stats_counter, ALWAYS},
    {"rr_next_miss_calls", stats_counter, ALWAYS},
    {"rr_open_calls", stats_counter, ALWAYS},
    {"rr_stats_calls", stats_counter, ALWAYS},
    {"sched_stats", stats_object, ALWAYS},
    {"schema_version", schema_version, FLAT_ONLY},
    {"solve_output_b64", solve_output, ALWAYS},
    {"stderr_b64", solve_stderr, ALWAYS},
    {"stdout_b64", solve_stdout, ALWAYS},
    {"trap", solve_trap, ALWAYS},
    {"world", world, FLAT_WITH_WORLD},
};

enum { SOLVE_MEMBERS = sizeof solve_members / sizeof solve_members[0] };

static void
solve(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->report.outcome)
        write_members(json, view, solve_members, SOLVE_MEMBERS, 0);
    else
        x07_json_null(json);
}

static void
compile_c_source_size(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_uint(json, view->report.compile->c_source_size);
}

static void
compile_error(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.compile->error);
}

static void
compile_executable(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.compile->ok ? view->report.compiled_exe : NULL);
}

static void
compile_executable_size(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->report.compile->ok)
        x07_json_uint(json, view->report.compile->executable_size);
    else
        x07_json_null(json);
}

static void
compile_exit_status(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_int(json, view->report.compile->exit_status);
}

static void
compile_fuel_used(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    if (view->report.compile->has_fuel_used)
        x07_json_uint(json, view->report.compile->fuel_used);
    else
        x07_json_null(json);
}

static void
compile_lang_id(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.failure ? "" : "x07-core@0.2.0");
}

static void
compile_native_requires(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    json_object *value = json_tokener_parse(view->report.compile->native_requires);
    write_value(json, value);
    json_object_put(value);
}

static void
compile_ok(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_bool(json, view->report.compile->ok != 0);
}

static void
compile_stderr(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->report.compile->err_data, view->report.compile->err_size);
}

static void
compile_stdout(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_base64(json, view->report.compile->out_data, view->report.compile->out_size);
}

static void
compile_trap(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    x07_json_string(json, view->report.failure);
}

static const struct member compile_members[] = {
    {"c_source_size", compile_c_source_size, ALWAYS},
    {"compile_error", compile_error, ALWAYS},
    {"compiled_exe", compile_executable, ALWAYS},
    {"compiled_exe_size", compile_executable_size, ALWAYS},
    {"exit_status", compile_exit_status, ALWAYS},
    {"fuel_used", compile_fuel_used, ALWAYS},
    {"lang_id", compile_lang_id, ALWAYS},
    {"native_requires", compile_native_requires, ALWAYS},
    {"ok", compile_ok, ALWAYS},
    {"stderr_b64", compile_stderr, ALWAYS},
    {"stdout_b64", compile_stdout, ALWAYS},
    {"trap", compile_trap, ALWAYS},
};

static void
compile_object(x07_json *json, const struct view *view, const char *name)
{
    (void)name;
    write_members(json, view, compile_members, sizeof compile_members / sizeof compile_members[0], 0);
}

static const struct member phase_members[] = {
    {"compile", compile_object, ALWAYS},
    {"exit_code", exit_code, ALWAYS},
    {"mode", mode, ALWAYS},
    {"schema_version", schema_version, ALWAYS},
    {"solve", solve, ALWAYS},
    {"world", world, WITH_WORLD},
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

    if (view->report.compile)
        bytes += view->report.compile->out_size + view->report.compile->err_size;
    if (view->report.process)
        bytes += view->report.process->err_size;
    return bytes / 3 * 4 + 16 * 1024;
}

uint32_t
report_write(const struct report *report, x07_json *json, x07_splice *splices)
{
    uint32_t count = 0;
    struct view view = {*report, splices, &count};

    x07_json_reserve(json, expected_size(&view));
    if (report->compile)
        write_members(json, &view, phase_members, sizeof phase_members / sizeof phase_members[0], 0);
    else
        write_members(json, &view, solve_members, SOLVE_MEMBERS, 1);
    x07_json_line(json);
    return count;
}
