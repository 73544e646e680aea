/* run_report.c: see run_report.h. */
#include "report/run_report.h"

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
write_repair(x07_json *json, const struct repair_summary *repair)
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
    write_repair(&json, &report->repair);
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
