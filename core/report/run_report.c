/* run_report.c: see run_report.h. */
#include "report/run_report.h"

#include "base/file.h"
#include "base/json_out.h"

#include <string.h>

static void
write_target(x07_json *json, const struct run_report *report)
{
    x07_json_name(json, "target");
    x07_json_begin(json, '{');
    x07_json_name(json, "kind");
    x07_json_string(json, report->target_kind);
    x07_json_name(json, "path");
    x07_json_string(json, report->target_path);
    x07_json_name(json, "project_root");
    x07_json_string(json, report->project_root);
    x07_json_name(json, "lockfile");
    x07_json_string(json, report->lockfile);
    x07_json_name(json, "resolved_module_roots");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < report->module_root_count; i++)
        x07_json_string(json, report->module_roots[i]);
    x07_json_end(json, ']');
    x07_json_end(json, '}');
}

static void
write_member(x07_json *json, const char *name, const char *value)
{
    if (!value)
        return;
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_passes(x07_json *json, const struct repair_summary *repair)
{
    x07_json_name(json, "passes");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < repair->pass_count; i++) {
        x07_json_begin(json, '{');
        write_member(json, "id", repair->passes[i].id);
        x07_json_name(json, "rank");
        x07_json_uint(json, repair->passes[i].rank);
        x07_json_name(json, "applied_ops_count");
        x07_json_uint(json, repair->passes[i].applied_ops);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    x07_json_name(json, "findings");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < repair->finding_count; i++) {
        const struct repair_finding *finding = &repair->findings[i];
        x07_json_begin(json, '{');
        write_member(json, "pass", finding->pass);
        write_member(json, "code", finding->code);
        write_member(json, "severity", finding->severity);
        write_member(json, "message", finding->message);
        write_member(json, "ptr", finding->pointer);
        if (finding->data) {
            x07_json_name(json, "data");
            x07_json_raw(json, finding->data, strlen(finding->data));
        }
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

static void
write_repair(x07_json *json, const struct repair_summary *repair, bool full)
{
    if (!repair->mode)
        return;
    x07_json_name(json, "repair");
    x07_json_begin(json, '{');
    x07_json_name(json, "mode");
    x07_json_string(json, repair->mode);
    x07_json_name(json, "iterations");
    x07_json_uint(json, repair->iterations);
    x07_json_name(json, "applied_ops_count");
    x07_json_uint(json, repair->applied_ops);
    x07_json_name(json, "last_lint_ok");
    x07_json_bool(json, repair->lint_ok);
    if (full)
        write_passes(json, repair);
    x07_json_end(json, '}');
}

/* What only the full report has, after the runner's report. */
static void
write_toolchain(x07_json *json, const struct run_report *report)
{
    x07_json_name(json, "plugins");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < report->plugin_count; i++)
        x07_json_string(json, report->plugins[i]);
    x07_json_end(json, ']');
    x07_json_name(json, "runner_id");
    x07_json_string(json, report->runner_id);
    x07_json_name(json, "facts");
    x07_json_raw(json, report->facts ? report->facts : "null", report->facts ? strlen(report->facts) : 4);
}

void
run_report_head(const struct run_report *report, bool full, struct text *out)
{
    x07_json json = {.pretty = 1};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "schema_version");
    x07_json_string(&json, full ? "x07.run.report@0.2.0" : "x07.run.report@0.1.0");
    x07_json_name(&json, "runner");
    x07_json_string(&json, report->runner);
    x07_json_name(&json, "world");
    x07_json_string(&json, report->world);
    write_target(&json, report);
    write_repair(&json, &report->repair, full);
    x07_json_name(&json, "report");
    json_out_take(&json, out);
}

void
run_report_tail(const struct run_report *report, bool full, struct text *out)
{
    /* The writer goes on inside the object that the head began. */
    x07_json json = {.pretty = 1, .depth = 1, .filled = 1};

    if (full)
        write_toolchain(&json, report);
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}

/* Bytes as base64 digits, a piece at a time; a piece is a multiple of three, so that only the last one is
 * padded. */
static struct error *
write_base64(int fd, const char *name, const uint8_t *data, uint64_t size)
{
    enum { PIECE = 3 * 65536 };
    x07_json json = {0};
    struct error *error = NULL;

    while (size && !error) {
        uint64_t piece = size < PIECE ? size : PIECE;
        json.len = 0;
        x07_json_base64(&json, data, piece);
        error = file_write_fd(fd, name, json.data + 1, (size_t)json.len - 2);
        data += piece;
        size -= piece;
    }
    x07_json_free(&json);
    return error;
}

static struct error *
write_runner_report(int fd, const char *name, const x07_run_result *result, uint64_t end)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < result->splice_count; i++) {
        /* The step between elements is theirs, not ours: see x07/abi.h. */
        const char *element = (const char *)result->splices + (size_t)result->splices->size * i;
        const x07_splice *splice = (const x07_splice *)(const void *)element;
        if (splice->offset < at || splice->offset > end)
            return error_new("E_REPORT_SPLICE", "%s: the runner's report has a splice out of place", name);
        struct error *error = file_write_fd(fd, name, result->report + at, (size_t)(splice->offset - at));
        if (!error)
            error = write_base64(fd, name, splice->data, splice->data_size);
        if (error)
            return error;
        at = splice->offset;
    }
    return file_write_fd(fd, name, result->report + at, (size_t)(end - at));
}

struct error *
run_report_write(int fd, const char *name, const struct text *head, const struct text *tail,
                 const x07_run_result *result)
{
    bool wrapped = head->len != 0;
    uint64_t end = result->report_size;
    struct error *error = wrapped ? file_write_fd(fd, name, head->data, head->len) : NULL;

    if (wrapped && end && result->report[end - 1] == '\n')
        end--;
    if (!error)
        error = write_runner_report(fd, name, result, end);
    if (!error && wrapped)
        error = file_write_fd(fd, name, tail->data, tail->len);
    return error;
}
