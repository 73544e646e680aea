/* init_mcp.c: the templates that x07-mcp makes: it is started, and its report is read. */
#include "ast/json_decode.h"
#include "base/file.h"
#include "base/process.h"
#include "cli/init_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { REPORT_LIMIT = 4 * 1024 * 1024 };

/* What x07-mcp says. */
struct mcp_error {
    const char *message;
};

struct mcp_report {
    struct json_flag ok;
    struct json_strings created, next_steps;
    struct mcp_error error;
};

static const struct json_shape_field error_fields[] = {
    {"message", SHAPE_STRING, offsetof(struct mcp_error, message), .nullable = true}};
static const struct json_shape error_shape = {"McpError", error_fields, COUNT(error_fields),
                                              sizeof(struct mcp_error)};

#define AT(member) offsetof(struct mcp_report, member)
static const struct json_shape_field report_fields[] = {
    {"ok", SHAPE_FLAG, AT(ok), .required = true},
    {"created", SHAPE_STRINGS, AT(created), .nullable = true},
    {"next_steps", SHAPE_STRINGS, AT(next_steps), .nullable = true},
    {"error", SHAPE_OBJECT, AT(error), .shape = &error_shape, .nullable = true},
};
#undef AT
static const struct json_shape report_shape = {"McpReport", report_fields, COUNT(report_fields),
                                               sizeof(struct mcp_report)};

static struct error *
check_paths(struct init *init)
{
    static const char *const paths[] = {".gitignore",         "README.md", "x07.json",
                                        "x07.lock.json",      "src",       "tests",
                                        "x07-toolchain.toml", ".agent",    ".x07"};
    struct text found = {0};

    for (size_t i = 0; i < COUNT(paths); i++)
        if (access(paths[i], F_OK) == 0)
            text_printf(&found, "%s%s", found.len ? ", " : "", paths[i]);
    struct error *error = found.len ? error_new("X07INIT_EXISTS", "refusing to init into existing paths: %s",
                                                text_string(&found))
                                    : NULL;
    text_free(&found);
    (void)init;
    return error;
}

static struct error *
take_report(struct init *init, const struct process_result *result)
{
    struct text message = {0};
    struct mcp_report report = {0};
    const char *text = arena_copy(init->arena, text_string(&result->out), result->out.len);
    struct error *error = NULL;

    if (!json_decode(init->arena, text, result->out.len, &report_shape, &report, NULL, &message))
        error = result->exit_code == 0
                    ? error_new("X07INIT_MCP_REPORT", "parse x07-mcp report JSON: %s", text_string(&message))
                    : error_new("X07INIT_MCP_FAILED", "x07-mcp scaffold init failed (exit=%d)\n%s%s",
                                result->exit_code, text_string(&result->out), text_string(&result->err));
    else if (!report.ok.value || result->exit_code != 0)
        error = error_new("X07INIT_MCP_FAILED", "%s",
                          report.error.message ? report.error.message : "x07-mcp scaffold init failed");
    for (size_t i = 0; !error && i < report.created.count; i++)
        init_say(&init->created, report.created.items[i]);
    for (size_t i = 0; !error && i < report.next_steps.count; i++)
        init_say(&init->next_steps, report.next_steps.items[i]);
    text_free(&message);
    return error;
}

struct error *
init_mcp(struct init *init)
{
    struct error *error = check_paths(init);
    char *program = error ? NULL : process_find("x07-mcp");
    struct process_result result = {0};

    if (!error && !program) {
        init_say(&init->next_steps, "Install x07-mcp and ensure it is discoverable on PATH.");
        error = error_new("X07INIT_MCP_MISSING", "x07-mcp not found on PATH");
    }
    if (error)
        return error;
    const char *const argv[] = {"x07-mcp",        "scaffold",  "init", "--template",
                                init->kind->name, "--dir",     ".",    "--toolchain-version",
                                X07_VERSION,      "--machine", "json", NULL};
    const struct process_request request = {
        .path = program, .argv = argv, .stdout_cap = REPORT_LIMIT, .stderr_cap = REPORT_LIMIT};
    error = process_run(&request, &result);
    if (error)
        error->code = "X07INIT_MCP_FAILED";
    else
        error = take_report(init, &result);
    process_result_free(&result);
    free(program);
    return error;
}
