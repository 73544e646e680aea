/* x07c_tools.c: `x07c fmt`, `x07c lint` and `x07c fix`: one file each, with a report of their own. */
#include "cli/x07c.h"

#include "cli/document.h"
#include "cli/findings.h"
#include "cli/x07c_file.h"
#include "lint/fix.h"
#include "project/worlds.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_UNFORMATTED = 1, EXIT_FAILED = 2, MAX_ROUNDS = 5 };

struct tool_options {
    const char *input, *world;
    bool check, write, report;
};

#define AT(member) offsetof(struct tool_options, member)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define INPUT                                                                              \
    {                                                                                      \
        "input", "PATH", OPTION_VALUE, AT(input), .help = "The document", .required = true \
    }
#define REPORT                                                                             \
    {                                                                                      \
        "report-json", NULL, OPTION_FLAG, AT(report), .help = "Print a report of the tool" \
    }
#define WORLD                                                                                           \
    {                                                                                                   \
        "world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices,                           \
                                                    .help = "World of the program (default solve-pure)" \
    }

static const struct option fmt_options[] = {
    INPUT,
    {"check", NULL, OPTION_FLAG, AT(check), .help = "Say whether the file is formatted"},
    {"write", NULL, OPTION_FLAG, AT(write), .help = "Format the file in place"},
    REPORT,
};

static const struct option lint_options[] = {INPUT, WORLD, REPORT};

static const struct option fix_options[] = {
    INPUT,
    WORLD,
    {"write", NULL, OPTION_FLAG, AT(write), .help = "Repair the file in place"},
    REPORT,
};

/* ---- what the tools share ---- */

static int
fail_parse(struct x07c_file *file, const char *code, const char *stage, struct text *message)
{
    int exit_code = x07c_fail(file, code, stage, EXIT_FAILED, text_string(message));

    text_free(message);
    return exit_code;
}

static int
write_back(struct x07c_file *file, const struct text *text)
{
    const struct text *old = &file->source.text;
    struct text message = {0};

    if (old->len == text->len && memcmp(old->data, text->data, text->len) == 0)
        return 0;
    struct error *error = source_replace(&file->source, text->data, text->len);
    if (!error)
        return 0;
    text_printf(&message, "write %s", error->message);
    error_free(error);
    return fail_parse(file, "X07-IO-WRITE-0001", "rewrite", &message);
}

/* Reads the options, opens the file, runs the tool on it. */
static int
run(const struct option_table *table, const char *name,
    int (*tool)(struct x07c_file *file, const struct tool_options *options), int argc, char **argv)
{
    struct tool_options options = {0};
    int code;

    if (!options_start(table, argc, argv, &options, &code))
        return code;
    struct x07c_file file = {.command = name, .path = options.input, .report = options.report};
    code = tool(&file, &options);
    x07c_close(&file);
    return code;
}

/* ---- fmt ---- */

static int
fmt_text(struct x07c_file *file, const struct tool_options *options, const struct text *formatted)
{
    const struct text *old = &file->source.text;
    struct text message = {0};
    int code = 0;

    if (options->write) {
        code = write_back(file, formatted);
    } else if (old->len != formatted->len || memcmp(old->data, formatted->data, old->len) != 0) {
        text_printf(&message, "file is not formatted: %s", file->path);
        code = x07c_fail(file, "X07-FMT-0001", "rewrite", EXIT_UNFORMATTED, message.data);
        text_free(&message);
    }
    return code ? code : x07c_end(file);
}

static int
fmt_file(struct x07c_file *file, const struct tool_options *options)
{
    struct text formatted = {0}, message = {0};
    struct ast_context context;

    if (options->check == options->write)
        return x07c_fail(file, "X07-CLI-ARGS-0001", "parse", EXIT_FAILED,
                         "set exactly one of --check or --write");
    int code = x07c_open(file);
    if (code)
        return code;
    ast_context_init(&context, file->arena);
    struct ast_doc *document = document_read(&context, &file->source.text, &message);
    if (document) {
        ast_write(document, &formatted);
        code = fmt_text(file, options, &formatted);
    } else {
        code = fail_parse(file, "X07-X07AST-PARSE-0001", "parse", &message);
    }
    ast_context_free(&context);
    text_free(&formatted);
    return code;
}

/* ---- lint ---- */

static int
lint_file(struct x07c_file *file, const struct tool_options *options)
{
    struct text report = {0};
    int code = x07c_open(file);

    if (!code)
        code = x07c_lint(file, options->world, &file->source.text);
    if (code)
        return code;
    if (!file->report) {
        findings_report(&file->found, NULL, 0, &report);
        puts(text_string(&report));
        text_free(&report);
    }
    return x07c_end(file);
}

/* ---- fix ---- */

/* The result in its place, and what remains wrong with it in the report. */
static int
deliver(struct x07c_file *file, const struct tool_options *options, const struct text *fixed)
{
    if (!options->write) {
        fwrite(text_string(fixed), 1, fixed->len, stdout);
        return 0;
    }
    int code = write_back(file, fixed);
    if (!code && file->report)
        code = x07c_lint(file, options->world, fixed);
    return code || !file->report ? code : x07c_end(file);
}

static int
fix_text(struct x07c_file *file, const struct tool_options *options)
{
    struct text fixed = {0}, message = {0};
    struct fix_outcome outcome = {0};
    const struct text *text = &file->source.text;
    struct lint_options rules;
    struct ast_json value;

    if (!document_read_json(file->arena, text, &value, &message)) {
        struct text whole = {0};
        text_printf(&whole, "parse JSON %s: %s", file->path, text_string(&message));
        text_free(&message);
        return fail_parse(file, "X07-JSON-PARSE-0001", "parse", &whole);
    }
    lint_options_of_world(options->world ? options->world : "solve-pure", &rules);
    if (!fix_document(text_string(text), text->len, &rules, MAX_ROUNDS, &fixed, &outcome, &message))
        return fail_parse(file, "X07-FIX-0003", "rewrite", &message);
    int code = deliver(file, options, &fixed);
    text_free(&fixed);
    return code;
}

static int
fix_file(struct x07c_file *file, const struct tool_options *options)
{
    if (file->report && !options->write)
        return x07c_fail(file, "X07-CLI-ARGS-0002", "parse", EXIT_FAILED,
                         "--report-json requires --write (otherwise stdout would be the fixed x07AST)");
    int code = x07c_open(file);
    return code ? code : fix_text(file, options);
}

/* ---- the commands ---- */

static const struct option_table fmt_table = {
    .command = "x07c fmt",
    .summary = "Format a document",
    .options = fmt_options,
    .count = COUNT(fmt_options),
};

static const struct option_table lint_table = {
    .command = "x07c lint",
    .summary = "Say what is wrong with a document",
    .options = lint_options,
    .count = COUNT(lint_options),
};

static const struct option_table fix_table = {
    .command = "x07c fix",
    .summary = "Repair a document",
    .options = fix_options,
    .count = COUNT(fix_options),
};

static int
fmt(int argc, char **argv)
{
    return run(&fmt_table, "fmt", fmt_file, argc, argv);
}

static int
lint(int argc, char **argv)
{
    return run(&lint_table, "lint", lint_file, argc, argv);
}

static int
fix(int argc, char **argv)
{
    return run(&fix_table, "fix", fix_file, argc, argv);
}

const struct command x07c_fmt_command = {.name = "fmt", .run = fmt, .options = &fmt_table};
const struct command x07c_lint_command = {.name = "lint", .run = lint, .options = &lint_table};
const struct command x07c_fix_command = {.name = "fix", .run = fix, .options = &fix_table};
