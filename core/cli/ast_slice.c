/* ast_slice.c: the command `x07 ast slice`. */
#include "cli/ast.h"

#include "ast/slice.h"
#include "base/file.h"
#include "base/json_out.h"
#include "cli/edit.h"
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice_options {
    const char *in, *ptr, *enclosure, *closure, *out;
    struct option_number max_nodes, max_bytes;
};

#define AT(member) offsetof(struct slice_options, member)

static const char *const enclosures[] = {"defn", "decl", "module", NULL};
static const char *const closures[] = {"locals", "types", "imports", "all", NULL};
static const unsigned closure_classes[] = {SLICE_LOCALS, SLICE_TYPES, SLICE_IMPORTS, SLICE_ALL};

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The document", .required = true},
    {"ptr", "POINTER", OPTION_VALUE, AT(ptr), .help = "JSON Pointer of the place", .required = true},
    {"enclosure", "WHAT", OPTION_CHOICE, AT(enclosure), .choices = enclosures,
     .help = "What around the place (default decl)"},
    {"closure", "WHAT", OPTION_CHOICE, AT(closure), .choices = closures,
     .help = "What else that needs (default all)"},
    {"max-nodes", "N", OPTION_NUMBER, AT(max_nodes), .help = "Most JSON values; declarations are dropped"},
    {"max-bytes", "N", OPTION_NUMBER, AT(max_bytes),
     .help = "Most bytes; declarations, then parts of the place are dropped"},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the slice to a file instead of into the report"},
};

static const struct option_table table = {
    .command = "x07 ast slice",
    .summary = "Cut out the part of a document that belongs to a place",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* The word's place among the choices; `otherwise` without one. */
static size_t
choice(const char *const *choices, const char *word, size_t otherwise)
{
    for (size_t i = 0; word && choices[i]; i++)
        if (strcmp(choices[i], word) == 0)
            return i;
    return otherwise;
}

struct slicer {
    const struct slice_options *options;
    struct edit edit;
    struct slice slice;
    struct text text; /* the slice as it is written */
    struct text message;
    int code;
};

static void
write_file(x07_json *json, const char *name, const char *path, const struct text *content)
{
    char hex[SHA256_HEX];

    x07_json_name(json, name);
    x07_json_begin(json, '[');
    if (content) {
        sha256_hex(content->data, content->len, hex);
        x07_json_begin(json, '{');
        x07_json_name(json, "bytes_len");
        x07_json_uint(json, content->len);
        x07_json_name(json, "path");
        x07_json_string(json, path);
        x07_json_name(json, "sha256");
        x07_json_string(json, hex);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

static void
write_diagnostic(x07_json *json, const char *code, const char *severity, const char *message)
{
    x07_json_begin(json, '{');
    x07_json_name(json, "code");
    x07_json_string(json, code);
    x07_json_name(json, "message");
    x07_json_string(json, message);
    x07_json_name(json, "severity");
    x07_json_string(json, severity);
    x07_json_name(json, "stage");
    x07_json_string(json, "run");
    x07_json_end(json, '}');
}

static void
write_diagnostics(x07_json *json, const struct slicer *slicer)
{
    x07_json_name(json, "diagnostics");
    x07_json_begin(json, '[');
    if (slicer->code) {
        write_diagnostic(json, "X07-TOOL-EXEC-0001", "error", text_string(&slicer->message));
    } else {
        if (slicer->slice.nodes_cut)
            write_diagnostic(json, "X07-AST-SLICE-0001", "info", "x07 ast slice truncated (max_nodes)");
        if (slicer->slice.bytes_cut)
            write_diagnostic(json, "X07-AST-SLICE-0001", "info", "x07 ast slice truncated (max_bytes)");
    }
    x07_json_end(json, ']');
}

static void
print_report(const struct slicer *slicer)
{
    const struct slice_options *given = slicer->options;
    const struct text *read = &slicer->edit.source.text;
    bool in_report = !slicer->code && !given->out;
    struct text line = {0};
    x07_json json = {0};

    x07_json_begin(&json, '{');
    write_diagnostics(&json, slicer);
    x07_json_name(&json, "digests");
    x07_json_begin(&json, '{');
    write_file(&json, "inputs", given->in, read->data ? read : NULL);
    write_file(&json, "outputs", given->out, given->out && !slicer->code ? &slicer->text : NULL);
    x07_json_end(&json, '}');
    x07_json_name(&json, "in");
    x07_json_string(&json, given->in);
    x07_json_name(&json, "ok");
    x07_json_bool(&json, !slicer->code);
    if (given->out) {
        x07_json_name(&json, "out");
        x07_json_string(&json, given->out);
    }
    x07_json_name(&json, "slice_ast");
    x07_json_raw(&json, in_report ? slicer->text.data : "null", in_report ? slicer->text.len - 1 : 4);
    x07_json_name(&json, "slice_meta");
    x07_json_raw(&json, slicer->slice.meta ? slicer->slice.meta : "null",
                 slicer->slice.meta ? strlen(slicer->slice.meta) : 4);
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, &line);
    fwrite(line.data, 1, line.len, stdout);
    text_free(&line);
}

static int
refuse(struct slicer *slicer, int code)
{
    return edit_fail(code, "%s", text_string(&slicer->message));
}

static int
write_slice(struct slicer *slicer)
{
    const char *out = slicer->options->out;

    if (!out)
        return 0;
    if (strcmp(out, "-") == 0) {
        text_puts(&slicer->message, "--out '-' is not supported (stdout is reserved for the report)");
        return refuse(slicer, EDIT_UNREADABLE);
    }
    struct error *error = file_replace(out, slicer->text.data, slicer->text.len, 0666);
    if (!error)
        return 0;
    text_printf(&slicer->message, "write: %s", error->message);
    error_free(error);
    return refuse(slicer, EDIT_UNREADABLE);
}

static int
slice(struct slicer *slicer)
{
    const struct slice_options *given = slicer->options;
    struct edit *edit = &slicer->edit;
    struct slice_request request = {
        .ptr = given->ptr,
        .enclosure = (enum slice_enclosure)choice(enclosures, given->enclosure, SLICE_DECL),
        .closure = closure_classes[choice(closures, given->closure, 3)],
        .max_nodes = given->max_nodes.given ? &given->max_nodes.value : NULL,
        .max_bytes = given->max_bytes.given ? &given->max_bytes.value : NULL,
    };
    int code = edit_open(edit);

    if (code || edit->refusal.len) {
        text_append(&slicer->message, edit->refusal.data, edit->refusal.len);
        return code ? code : refuse(slicer, EDIT_UNREADABLE);
    }
    if (!slice_cut(edit->arena, &edit->document, &request, &slicer->slice, &slicer->message))
        return refuse(slicer, EDIT_REFUSED);
    struct ast_json sorted = ast_json_copy_sorted(edit->arena, &slicer->slice.document);
    ast_json_write(&sorted, &slicer->text);
    text_putc(&slicer->text, '\n');
    return write_slice(slicer);
}

static int
ast_slice(int argc, char **argv)
{
    struct slice_options settings = {0};
    struct slicer slicer = {.options = &settings};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    slicer.edit.in = settings.in;
    slicer.code = slice(&slicer);
    print_report(&slicer);
    text_free(&slicer.text);
    text_free(&slicer.message);
    edit_close(&slicer.edit);
    return slicer.code;
}

const struct command ast_slice_command = {.name = "slice", .run = ast_slice, .options = &table};
