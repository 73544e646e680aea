/* x07c_file.c: see x07c_file.h. */
#include "cli/x07c_file.h"

#include "ast/json.h"
#include "base/utf8.h"
#include "cli/findings.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_ERRORS = 1, EXIT_FAILED = 2 };

static void
print_report(const struct x07c_file *file, const char *diagnostics, size_t count, int code)
{
    struct text line = {0};

    text_printf(&line, "{\"schema_version\":\"x07c.report@0.1.0\",\"command\":\"%s\",\"ok\":%s,\"in\":",
                file->command, code ? "false" : "true");
    ast_json_write_string(file->path, strlen(file->path), &line);
    text_printf(&line, ",\"diagnostics_count\":%zu", count);
    if (count)
        text_printf(&line, ",\"diagnostics\":[%s]", diagnostics);
    text_printf(&line, ",\"exit_code\":%d}\n", code);
    fwrite(line.data, 1, line.len, stdout);
    text_free(&line);
}

int
x07c_fail(struct x07c_file *file, const char *diagnostic, const char *stage, int code, const char *message)
{
    struct text text = {0};

    if (!file->report) {
        fprintf(stderr, "%s\n", message);
        return EXIT_FAILED;
    }
    text_printf(&text, "{\"code\":\"%s\",\"severity\":\"error\",\"stage\":\"%s\",\"message\":", diagnostic,
                stage);
    ast_json_write_string(message, strlen(message), &text);
    text_putc(&text, '}');
    print_report(file, text.data, 1, code);
    text_free(&text);
    return code;
}

int
x07c_open(struct x07c_file *file)
{
    struct text message = {0};

    file->arena = arena_new();
    file->found = (struct diagnostics){.arena = file->arena};
    struct error *error = source_read(&file->source, file->path);
    if (!error)
        return 0;
    text_printf(&message, "read input %s", error->message);
    int code = x07c_fail(file, "X07-IO-READ-0001", "parse", EXIT_FAILED, text_string(&message));
    text_free(&message);
    error_free(error);
    return code;
}

void
x07c_close(struct x07c_file *file)
{
    source_free(&file->source);
    if (file->arena)
        arena_free(file->arena);
}

int
x07c_end(struct x07c_file *file)
{
    int code = diagnostics_ok(&file->found) ? 0 : EXIT_ERRORS;
    struct text text = {0};

    if (file->report) {
        for (size_t i = 0; i < file->found.count; i++) {
            text_puts(&text, i ? "," : "");
            diagnostic_write(file->found.items[i], &text);
        }
        print_report(file, text_string(&text), file->found.count, code);
    }
    text_free(&text);
    return code;
}

int
x07c_lint(struct x07c_file *file, const char *world, const struct text *document)
{
    struct text message = {0};
    struct lint_options rules;
    struct lint_source source;
    int code = 0;

    lint_options_of_world(world ? world : "solve-pure", &rules);
    if (!utf8_check(text_string(document), document->len, &message)) {
        text_puts(&message, " at ");
        code = EXIT_FAILED;
    } else if (!lint_open(&source, text_string(document), document->len, &message)) {
        code = EXIT_FAILED;
    } else {
        lint_document(&source, &rules, &file->found);
        lint_close(&source);
    }
    if (code)
        code = x07c_fail(file, "X07-X07AST-PARSE-0001", "parse", code, text_string(&message));
    text_free(&message);
    return code;
}
