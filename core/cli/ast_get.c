/* ast_get.c: the command `x07 ast get`. */
#include "cli/ast.h"

#include "ast/pointer.h"
#include "base/file.h"
#include "base/quote.h"
#include "cli/edit.h"
#include "cli/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct get_options {
    const char *in, *ptr, *out;
};

#define AT(member) offsetof(struct get_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"ptr", "POINTER", OPTION_VALUE, AT(ptr), .help = "JSON Pointer of the value", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Also write the value to a file"},
};

static const struct option_table table = {
    .command = "x07 ast get",
    .summary = "Print the value at a JSON Pointer",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static const struct ast_json *
fail(struct text *message, const char *what, const char *data, size_t len)
{
    text_puts(message, what);
    text_append_quoted(message, data, len);
    return NULL;
}

/* One step; unlike the patch engine this tells what kind of thing stands in the way. */
static const struct ast_json *
step(const struct pointer *pointer, const struct ast_json *value, struct text *message)
{
    struct text unused = {0};
    const struct text *token = &pointer->token;
    const char *name = text_string(token);
    uint64_t index;

    if (value->kind == JSON_OBJECT) {
        const struct ast_json *found = pointer_step(pointer, value, &unused);
        text_free(&unused);
        return found ? found : fail(message, "JSON Pointer not found at object key: ", name, token->len);
    }
    if (value->kind != JSON_ARRAY)
        return fail(message, "JSON Pointer traversal hit non-container value at token: ", name, token->len);
    if (!pointer_index(pointer, &index))
        return fail(message, "JSON Pointer array index is not an integer: ", name, token->len);
    if (index < value->count)
        return &value->items[index];
    text_printf(message, "JSON Pointer array index out of bounds: %" PRIu64, index);
    return NULL;
}

/* Returns false when a '~' stands before anything but 0 or 1. */
static bool
check_escapes(const char *ptr, size_t len, struct text *message)
{
    for (const char *at = ptr; (at = strchr(at, '~')) != NULL; at++) {
        if (at[1] == '0' || at[1] == '1')
            continue;
        text_puts(message, "invalid JSON Pointer escape sequence: ~");
        if (at[1])
            text_putc(message, at[1]);
        fail(message, " in ", ptr, len);
        return false;
    }
    return true;
}

static const struct ast_json *
find(const struct ast_json *value, const char *ptr, struct text *message)
{
    struct pointer pointer;
    size_t len = strlen(ptr);

    if (!pointer_start(&pointer, ptr, len))
        return fail(message, "invalid JSON Pointer (expected leading '/'): ", ptr, len);
    if (!check_escapes(ptr, len, message))
        return NULL;
    while (value && pointer_next(&pointer))
        value = step(&pointer, value, message);
    text_free(&pointer.token);
    return value;
}

static int
write_value(const struct ast_json *value, const char *path, struct text *message)
{
    struct text text = {0};

    ast_json_write_pretty(value, &text);
    text_putc(&text, '\n');
    struct error *error = file_replace(path, text.data, text.len, 0666);
    text_free(&text);
    if (!error)
        return 0;
    text_printf(message, "write: %s", error->message);
    error_free(error);
    return EDIT_UNREADABLE;
}

static void
put_member(struct text *line, const char *name, const char *value)
{
    text_printf(line, ",\"%s\":", name);
    ast_json_write_string(value, strlen(value), line);
}

static void
print_report(const struct get_options *settings, const struct ast_json *value, const char *message)
{
    struct text line = {0};

    text_printf(&line, "{\"ok\":%s", message[0] ? "false" : "true");
    put_member(&line, "in", settings->in);
    put_member(&line, "ptr", settings->ptr);
    if (settings->out)
        put_member(&line, "out", settings->out);
    if (message[0])
        put_member(&line, "error", message);
    if (value && !message[0]) {
        text_puts(&line, ",\"value\":");
        ast_json_write(value, &line);
    }
    text_puts(&line, "}\n");
    fwrite(line.data, 1, line.len, stdout);
    text_free(&line);
}

static int
get(struct edit *edit, const struct get_options *settings)
{
    struct text message = {0};
    struct ast_json sorted;
    int code = 0;

    const struct ast_json *value = find(&edit->document, settings->ptr, &message);
    if (!value) {
        code = EDIT_REFUSED;
    } else {
        sorted = ast_json_copy_sorted(edit->arena, value);
        value = &sorted;
    }
    if (!code && settings->out && strcmp(settings->out, "-") == 0) {
        text_puts(&message, "--out '-' is not supported (stdout is reserved for the report)");
        code = EDIT_UNREADABLE;
    } else if (!code && settings->out) {
        code = write_value(value, settings->out, &message);
    }
    print_report(settings, value, text_string(&message));
    if (code)
        edit_fail(code, "%s", text_string(&message));
    text_free(&message);
    return code;
}

static int
ast_get(int argc, char **argv)
{
    struct get_options settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct edit edit = {.in = settings.in};
    code = edit_open(&edit);
    if (code)
        print_report(&settings, NULL, text_string(&edit.refusal));
    else
        code = get(&edit, &settings);
    edit_close(&edit);
    return code;
}

const struct command ast_get_command = {.name = "get", .run = ast_get, .options = &table};
