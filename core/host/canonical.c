/* canonical.c: the canonical text of a document, for repair passes. */
#include "ast/ast.h"
#include "ast/json.h"
#include "base/utf8.h"
#include "host/internal.h"

/* Whether the text is JSON at all; appends the reader's message when it is not. */
static bool
is_json(struct arena *arena, const char *text, size_t size, struct text *message)
{
    struct ast_json value;

    return utf8_check(text, size, message) && ast_json_read(arena, text, size, &value, message);
}

x07_status
host_canonical_text(const x07_host *table, const char *text, uint64_t text_size, char **result,
                    uint64_t *result_size)
{
    if (!text || !result || !result_size)
        return table->fail(table, X07_E_ARGUMENT, "E_CANONICAL_ARGUMENT",
                           "canonical_text: incomplete request");
    struct arena *arena = arena_new();
    struct ast_context context;
    struct text message = {0};
    struct text canonical = {0};
    x07_status status = X07_OK;

    ast_context_init(&context, arena);
    if (!is_json(arena, text, (size_t)text_size, &message)) {
        status = table->fail(table, X07_E_INVALID, "E_JSON_SYNTAX", text_string(&message));
    } else {
        struct ast_doc *doc = ast_read(&context, text, (size_t)text_size, &message);
        if (doc)
            ast_write(doc, &canonical);
        else
            status = table->fail(table, X07_E_INVALID, "E_AST", text_string(&message));
    }
    if (status == X07_OK) {
        *result_size = canonical.len;
        *result = text_take(&canonical);
    }
    text_free(&canonical);
    text_free(&message);
    ast_context_free(&context);
    arena_free(arena);
    return status;
}
