/* document.c: see document.h. */
#include "cli/document.h"

#include "base/utf8.h"

struct ast_doc *
document_read(struct ast_context *context, const struct text *bytes, struct text *message)
{
    if (!utf8_check(text_string(bytes), bytes->len, message)) {
        text_puts(message, " at ");
        return NULL;
    }
    return ast_read(context, text_string(bytes), bytes->len, message);
}

bool
document_read_json(struct arena *arena, const struct text *bytes, struct ast_json *value,
                   struct text *message)
{
    return utf8_check(text_string(bytes), bytes->len, message) &&
           ast_json_read(arena, text_string(bytes), bytes->len, value, message);
}

bool
document_canonical(struct arena *arena, const struct ast_json *value, struct ast_json *canonical,
                   struct text *out, struct text *message)
{
    struct text text = {0}, written = {0};
    struct ast_context context;

    ast_context_init(&context, arena);
    ast_json_write(value, &text);
    struct ast_doc *doc = ast_read(&context, text_string(&text), text.len, message);
    if (doc) {
        ast_write(doc, &written);
        /* The tree's strings point into what it is read from. */
        char *copy = arena_copy(arena, written.data, written.len);
        ast_json_read(arena, copy, written.len, canonical, message);
        if (out)
            text_append(out, written.data, written.len);
    }
    text_free(&text);
    text_free(&written);
    ast_context_free(&context);
    return doc != NULL;
}
