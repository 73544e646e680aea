/* ast_patch.c: the command `x07 ast apply-patch`. */
#include "cli/ast.h"

#include "ast/patch.h"
#include "cli/edit.h"
#include "cli/options.h"

struct apply_options {
    const char *in, *patch, *out;
    bool validate;
};

#define AT(member) offsetof(struct apply_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"patch", "PATH", OPTION_VALUE, AT(patch), .help = "The JSON Patch", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the result here (default: in place)"},
    {"validate", NULL, OPTION_FLAG, AT(validate), .help = "Refuse a result that breaks the schema"},
};

static const struct option_table table = {
    .command = "x07 ast apply-patch",
    .summary = "Apply a JSON Patch to a document",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static int
apply(struct edit *edit, const char *path)
{
    struct text message = {0};
    struct ast_json list;
    struct patch_op *ops = NULL;
    size_t count;
    int code = 0;

    if (edit_read_json(edit, path, &list, &message))
        ops = patch_read(edit->arena, &list, &count, &message);
    if (!ops)
        code = edit_fail(EDIT_UNREADABLE, "%s", text_string(&message));
    else if (!patch_apply(edit->arena, &edit->document, ops, count, &message))
        code = edit_fail(EDIT_NOT_APPLIED, "apply patch failed: %s", text_string(&message));
    text_free(&message);
    return code ? code : edit_save(edit, &edit->document, false);
}

static int
ast_apply_patch(int argc, char **argv)
{
    struct apply_options settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct edit edit = {.in = settings.in, .out = settings.out, .validate = settings.validate};
    code = edit_open(&edit);
    if (!code)
        code = apply(&edit, settings.patch);
    edit_report(&edit, code, NULL);
    edit_close(&edit);
    return code;
}

const struct command ast_apply_patch_command = {
    .name = "apply-patch", .run = ast_apply_patch, .options = &table};
