/* ast_validate.c: the command `x07 ast validate`. */
#include "cli/ast.h"

#include "base/file.h"
#include "cli/document.h"
#include "cli/edit.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/validate.h"

#include <stdio.h>
#include <string.h>

struct validate_options {
    const char *in, *diagnostics;
};

#define AT(member) offsetof(struct validate_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"x07diag", "PATH", OPTION_VALUE, AT(diagnostics), .help = "Write the findings here"},
};

static const struct option_table table = {
    .command = "x07 ast validate",
    .summary = "Check a document against its schema",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static int
write_findings(const struct diagnostics *found, const char *path)
{
    struct text report = {0};

    findings_report(found, NULL, 0, &report);
    struct error *error = file_replace(path, report.data, report.len, 0666);
    text_free(&report);
    if (!error)
        return 0;
    edit_fail(EDIT_UNREADABLE, "write: %s", error->message);
    error_free(error);
    return EDIT_UNREADABLE;
}

static void
print_report(const struct validate_options *settings, int code, size_t count)
{
    struct text line = {0};

    text_printf(&line, "{\"ok\":%s,\"in\":", code ? "false" : "true");
    ast_json_write_string(settings->in, strlen(settings->in), &line);
    text_puts(&line, ",\"x07diag\":");
    if (settings->diagnostics)
        ast_json_write_string(settings->diagnostics, strlen(settings->diagnostics), &line);
    else
        text_puts(&line, "null");
    text_printf(&line, ",\"diagnostics_count\":%zu}\n", count);
    fwrite(line.data, 1, line.len, stdout);
    text_free(&line);
}

/* The document as it stands in the file: the canonical form would hide what the schema forbids. */
static int
validate(struct edit *edit, const struct validate_options *settings, size_t *count)
{
    struct diagnostics found = {.arena = edit->arena};
    struct ast_json document;
    struct text message = {0};
    int code = 0;

    if (!document_read_json(edit->arena, &edit->source.text, &document, &message)) {
        code = edit_fail(EDIT_UNREADABLE, "%s", text_string(&message));
    } else {
        validate_document(&document, &found);
        *count = found.count;
        if (settings->diagnostics)
            code = write_findings(&found, settings->diagnostics);
        if (!code && found.count)
            code = EDIT_REFUSED;
    }
    text_free(&message);
    return code;
}

static int
ast_validate(int argc, char **argv)
{
    struct validate_options settings = {0};
    size_t count = 0;
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct edit edit = {.in = settings.in};
    code = edit_open(&edit);
    if (!code)
        code = validate(&edit, &settings, &count);
    print_report(&settings, code, count);
    edit_close(&edit);
    return code;
}

const struct command ast_validate_command = {.name = "validate", .run = ast_validate, .options = &table};
