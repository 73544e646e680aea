/* fuzz_patch.c: a document and a patch, as [document, patch]: refused with a message and the document as it
 * was, or applied, with a result that can be written and read back. The schema is asked about both. */
#include "ast/json_schema.h"
#include "ast/patch.h"
#include "ast/schemas.h"
#include "base/utf8.h"

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
count_violation(void *context, const char *instance, const char *schema, const char *message)
{
    require(message[0] && schema[0] && (!instance[0] || instance[0] == '/'));
    ++*(size_t *)context;
}

/* What is written reads back as the same value. */
static void
check_result(struct arena *arena, const struct ast_json *value)
{
    struct text first = {0}, second = {0}, message = {0};
    struct ast_json again;
    size_t violations = 0;

    ast_json_write(value, &first);
    require(ast_json_read(arena, first.data, first.len, &again, &message));
    ast_json_write(&again, &second);
    require(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    bool ok = json_schema_check(schemas_find(arena, "x07ast-0.5.0"), &again, count_violation, &violations);
    require(ok == (violations == 0));
    text_free(&first);
    text_free(&second);
    text_free(&message);
}

static void
apply(struct arena *arena, const struct ast_json *pair)
{
    struct ast_json document = pair->items[0];
    struct text message = {0}, before = {0}, after = {0};
    size_t count = 0;
    struct patch_op *ops = patch_read(arena, &pair->items[1], &count, &message);

    ast_json_write(&document, &before);
    bool ok = ops && patch_apply(arena, &document, ops, count, &message);
    require(ok == (message.len == 0));
    if (ok) {
        check_result(arena, &document);
    } else {
        ast_json_write(&document, &after);
        require(before.len == after.len && memcmp(before.data, after.data, before.len) == 0);
    }
    if (ops) {
        document = pair->items[0];
        text_clear(&message);
        patch_order(ops, count);
        if (patch_apply(arena, &document, ops, count, &message))
            check_result(arena, &document);
    }
    text_free(&before);
    text_free(&after);
    text_free(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct text message = {0};
    struct ast_json pair;

    if (utf8_check((const char *)data, size, &message) &&
        ast_json_read(arena, (const char *)data, size, &pair, &message) && pair.kind == JSON_ARRAY &&
        pair.count == 2)
        apply(arena, &pair);
    text_free(&message);
    arena_free(arena);
    return 0;
}
