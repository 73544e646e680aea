/* ast_canon.c: the command `x07 ast canon`. */
#include "cli/ast.h"

#include "cli/edit.h"
#include "cli/options.h"

struct canon_options {
    const char *in, *out;
};

#define AT(member) offsetof(struct canon_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the result here (default: in place)"},
};

static const struct option_table table = {
    .command = "x07 ast canon",
    .summary = "Write the canonical form of a document",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static int
ast_canon(int argc, char **argv)
{
    struct canon_options settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct edit edit = {.in = settings.in, .out = settings.out};
    code = edit_open(&edit);
    if (!code && edit.refusal.len)
        code = edit_fail(EDIT_UNREADABLE, "%s", text_string(&edit.refusal));
    if (!code)
        code = edit_save(&edit, &edit.document, true);
    edit_report(&edit, code, NULL);
    edit_close(&edit);
    return code;
}

const struct command ast_canon_command = {.name = "canon", .run = ast_canon, .options = &table};
