/* lint.c: findings and fixes of a document, for repair passes. */
#include "lint/lint.h"

#include "base/utf8.h"
#include "host/internal.h"
#include "lint/fix.h"

/* One call. */
struct look {
    const x07_host *table;
    struct lint_options options;
    struct lint_source source;
    struct diagnostics found;
};

static x07_status
look_begin(struct look *look, const x07_host *table, const char *text, uint64_t size, const char *world)
{
    struct text message = {0};
    x07_status status = X07_OK;

    look->table = table;
    if (!text || !lint_options_of_world(world ? world : "run-os", &look->options))
        return table->fail(table, X07_E_ARGUMENT, "E_LINT_ARGUMENT",
                           "lint: incomplete request or unknown world");
    if (!utf8_check(text, (size_t)size, &message) ||
        !lint_open(&look->source, text, (size_t)size, &message)) {
        status = table->fail(table, X07_E_INVALID, "E_AST", text_string(&message));
        text_free(&message);
        return status;
    }
    look->found = (struct diagnostics){.arena = arena_new()};
    lint_document(&look->source, &look->options, &look->found);
    return X07_OK;
}

static void
look_end(struct look *look)
{
    lint_close(&look->source);
    arena_free(look->found.arena);
}

static void
report(const struct look *look)
{
    static const uint32_t levels[] = {[SEVERITY_ERROR] = X07_LOG_ERROR,
                                      [SEVERITY_WARNING] = X07_LOG_WARNING,
                                      [SEVERITY_INFO] = X07_LOG_NOTE,
                                      [SEVERITY_HINT] = X07_LOG_NOTE};

    host_of(look->table)->in_linter = true;
    for (size_t i = 0; i < look->found.count; i++) {
        const struct diagnostic *item = look->found.items[i];
        x07_finding finding = {
            .size = sizeof finding,
            .severity = levels[item->severity],
            .code = item->code,
            .message = item->message,
            .pointer = item->ptr,
        };
        look->table->report(look->table, &finding);
    }
    host_of(look->table)->in_linter = false;
}

x07_status
host_lint_text(const x07_host *table, const char *text, uint64_t text_size, const char *world,
               uint32_t *errors)
{
    struct look look;

    if (!errors)
        return table->fail(table, X07_E_ARGUMENT, "E_LINT_ARGUMENT", "lint_text: incomplete request");
    x07_status status = look_begin(&look, table, text, text_size, world);
    if (status != X07_OK)
        return status;
    report(&look);
    *errors = (uint32_t)lint_error_count(&look.found);
    look_end(&look);
    return X07_OK;
}

x07_status
host_fix_text(const x07_host *table, const char *text, uint64_t text_size, const char *world, char **result,
              uint64_t *result_size, uint32_t *applied_ops)
{
    struct text fixed = {0};
    struct text message = {0};
    uint64_t applied = 0;
    struct look look;

    if (!result || !result_size || !applied_ops)
        return table->fail(table, X07_E_ARGUMENT, "E_LINT_ARGUMENT", "fix_text: incomplete request");
    x07_status status = look_begin(&look, table, text, text_size, world);
    if (status != X07_OK)
        return status;
    if (!fix_round(&look.source, &look.found, &fixed, &applied, &message))
        status = table->fail(table, X07_E_INVALID, "E_FIX", text_string(&message));
    look_end(&look);
    *applied_ops = (uint32_t)applied;
    *result_size = applied ? fixed.len : 0;
    *result = applied ? text_take(&fixed) : NULL;
    text_free(&fixed);
    text_free(&message);
    return status;
}
