/* fuzz_document.c: any bytes are refused with a message, or read, written and read again to the same bytes.
 */
#include "ast/ast.h"

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

/* Reads and writes; `written` stays empty when the document is refused. */
static void
read_and_write(const char *data, size_t size, struct text *written, struct text *message)
{
    struct arena *arena = arena_new();
    struct ast_context context;

    ast_context_init(&context, arena);
    struct ast_doc *doc = ast_read(&context, data, size, message);
    require((doc == NULL) == (message->len > 0));
    if (doc) {
        ast_write(doc, written);
        for (uint32_t i = 0; i < doc->func_count; i++)
            require(doc->funcs[i]->kind == AST_EXTERN || ast_count_nodes(doc->funcs[i]->body) > 0);
    }
    ast_context_free(&context);
    arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text first = {0};
    struct text second = {0};
    struct text message = {0};

    if (ast_check_text((const char *)data, size, "program", &message)) {
        read_and_write((const char *)data, size, &first, &message);
        if (first.len) {
            read_and_write(first.data, first.len, &second, &message);
            require(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
        }
    } else {
        require(message.len > 0);
    }
    text_free(&first);
    text_free(&second);
    text_free(&message);
    return 0;
}
