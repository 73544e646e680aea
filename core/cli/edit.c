/* edit.c: see edit.h. */
#include "cli/edit.h"

#include "base/file.h"
#include "cli/document.h"
#include "cli/validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
edit_fail(int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return code;
}

/* An error's message without the path that it begins with. */
static const char *
without_path(const struct error *error, const char *path)
{
    size_t len = strlen(path);
    bool begins = strncmp(error->message, path, len) == 0 && strncmp(error->message + len, ": ", 2) == 0;

    return error->message + (begins ? len + 2 : 0);
}

int
edit_open(struct edit *edit)
{
    struct ast_json raw;

    edit->arena = arena_new();
    struct error *error = source_read(&edit->source, edit->in);
    if (error) {
        text_puts(&edit->refusal, without_path(error, edit->in));
        error_free(error);
        return edit_fail(EDIT_UNREADABLE, "%s", text_string(&edit->refusal));
    }
    if (!document_read_json(edit->arena, &edit->source.text, &raw, &edit->refusal))
        return edit_fail(EDIT_UNREADABLE, "%s", text_string(&edit->refusal));
    if (!document_canonical(edit->arena, &raw, &edit->document, NULL, &edit->refusal))
        edit->document = raw;
    return 0;
}

int
edit_open_document(struct edit *edit)
{
    int code = edit_open(edit);

    if (code || !edit->refusal.len)
        return code;
    return edit_fail(EDIT_REFUSED, "parse x07AST failed: %s", text_string(&edit->refusal));
}

bool
edit_read_json(struct edit *edit, const char *path, struct ast_json *value, struct text *message)
{
    struct text bytes = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &bytes);

    if (error) {
        text_puts(message, without_path(error, path));
        error_free(error);
        text_free(&bytes);
        return false;
    }
    struct text kept = {.data = arena_copy(edit->arena, text_string(&bytes), bytes.len), .len = bytes.len};
    text_free(&bytes);
    return document_read_json(edit->arena, &kept, value, message);
}

static const char *
target_of(const struct edit *edit)
{
    return edit->out ? edit->out : edit->in;
}

/* Where it was read it must not have changed meanwhile. */
static struct error *
write_result(const struct edit *edit, const struct text *text)
{
    if (!edit->out || strcmp(edit->out, edit->in) == 0)
        return source_replace(&edit->source, text->data, text->len);
    return file_replace(edit->out, text->data, text->len, 0666);
}

static int
write_text(struct edit *edit, const struct text *text)
{
    struct error *error = write_result(edit, text);

    if (error) {
        edit_fail(EDIT_UNREADABLE, "write: %s", error->message);
        error_free(error);
        return EDIT_UNREADABLE;
    }
    sha256_hex(text->data, text->len, edit->sha256);
    return 0;
}

int
edit_save(struct edit *edit, const struct ast_json *result, bool must_be)
{
    struct text text = {0}, message = {0};
    struct ast_json canonical;
    bool is_document = document_canonical(edit->arena, result, &canonical, &text, &message);
    int code = 0;

    if (edit->out && strcmp(edit->out, "-") == 0)
        code = edit_fail(EDIT_UNREADABLE, "--out '-' is not supported (stdout is reserved for the report)");
    else if (must_be && !is_document)
        code = edit_fail(EDIT_NOT_APPLIED, "edited doc is not valid x07AST: %s", text_string(&message));
    else if (edit->validate && !validate_print(edit->arena, is_document ? &canonical : result)) {
        edit->reported = true;
        code = EDIT_REFUSED;
    }
    if (!code && !is_document) {
        struct ast_json sorted = ast_json_copy_sorted(edit->arena, result);
        ast_json_write(&sorted, &text);
        text_putc(&text, '\n');
    }
    if (!code)
        code = write_text(edit, &text);
    text_free(&text);
    text_free(&message);
    return code;
}

int
edit_report(const struct edit *edit, int code, const char *more)
{
    struct text line = {0};
    const char *out = target_of(edit);

    if (edit->reported)
        return code;
    text_printf(&line, "{\"ok\":%s,\"in\":", code ? "false" : "true");
    ast_json_write_string(edit->in, strlen(edit->in), &line);
    text_puts(&line, ",\"out\":");
    ast_json_write_string(out, strlen(out), &line);
    text_printf(&line, "%s,\"sha256\":\"%s\"}\n", more ? more : "", edit->sha256);
    fwrite(line.data, 1, line.len, stdout);
    text_free(&line);
    return code;
}

void
edit_close(struct edit *edit)
{
    source_free(&edit->source);
    text_free(&edit->refusal);
    if (edit->arena)
        arena_free(edit->arena);
}
