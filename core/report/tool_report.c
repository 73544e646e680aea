/* tool_report.c: see tool_report.h. */
#include "report/tool_report.h"

#include "ast/json.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/lift.h"
#include "report/tool_files.h"

#include <stdlib.h>
#include <string.h>

/* A report on its way: what the command printed, as JSON where it is. */
struct writer {
    const struct tool_report *report;
    x07_json json;
    struct arena *arena;
    struct ast_json out, err;
    bool out_is_json, err_is_json;
    int exit_code;
    bool has_error;
};

static bool
is_text(const char *data, size_t len)
{
    return utf8_prefix(data, len) == len;
}

/* Paths and arguments may be no UTF-8. */
static void
write_lossy(x07_json *json, const char *data)
{
    struct text text = {0};

    utf8_append_lossy(&text, data, strlen(data));
    x07_json_string_n(json, text_string(&text), text.len);
    text_free(&text);
}

static void
write_string(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_raw(x07_json *json, const char *text)
{
    x07_json_raw(json, text, strlen(text));
}

static void
write_payload(x07_json *json, const char *data, size_t len)
{
    x07_json_begin(json, '{');
    if (!is_text(data, len)) {
        x07_json_name(json, "base64");
        x07_json_base64(json, (const uint8_t *)data, len);
    }
    x07_json_name(json, "bytes_len");
    x07_json_uint(json, len);
    if (is_text(data, len)) {
        x07_json_name(json, "text");
        x07_json_string_n(json, data, len);
    }
    x07_json_end(json, '}');
}

static bool
read_stream(struct arena *arena, const struct tool_stream *stream, struct ast_json *value)
{
    struct text ignored = {0};
    bool ok = stream->len && is_text(stream->data, stream->len) &&
              ast_json_read(arena, stream->data, stream->len, value, &ignored);

    text_free(&ignored);
    return ok;
}

/* ---- diagnostics ---- */

static void
write_diagnostic(struct writer *writer, const char *code, const char *stage, const char *message, size_t len,
                 const char *panic)
{
    x07_json *json = &writer->json;

    x07_json_begin(json, '{');
    write_string(json, "code", code);
    if (panic) {
        x07_json_name(json, "data");
        x07_json_begin(json, '{');
        x07_json_name(json, panic);
        x07_json_string_n(json, message, len);
        x07_json_end(json, '}');
        message = "internal tool failure";
        len = strlen(message);
    }
    x07_json_name(json, "message");
    x07_json_string_n(json, message, len);
    write_string(json, "severity", "error");
    write_string(json, "stage", stage);
    x07_json_end(json, '}');
    writer->has_error = true;
}

static void
write_argument_errors(struct writer *writer)
{
    const char *line = writer->report->argument_errors;

    while (*line) {
        size_t len = strcspn(line, "\n");
        write_diagnostic(writer, "X07-TOOL-ARGS-0001", "parse", line, len, NULL);
        line += len + (line[len] == '\n');
    }
}

/* The end of a command that said nothing of it in its diagnostics. */
static void
write_execution_error(struct writer *writer)
{
    const char *message = writer->report->err.data;
    size_t len = writer->report->err.len;
    struct text fallback = {0};

    if (is_text(message, len))
        utf8_trim(&message, &len);
    else
        len = 0;
    if (!len) {
        text_printf(&fallback, "wrapped command failed with exit code %d", writer->exit_code);
        message = fallback.data;
        len = fallback.len;
    }
    write_diagnostic(writer, LIFT_DEFAULT_CODE, "run", message, len, NULL);
    text_free(&fallback);
}

static void
write_failure(struct writer *writer)
{
    const char *message = writer->report->err.data;
    size_t len = writer->report->err.len;

    if (len && is_text(message, len)) {
        utf8_trim(&message, &len);
        write_diagnostic(writer, "X07-INTERNAL-0001", "run", message, len, "panic_stderr");
        return;
    }
    message = writer->report->failure;
    write_diagnostic(writer, "X07-INTERNAL-0001", "run", message, strlen(message), "panic");
}

static void
write_diagnostics(struct writer *writer)
{
    struct lifted lifted = {0};

    x07_json_begin(&writer->json, '[');
    if (writer->report->failure) {
        write_failure(writer);
    } else if (writer->report->argument_errors) {
        write_argument_errors(writer);
    } else {
        bool done =
            writer->out_is_json && lift_diagnostics(writer->arena, &writer->out, &writer->json, &lifted);
        if (!done && writer->err_is_json)
            lift_diagnostics(writer->arena, &writer->err, &writer->json, &lifted);
        writer->has_error = lifted.has_error;
        if (writer->exit_code && !writer->has_error)
            write_execution_error(writer);
    }
    x07_json_end(&writer->json, ']');
}

/* ---- meta and result ---- */

static void
write_tool(x07_json *json)
{
    x07_json_begin(json, '{');
    if (getenv("X07_GIT_SHA"))
        write_string(json, "git_sha", getenv("X07_GIT_SHA"));
    write_string(json, "name", "x07");
    if (getenv("X07_RUSTC_VERSION"))
        write_string(json, "rustc", getenv("X07_RUSTC_VERSION"));
    write_string(json, "version", X07_VERSION);
    x07_json_end(json, '}');
}

static void
write_files(struct writer *writer)
{
    struct tool_files inputs = {0}, outputs = {0};

    if (writer->report->out_path)
        tool_files_add(&outputs, writer->report->out_path, strlen(writer->report->out_path));
    if (writer->out_is_json)
        tool_files_of_document(&writer->out, &inputs, &outputs);
    if (writer->err_is_json)
        tool_files_of_document(&writer->err, &inputs, &outputs);
    x07_json_name(&writer->json, "inputs");
    tool_files_write(&inputs, &writer->json);
    x07_json_name(&writer->json, "nondeterminism");
    write_raw(&writer->json, "{\"uses_network\":false,\"uses_os_time\":false,\"uses_process\":false}");
    x07_json_name(&writer->json, "outputs");
    tool_files_write(&outputs, &writer->json);
    tool_files_free(&inputs);
    tool_files_free(&outputs);
}

static void
write_meta(struct writer *writer)
{
    x07_json *json = &writer->json;
    char *cwd = realpath(".", NULL);

    x07_json_begin(json, '{');
    x07_json_name(json, "argv");
    x07_json_begin(json, '[');
    for (const char *const *argument = writer->report->argv; *argument; argument++)
        write_lossy(json, *argument);
    x07_json_end(json, ']');
    x07_json_name(json, "cwd");
    write_lossy(json, cwd ? cwd : "");
    x07_json_name(json, "elapsed_ms");
    x07_json_uint(json, writer->report->elapsed_ms);
    write_files(writer);
    x07_json_name(json, "tool");
    write_tool(json);
    x07_json_end(json, '}');
    free(cwd);
}

static void
write_stream(struct writer *writer, const char *name, const struct tool_stream *stream,
             const struct ast_json *value)
{
    x07_json *json = &writer->json;

    x07_json_name(json, name);
    if (writer->report->argument_errors)
        write_raw(json, "{\"bytes_len\":0}");
    else
        write_payload(json, stream->data ? stream->data : "", stream->len);
    if (!value)
        return;
    struct ast_json sorted = ast_json_copy_sorted(writer->arena, value);
    struct text text = {0};
    struct text member = {0};
    text_printf(&member, "%s_json", name);
    ast_json_write(&sorted, &text);
    x07_json_name(json, member.data);
    x07_json_raw(json, text_string(&text), text.len);
    text_free(&text);
    text_free(&member);
}

static void
write_result(struct writer *writer)
{
    x07_json_begin(&writer->json, '{');
    write_stream(writer, "stderr", &writer->report->err, writer->err_is_json ? &writer->err : NULL);
    write_stream(writer, "stdout", &writer->report->out, writer->out_is_json ? &writer->out : NULL);
    x07_json_end(&writer->json, '}');
}

/* ---- the report ---- */

void
tool_report_id(const char *scope, struct text *out)
{
    text_printf(out, "x07.tool.%s.report@0.1.0", scope[0] ? scope : "root");
}

void
tool_report_command(const char *scope, struct text *out)
{
    text_printf(out, "x07%s%s", scope[0] ? "." : "", scope);
}

static int
exit_code_of(const struct tool_report *report)
{
    if (report->failure)
        return TOOL_EXIT_INTERNAL;
    if (report->argument_errors)
        return TOOL_EXIT_USAGE;
    return report->exit_code < 0 ? 0 : report->exit_code > UINT8_MAX ? UINT8_MAX : report->exit_code;
}

int
tool_report_write(const struct tool_report *report, struct text *out)
{
    struct writer writer = {.report = report, .arena = arena_new(), .exit_code = exit_code_of(report)};
    x07_json *json = &writer.json;
    struct text name = {0};

    writer.out_is_json = read_stream(writer.arena, &report->out, &writer.out);
    writer.err_is_json = read_stream(writer.arena, &report->err, &writer.err);
    x07_json_begin(json, '{');
    tool_report_command(report->scope, &name);
    write_string(json, "command", name.data);
    x07_json_name(json, "diagnostics");
    write_diagnostics(&writer);
    x07_json_name(json, "exit_code");
    x07_json_int(json, writer.exit_code);
    x07_json_name(json, "meta");
    write_meta(&writer);
    x07_json_name(json, "ok");
    x07_json_bool(json, writer.exit_code == 0 && !writer.has_error);
    x07_json_name(json, "result");
    write_result(&writer);
    text_clear(&name);
    tool_report_id(report->scope, &name);
    write_string(json, "schema_version", name.data);
    x07_json_end(json, '}');
    x07_json_line(json);
    json_out_take(json, out);
    text_free(&name);
    arena_free(writer.arena);
    return writer.exit_code;
}

void
tool_event_write(const char *scope, const char *event, const char *data, uint64_t elapsed_ms,
                 uint64_t sequence, struct text *out)
{
    x07_json json = {0};
    struct text command = {0};

    tool_report_command(scope, &command);
    x07_json_begin(&json, '{');
    write_string(&json, "command", command.data);
    x07_json_name(&json, "data");
    write_raw(&json, data);
    x07_json_name(&json, "elapsed_ms");
    x07_json_uint(&json, elapsed_ms);
    write_string(&json, "event", event);
    write_string(&json, "schema_version", TOOL_EVENTS_ID);
    x07_json_name(&json, "seq");
    x07_json_uint(&json, sequence);
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
    text_free(&command);
}

void
tool_event_chunk(const char *data, size_t len, struct text *out)
{
    x07_json json = {0};

    write_payload(&json, data, len);
    json_out_take(&json, out);
}
