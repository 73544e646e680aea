/* ast_quickfix.c: the command `x07 ast edit apply-quickfix`: one fix of the linter, chosen by its place. */
#include "cli/ast.h"

#include "ast/patch.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "cli/edit.h"
#include "cli/options.h"
#include "lint/lint.h"

#include <string.h>

enum { MAX_CANDIDATES = 20 };

struct quickfix_options {
    const char *in, *ptr, *code, *out;
    bool validate;
};

#define AT(member) offsetof(struct quickfix_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"ptr", "POINTER", OPTION_VALUE, AT(ptr), .help = "Place of the finding or of its fix", .required = true},
    {"code", "CODE", OPTION_VALUE, AT(code), .help = "Only fixes of this code"},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the result here (default: in place)"},
    {"validate", NULL, OPTION_FLAG, AT(validate), .help = "Refuse a result that breaks the schema"},
};

static const struct option_table table = {
    .command = "x07 ast edit apply-quickfix",
    .summary = "Apply one fix of the linter",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* What is looked for. */
struct choice {
    const char *ptr; /* trimmed */
    size_t ptr_len;
    const char *code; /* or NULL */
};

static bool
lies_at(const char *path, const struct choice *choice)
{
    return strncmp(path, choice->ptr, choice->ptr_len) == 0 &&
           (path[choice->ptr_len] == '\0' || path[choice->ptr_len] == '/');
}

/* Whether the finding can be fixed and has the code asked for. */
static bool
is_candidate(const struct diagnostic *finding, const struct choice *choice)
{
    return finding->fix_count && finding->ptr && (!choice->code || strcmp(finding->code, choice->code) == 0);
}

static bool
is_match(const struct diagnostic *finding, const struct choice *choice)
{
    bool found = strlen(finding->ptr) == choice->ptr_len && lies_at(finding->ptr, choice);

    for (uint32_t i = 0; !found && i < finding->fix_count; i++)
        found = lies_at(finding->fix[i].path, choice);
    return found;
}

static void
show_choice(const struct choice *choice, struct text *out)
{
    text_puts(out, "ptr=");
    text_append_quoted(out, choice->ptr, choice->ptr_len);
    text_puts(out, " code=");
    if (!choice->code) {
        text_puts(out, "None");
        return;
    }
    text_puts(out, "Some(");
    text_append_quoted(out, choice->code, strlen(choice->code));
    text_putc(out, ')');
}

/* Up to `most` of the findings, a line each. */
static void
show_findings(const struct diagnostics *list, size_t most, struct text *out)
{
    for (size_t i = 0; i < list->count && i < most; i++)
        text_printf(out, "\n- %s @ %s: %s", list->items[i]->code, list->items[i]->ptr,
                    list->items[i]->message);
    if (list->count > most)
        text_printf(out, "\n- ... (%zu total)", list->count);
}

static int
fail_choice(const struct choice *choice, const struct diagnostics *candidates,
            const struct diagnostics *matches)
{
    struct text text = {0};

    text_puts(&text,
              matches->count ? "ambiguous quickfix selection for " : "no matching quickfix found for ");
    show_choice(choice, &text);
    if (matches->count)
        text_printf(&text, " (matches=%zu)", matches->count);
    else if (candidates->count)
        text_puts(&text, "\ncandidates:");
    if (matches->count)
        show_findings(matches, matches->count, &text);
    else
        show_findings(candidates, MAX_CANDIDATES, &text);
    edit_fail(EDIT_REFUSED, "%s", text_string(&text));
    text_free(&text);
    return EDIT_REFUSED;
}

/* The list's items that pass, as a list over the same findings. */
static struct diagnostics
filter(const struct diagnostics *list, bool (*pass)(const struct diagnostic *, const struct choice *),
       const struct choice *choice)
{
    struct diagnostics result = {.arena = list->arena};

    result.items = ARENA_ARRAY(list->arena, struct diagnostic *, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        if (pass(list->items[i], choice))
            result.items[result.count++] = list->items[i];
    return result;
}

static int
apply_fix(struct edit *edit, const struct diagnostic *finding)
{
    struct patch_op *ops = ARENA_ARRAY(edit->arena, struct patch_op, (size_t)finding->fix_count + 1);
    struct text message = {0};
    bool ok = true;

    for (uint32_t i = 0; ok && i < finding->fix_count; i++) {
        const struct diagnostic_op *op = &finding->fix[i];
        struct ast_json *value = ARENA_NEW(edit->arena, struct ast_json);
        ops[i] = (struct patch_op){.path = op->path, .path_len = strlen(op->path), .value = value};
        ok = patch_kind_of(op->op, strlen(op->op), &ops[i].kind);
        if (ok && op->value)
            ok = ast_json_read(edit->arena, op->value, strlen(op->value), value, &message);
    }
    ok = ok && patch_apply(edit->arena, &edit->document, ops, finding->fix_count, &message);
    int code = ok ? edit_save(edit, &edit->document, true)
                  : edit_fail(EDIT_NOT_APPLIED, "apply quickfix patch failed: %s", text_string(&message));
    text_free(&message);
    return code;
}

static int
choose(struct edit *edit, const struct choice *choice)
{
    struct diagnostics found = {.arena = edit->arena};
    struct text message = {0};
    struct lint_options rules;
    struct lint_source source;
    int code;

    /* The bytes were read before, so they are a document. */
    lint_options_of_world("run-os", &rules);
    if (!lint_open(&source, text_string(&edit->source.text), edit->source.text.len, &message)) {
        code = edit_fail(EDIT_REFUSED, "parse x07AST failed: %s", text_string(&message));
        text_free(&message);
        return code;
    }
    lint_document(&source, &rules, &found);
    struct diagnostics candidates = filter(&found, is_candidate, choice);
    struct diagnostics matches = filter(&candidates, is_match, choice);
    code =
        matches.count == 1 ? apply_fix(edit, matches.items[0]) : fail_choice(choice, &candidates, &matches);
    lint_close(&source);
    return code;
}

static int
check_pointer(const struct choice *choice)
{
    struct text quoted = {0};
    int code = 0;

    if (!choice->ptr_len)
        return edit_fail(EDIT_REFUSED, "--ptr must not be empty");
    text_append_quoted(&quoted, choice->ptr, choice->ptr_len);
    if (choice->ptr[0] != '/')
        code =
            edit_fail(EDIT_REFUSED, "invalid JSON Pointer (expected leading '/'): %s", text_string(&quoted));
    text_free(&quoted);
    return code;
}

static void
print_report(const struct edit *edit, const struct quickfix_options *settings, int code)
{
    struct text more = {0};

    text_puts(&more, ",\"ptr\":");
    ast_json_write_string(settings->ptr, strlen(settings->ptr), &more);
    if (settings->code) {
        text_puts(&more, ",\"code\":");
        ast_json_write_string(settings->code, strlen(settings->code), &more);
    }
    edit_report(edit, code, text_string(&more));
    text_free(&more);
}

static int
ast_apply_quickfix(int argc, char **argv)
{
    struct quickfix_options settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct edit edit = {.in = settings.in, .out = settings.out, .validate = settings.validate};
    struct choice choice = {.ptr = settings.ptr, .ptr_len = strlen(settings.ptr), .code = settings.code};
    utf8_trim(&choice.ptr, &choice.ptr_len);
    code = edit_open_document(&edit);
    if (!code)
        code = check_pointer(&choice);
    if (!code)
        code = choose(&edit, &choice);
    print_report(&edit, &settings, code);
    edit_close(&edit);
    return code;
}

const struct command ast_apply_quickfix_command = {
    .name = "apply-quickfix", .run = ast_apply_quickfix, .options = &table};
