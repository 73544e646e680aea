/* fuzz_lint.c: any document is linted without harm; its findings are JSON; and repairing it gives a document
 * in canonical form, or a message. */
#include "ast/ast.h"
#include "ast/json.h"
#include "lint/fix.h"
#include "lint/lint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
    if (!condition)
        abort();
}

static void
require_json(const char *data, size_t len)
{
    struct arena *arena = arena_new();
    struct ast_json value;
    struct text message = {0};

    require(ast_json_read(arena, data, len, &value, &message));
    arena_free(arena);
}

static void
lint(const char *data, size_t size, const struct lint_options *options)
{
    struct diagnostics found = {.arena = arena_new()};
    struct lint_source source;
    struct text message = {0};
    struct text report = {0};

    if (lint_open(&source, data, size, &message)) {
        lint_document(&source, options, &found);
        text_putc(&report, '[');
        lint_write(&found, "f", &report);
        text_putc(&report, ']');
        require_json(report.data, report.len);
        lint_close(&source);
    } else {
        require(message.len > 0);
    }
    text_free(&report);
    text_free(&message);
    arena_free(found.arena);
}

static void
fix(const char *data, size_t size, const struct lint_options *options)
{
    struct fix_outcome outcome;
    struct text fixed = {0};
    struct text again = {0};
    struct text message = {0};

    if (!fix_document(data, size, options, 3, &fixed, &outcome, &message)) {
        require(message.len > 0);
    } else if (!outcome.errors) {
        require(fix_document(fixed.data, fixed.len, options, 3, &again, &outcome, &message));
        require(!outcome.applied && fixed.len == again.len && memcmp(fixed.data, again.data, fixed.len) == 0);
    }
    text_free(&fixed);
    text_free(&again);
    text_free(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const worlds[] = {"solve-pure", "run-os"};
    struct lint_options options;
    struct text message = {0};

    if (ast_check_text((const char *)data, size, "program", &message))
        for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
            require(lint_options_of_world(worlds[i], &options));
            lint((const char *)data, size, &options);
            fix((const char *)data, size, &options);
        }
    text_free(&message);
    return 0;
}
