/* pointer.c: see pointer.h. */
#include "ast/pointer.h"

#include "base/quote.h"

#include <inttypes.h>
#include <string.h>

bool
pointer_start(struct pointer *pointer, const char *text, size_t len)
{
    *pointer = (struct pointer){.text = text, .len = len};
    return !len || text[0] == '/';
}

bool
pointer_next(struct pointer *pointer)
{
    if (pointer->at >= pointer->len)
        return false;
    text_clear(&pointer->token);
    for (pointer->at++; pointer->at < pointer->len && pointer->text[pointer->at] != '/'; pointer->at++) {
        char c = pointer->text[pointer->at];
        char escape = c == '~' && pointer->at + 1 < pointer->len ? pointer->text[pointer->at + 1] : '\0';

        if (escape == '0' || escape == '1') {
            c = escape == '0' ? '~' : '/';
            pointer->at++;
        }
        text_putc(&pointer->token, c);
    }
    return true;
}

bool
pointer_is_last(const struct pointer *pointer)
{
    return pointer->at >= pointer->len;
}

bool
pointer_index(const struct pointer *pointer, uint64_t *index)
{
    const struct text *token = &pointer->token;
    uint64_t value = 0;

    if (!token->len || (token->data[0] == '0' && token->len > 1))
        return false;
    for (size_t i = 0; i < token->len; i++) {
        if (token->data[i] < '0' || token->data[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(token->data[i] - '0'), &value))
            return false;
    }
    *index = value;
    return true;
}

size_t
pointer_depth(const char *text, size_t len)
{
    size_t depth = 0;

    for (size_t i = 0; i < len; i++)
        depth += text[i] == '/';
    return depth;
}

static const struct ast_json *
find_member(const struct ast_json *object, const struct text *token)
{
    for (uint32_t i = object->count; i-- > 0;) {
        const struct ast_json_member *member = &object->members[i];

        if (member->name_len == token->len &&
            (!token->len || memcmp(member->name, token->data, token->len) == 0))
            return &member->value;
    }
    return NULL;
}

/* Ends a message that has begun: the pointer in quotes. Returns NULL. */
static const struct ast_json *
fail(const struct pointer *pointer, const char *what, struct text *message)
{
    text_puts(message, what);
    text_append_quoted(message, pointer->text, pointer->len);
    return NULL;
}

const struct ast_json *
pointer_step(const struct pointer *pointer, const struct ast_json *value, struct text *message)
{
    uint64_t index;

    if (value->kind == JSON_OBJECT) {
        const struct ast_json *found = find_member(value, &pointer->token);
        return found ? found : fail(pointer, "path not found: ", message);
    }
    if (value->kind != JSON_ARRAY)
        return fail(pointer, "cannot traverse into non-container at ", message);
    if (!pointer_index(pointer, &index)) {
        fail(pointer, "expected array index in pointer ", message);
        text_puts(message, ", got ");
        text_append_quoted(message, text_string(&pointer->token), pointer->token.len);
        return NULL;
    }
    if (index < value->count)
        return &value->items[index];
    fail(pointer, "array index out of bounds in pointer ", message);
    text_printf(message, ": %" PRIu64, index);
    return NULL;
}

const struct ast_json *
pointer_get(const struct ast_json *root, const char *text, size_t len, struct text *message)
{
    struct pointer pointer;
    const struct ast_json *value = root;

    if (!pointer_start(&pointer, text, len))
        return fail(&pointer, "invalid JSON Pointer (must start with '/' or be empty): ", message);
    while (value && pointer_next(&pointer))
        value = pointer_step(&pointer, value, message);
    text_free(&pointer.token);
    return value;
}

void
pointer_append(struct text *out, const char *token, size_t len)
{
    text_putc(out, '/');
    for (size_t i = 0; i < len; i++) {
        if (token[i] == '~' || token[i] == '/')
            text_puts(out, token[i] == '~' ? "~0" : "~1");
        else
            text_putc(out, token[i]);
    }
}
