/* diag_sarif.c: the command `x07 diag sarif`. */
#include "cli/diag.h"

#include "ast/json_schema.h"
#include "ast/schemas.h"
#include "base/file.h"
#include "cli/document.h"
#include "cli/options.h"
#include "cli/output.h"
#include "report/sarif.h"

#include <stdio.h>
#include <string.h>

struct sarif_settings {
    const char *in, *out;
};

#define AT(member) offsetof(struct sarif_settings, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The findings: an x07diag document", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Where to write them (required)"},
};

static const struct option_table table = {
    .command = "x07 diag sarif",
    .summary = "Write findings as SARIF, for code scanners",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* The first violation is what the message tells. */
static void
note_violation(void *context, const char *instance, const char *schema, const char *message)
{
    struct text *text = context;

    (void)schema;
    if (!text->len)
        text_printf(text, "%s (%s)", message, instance);
}

static struct error *
read_findings(struct arena *arena, const char *path, struct text *bytes, struct ast_json *document)
{
    struct text message = {0};
    struct error *error = error_wrap(file_read(path, FILE_NO_LIMIT, bytes), "read");

    if (!error && !document_read_json(arena, bytes, document, &message))
        error = error_new("E_SARIF", "parse x07diag JSON: %s: %s", path, text_string(&message));
    if (!error && !json_schema_check(schemas_find(arena, "x07-x07diag"), document, note_violation, &message))
        error = error_new("E_SARIF", "not an x07diag document: %s: %s", path, text_string(&message));
    text_free(&message);
    return error;
}

static struct error *
convert(const struct sarif_settings *settings)
{
    struct arena *arena = arena_new();
    struct text bytes = {0}, sarif = {0};
    struct ast_json document;
    struct error *error = read_findings(arena, settings->in, &bytes, &document);

    if (!error) {
        sarif_write(arena, &document, &sarif);
        error = error_wrap(file_replace(settings->out, sarif.data, sarif.len, 0666), "write");
    }
    text_free(&bytes);
    text_free(&sarif);
    arena_free(arena);
    return error;
}

static int
sarif(int argc, char **argv)
{
    struct sarif_settings settings = {0};
    struct error *error;
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    if (!settings.out)
        error = error_new("E_OPTIONS", "diag sarif: missing --out <PATH>");
    else if (strcmp(settings.out, "-") == 0)
        error = error_new("E_OPTIONS", "--out '-' is not supported");
    else
        error = convert(&settings);
    if (error)
        return output_error(error);
    printf("wrote: %s\n", settings.out);
    return 0;
}

const struct command diag_sarif_command = {.name = "sarif", .run = sarif, .options = &table};
