/* diag.c: the command `x07 diag explain|catalog` and the group `x07 diag`. */
#include "cli/diag.h"

#include "base/file.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "cli/output.h"
#include "lint/codes.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_STALE = 1, EXIT_FAILED = 2 };

/* ---- explain ---- */

struct explain_settings {
    struct option_list codes;
};

static const struct option_table explain_table = {
    .command = "x07 diag explain",
    .summary = "Say what a code means",
    .trailing_name = "CODE",
    .trailing_offset = offsetof(struct explain_settings, codes),
};

static void
print_code(const struct code *code)
{
    printf("code: %s\nsummary: %s\nquickfix: %s\n", code->code, code->summary, code_fix_name(code->fix));
    if (code->fix == CODE_FIX_NEVER)
        puts("no quickfix reason: " CODE_NO_FIX_REASON);
    else
        puts("quickfix kinds: json_patch");
    printf("\norigins:\n- %s stage=%s severity=%s\n\ndetails:\n%s\n\n", code->component, code->stage,
           code_severity_name(code->severity), code->details);
}

static struct error *
explain_one(const char *given)
{
    size_t len = strlen(given);
    struct text name = {0};
    struct error *error = NULL;

    if (utf8_check(given, len, &name))
        utf8_trim(&given, &len);
    text_clear(&name);
    text_append(&name, given, len);
    const struct code *code = code_find(text_string(&name));
    if (!len)
        error = error_new("E_DIAG", "CODE must be non-empty");
    else if (!code)
        error = error_new("E_DIAG", "diagnostic code not found in catalog: %s", text_string(&name));
    else
        print_code(code);
    text_free(&name);
    return error;
}

static int
explain(int argc, char **argv)
{
    struct explain_settings settings = {0};
    int exit_code;

    if (!options_start(&explain_table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = settings.codes.count == 1
                              ? explain_one(settings.codes.items[0])
                              : error_new("E_OPTIONS", "x07 diag explain takes exactly one CODE");
    options_free(&explain_table, &settings);
    return error ? output_error(error) : 0;
}

/* ---- catalog ---- */

struct catalog_settings {
    const char *format;
    const char *out_json;
    const char *out_md;
    const char *out;
    bool check;
};

#define AT(member) offsetof(struct catalog_settings, member)

static const char *const formats[] = {"json", "md", "both", NULL};

static const struct option catalog_options[] = {
    {"format", "FORMAT", OPTION_CHOICE, AT(format), .choices = formats,
     .help = "What to write (default both)"},
    {"out-json", "PATH", OPTION_VALUE, AT(out_json), .help = "Where (default catalog/diagnostics.json)"},
    {"out-md", "PATH", OPTION_VALUE, AT(out_md),
     .help = "Where (default docs/toolchain/diagnostic-codes.md)"},
    {"out", "PATH", OPTION_VALUE, AT(out), .hidden = true},
    {"check", NULL, OPTION_FLAG, AT(check), .help = "Only say whether the files are up to date"},
};

static const struct option_table catalog_table = {
    .command = "x07 diag catalog",
    .summary = "Write the catalog of codes",
    .options = catalog_options,
    .count = sizeof catalog_options / sizeof catalog_options[0],
};

static int
check_file(const char *path, const struct text *content)
{
    struct text text = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &text);
    bool same = !error && text.len == content->len && memcmp(text.data, content->data, text.len) == 0;

    if (!same)
        fprintf(stderr, "error: %s: %s\n", error ? "expected file is missing" : "file out of date", path);
    error_free(error);
    text_free(&text);
    return same ? 0 : EXIT_STALE;
}

static int
write_file(const char *path, const struct text *content)
{
    struct error *error = error_wrap(file_replace(path, content->data, content->len, 0666), "write");

    if (error)
        return output_error(error);
    printf("wrote: %s\n", path);
    return 0;
}

static int
settle(const struct catalog_settings *settings, const char *path, void (*write)(struct text *out))
{
    struct text content = {0};

    write(&content);
    int exit_code = settings->check ? check_file(path, &content) : write_file(path, &content);
    text_free(&content);
    return exit_code;
}

static struct error *
check_outputs(const struct catalog_settings *settings, bool json, bool md)
{
    if (settings->out && json && md)
        return error_new("E_OPTIONS", "--out is ambiguous when --format=both; use --out-json and --out-md");
    if (settings->out_md && !md)
        return error_new("E_OPTIONS", "--out-md is not valid when --format=json");
    if (settings->out_json && !json)
        return error_new("E_OPTIONS", "--out-json is not valid when --format=md");
    return NULL;
}

static const char *
first_of(const char *a, const char *b, const char *otherwise)
{
    return a ? a : b ? b : otherwise;
}

static int
catalog(int argc, char **argv)
{
    struct catalog_settings settings = {0};
    int exit_code = 0;

    if (!options_start(&catalog_table, argc, argv, &settings, &exit_code))
        return exit_code;
    bool json = !settings.format || strcmp(settings.format, "md") != 0;
    bool md = !settings.format || strcmp(settings.format, "json") != 0;
    struct error *error = check_outputs(&settings, json, md);
    if (error)
        return output_error(error);
    if (json)
        exit_code = settle(&settings, first_of(settings.out_json, settings.out, "catalog/diagnostics.json"),
                           diag_catalog_json);
    if (md && exit_code != EXIT_FAILED) {
        int result =
            settle(&settings, first_of(settings.out_md, settings.out, "docs/toolchain/diagnostic-codes.md"),
                   diag_catalog_markdown);
        exit_code = result ? result : exit_code;
    }
    return exit_code;
}

/* ---- the command ---- */

static const struct command catalog_command = {.name = "catalog", .run = catalog, .options = &catalog_table};
static const struct command explain_command = {.name = "explain", .run = explain, .options = &explain_table};

static const struct command *const commands[] = {&catalog_command, &explain_command, &diag_sarif_command,
                                                 NULL};

const struct command diag_command = {
    .name = "diag",
    .summary = "Say what the codes of findings mean",
    .missing = "missing subcommand for `x07 diag` (try --help)",
    .commands = commands,
};
