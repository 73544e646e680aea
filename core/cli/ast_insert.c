/* ast_insert.c: the command `x07 ast edit insert-stmts`. */
#include "cli/ast.h"

#include "ast/patch.h"
#include "ast/pointer.h"
#include "base/quote.h"
#include "cli/edit.h"
#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_NAMES_SHOWN = 200 };

struct insert_options {
    const char *in, *defn, *ptr, *out;
    struct option_list statements;
    bool validate;
};

#define AT(member) offsetof(struct insert_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"defn", "NAME", OPTION_VALUE, AT(defn), .help = "Insert into the body of this function",
     .conflicts = {"ptr"}},
    {"ptr", "POINTER", OPTION_VALUE, AT(ptr), .help = "Insert into the expression here"},
    {"stmt-file", "PATH", OPTION_LIST, AT(statements), .help = "A statement as JSON (repeatable)",
     .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the result here (default: in place)"},
    {"validate", NULL, OPTION_FLAG, AT(validate), .help = "Refuse a result that breaks the schema"},
};

static const struct option_table table = {
    .command = "x07 ast edit insert-stmts",
    .summary = "Insert statements before the tail of a block",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* One insertion on its way. */
struct insertion {
    struct edit edit;
    const struct insert_options *options;
    struct text target; /* pointer of the block */
};

static bool
has_body(const struct ast_json *decl)
{
    const struct ast_json *kind = ast_json_get(decl, "kind");

    return ast_json_is(kind, "defn") || ast_json_is(kind, "defasync");
}

static int
fail_unknown(const struct ast_json *decls, const char *name)
{
    struct text text = {0};
    size_t shown = 0;

    text_puts(&text, "no matching defn/defasync: ");
    text_append_quoted(&text, name, strlen(name));
    text_puts(&text, "\navailable:");
    for (uint32_t i = 0; i < decls->count && shown < MAX_NAMES_SHOWN; i++)
        if (has_body(&decls->items[i])) {
            const struct ast_json *known = ast_json_get(&decls->items[i], "name");
            text_puts(&text, "\n- ");
            text_append(&text, known->text, known->count);
            shown++;
        }
    edit_fail(EDIT_REFUSED, "%s", text_string(&text));
    text_free(&text);
    return EDIT_REFUSED;
}

/* Functions of a document have different names, so there is one at most. */
static int
find_function(struct insertion *insertion, const char *name)
{
    const struct ast_json *decls = ast_json_get(&insertion->edit.document, "decls");

    for (uint32_t i = 0; i < decls->count; i++)
        if (has_body(&decls->items[i]) && ast_json_is(ast_json_get(&decls->items[i], "name"), name)) {
            text_printf(&insertion->target, "/decls/%u/body", i);
            return 0;
        }
    return fail_unknown(decls, name);
}

static bool
is_expression(const struct ast_json *value)
{
    if (value->kind == JSON_ARRAY)
        return value->count && value->items[0].kind == JSON_STRING;
    return value->kind == JSON_STRING || value->kind == JSON_INTEGER;
}

static bool
is_block(const struct ast_json *value)
{
    return value->kind == JSON_ARRAY && ast_json_is(&value->items[0], "begin");
}

/* The list that takes the target's place, with room for the statements before its tail. */
static struct ast_json *
new_block(struct insertion *insertion, const struct ast_json *old, struct ast_json *block)
{
    size_t kept = is_block(old) ? old->count - 1u : 1;
    size_t count = kept + insertion->options->statements.count + 1;
    struct ast_json *items = ARENA_ARRAY(insertion->edit.arena, struct ast_json, count);

    if (is_block(old))
        memcpy(items, old->items, kept * sizeof *items);
    else
        items[0] = (struct ast_json){.kind = JSON_STRING, .count = 5, .text = "begin"};
    items[count - 1] = is_block(old) ? old->items[old->count - 1] : *old;
    *block = (struct ast_json){.kind = JSON_ARRAY, .count = (uint32_t)count, .items = items};
    return items + kept;
}

static int
read_statements(struct insertion *insertion, struct ast_json *statements)
{
    const struct option_list *paths = &insertion->options->statements;
    struct text message = {0};
    int code = 0;

    for (size_t i = 0; !code && i < paths->count; i++) {
        const char *doing = access(paths->items[i], R_OK) == 0 ? "parse JSON" : "read";
        if (!edit_read_json(&insertion->edit, paths->items[i], &statements[i], &message))
            code = edit_fail(EDIT_REFUSED, "%s %s: %s", doing, paths->items[i], text_string(&message));
    }
    text_free(&message);
    return code;
}

static int
find_target(struct insertion *insertion, const struct ast_json **old)
{
    struct text message = {0};
    int code = 0;

    if (insertion->options->defn)
        code = find_function(insertion, insertion->options->defn);
    else
        text_puts(&insertion->target, insertion->options->ptr);
    if (code)
        return code;
    const char *ptr = text_string(&insertion->target);
    *old = pointer_get(&insertion->edit.document, ptr, insertion->target.len, &message);
    if (!*old) {
        code = edit_fail(EDIT_REFUSED, "%s", text_string(&message));
    } else if (!is_expression(*old)) {
        text_append_quoted(&message, ptr, insertion->target.len);
        code = edit_fail(EDIT_REFUSED, "target JSON Pointer does not point to an expression: %s",
                         text_string(&message));
    } else if (is_block(*old) && (*old)->count < 2) {
        code = edit_fail(EDIT_REFUSED, "malformed begin: missing tail expression");
    }
    text_free(&message);
    return code;
}

static int
insert(struct insertion *insertion)
{
    struct edit *edit = &insertion->edit;
    const struct ast_json *old;
    struct ast_json block;
    struct text message = {0};
    int code = find_target(insertion, &old);

    if (!code)
        code = read_statements(insertion, new_block(insertion, old, &block));
    if (code)
        return code;
    struct patch_op op = {.kind = PATCH_REPLACE,
                          .path = text_string(&insertion->target),
                          .path_len = insertion->target.len,
                          .value = &block};
    if (!patch_apply(edit->arena, &edit->document, &op, 1, &message))
        code = edit_fail(EDIT_NOT_APPLIED, "edited doc is not valid x07AST: %s", text_string(&message));
    else
        code = edit_save(edit, &edit->document, true);
    text_free(&message);
    return code;
}

static void
print_report(struct insertion *insertion, int code)
{
    struct text more = {0};

    text_puts(&more, ",\"target\":");
    ast_json_write_string(text_string(&insertion->target), insertion->target.len, &more);
    text_printf(&more, ",\"inserted\":%zu", code ? 0 : insertion->options->statements.count);
    edit_report(&insertion->edit, code, text_string(&more));
    text_free(&more);
}

static int
ast_insert_stmts(int argc, char **argv)
{
    struct insert_options settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    if (!settings.defn && !settings.ptr) {
        options_free(&table, &settings);
        return edit_fail(EDIT_UNREADABLE, "set exactly one of --defn or --ptr");
    }
    struct insertion insertion = {
        .edit = {.in = settings.in, .out = settings.out, .validate = settings.validate},
        .options = &settings,
    };
    code = edit_open_document(&insertion.edit);
    if (!code)
        code = insert(&insertion);
    print_report(&insertion, code);
    text_free(&insertion.target);
    edit_close(&insertion.edit);
    options_free(&table, &settings);
    return code;
}

const struct command ast_insert_stmts_command = {
    .name = "insert-stmts", .run = ast_insert_stmts, .options = &table};
