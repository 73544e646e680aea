/* json.c: JSON values and containers; strings and numbers have files of their own. */
#include "ast/json.h"

#include "ast/json_reader.h"

#include <string.h>

enum { MAX_DEPTH = 127 };

static bool read_value(struct json_reader *reader, struct ast_json *value);

bool
json_fail(struct json_reader *reader, const char *at, const char *text)
{
    size_t line = 1;
    const char *line_start = reader->data;

    for (const char *feed = reader->data; feed < at; line_start = ++feed, line++) {
        feed = memchr(feed, '\n', (size_t)(at - feed));
        if (!feed)
            break;
    }
    text_printf(reader->message, "%s at line %zu column %zu", text, line, (size_t)(at - line_start));
    return false;
}

bool
json_fail_peek(struct json_reader *reader, const char *text)
{
    return json_fail(reader, reader->at < reader->end ? reader->at + 1 : reader->end, text);
}

/* Skips blanks. Returns the next byte, or -1 at the end. */
static int
skip_blanks(struct json_reader *reader)
{
    const char *at = reader->at;

    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    reader->at = at;
    return at < reader->end ? (unsigned char)*at : -1;
}

static bool
read_word(struct json_reader *reader, const char *rest)
{
    for (reader->at++; *rest; rest++) {
        if (reader->at == reader->end)
            return json_fail(reader, reader->at, "EOF while parsing a value");
        if (*reader->at++ != *rest)
            return json_fail(reader, reader->at, "expected ident");
    }
    return true;
}

/* Puts an item or a member of the open container on the stack. Inline and without the final NUL of
 * text_append, since this runs once per value. */
static inline void
push(struct json_reader *reader, const void *value, size_t size)
{
    struct text *stack = &reader->stack;

    if (stack->capacity - stack->len < size)
        text_reserve(stack, size);
    memcpy(stack->data + stack->len, value, size);
    stack->len += size;
}

/* Moves what the container has put on the stack since `mark` to the arena. */
static void *
take_stack(struct json_reader *reader, size_t mark)
{
    size_t bytes = reader->stack.len - mark;
    void *result = NULL;

    if (bytes) {
        result = arena_alloc(reader->arena, bytes);
        memcpy(result, reader->stack.data + mark, bytes);
    }
    reader->stack.len = mark;
    return result;
}

static bool
enter_container(struct json_reader *reader)
{
    if (reader->depth == MAX_DEPTH)
        return json_fail_peek(reader, "recursion limit exceeded");
    reader->depth++;
    reader->at++;
    return true;
}

static bool
read_array(struct json_reader *reader, struct ast_json *value)
{
    size_t mark = reader->stack.len;
    uint32_t count = 0;

    if (!enter_container(reader))
        return false;
    for (;;) {
        struct ast_json item;
        int next = skip_blanks(reader);

        if (next < 0)
            return json_fail_peek(reader, "EOF while parsing a list");
        if (next == ']')
            break;
        if (count) {
            if (next != ',')
                return json_fail_peek(reader, "expected `,` or `]`");
            reader->at++;
            if (skip_blanks(reader) == ']')
                return json_fail_peek(reader, "trailing comma");
        }
        if (!read_value(reader, &item))
            return false;
        push(reader, &item, sizeof item);
        count++;
    }
    reader->at++;
    reader->depth--;
    *value = (struct ast_json){.kind = JSON_ARRAY, .count = count};
    value->items = take_stack(reader, mark);
    return true;
}

/* Reads up to the colon of a member; `next` is the first byte of the name. */
static bool
read_name(struct json_reader *reader, int next, struct ast_json_member *member)
{
    if (next < 0)
        return json_fail_peek(reader, "EOF while parsing a value");
    if (next != '"')
        return json_fail_peek(reader, "key must be a string");
    reader->at++;
    if (!json_read_string(reader, &member->name, &member->name_len))
        return false;
    next = skip_blanks(reader);
    if (next < 0)
        return json_fail_peek(reader, "EOF while parsing an object");
    if (next != ':')
        return json_fail_peek(reader, "expected `:`");
    reader->at++;
    return true;
}

static bool
read_object(struct json_reader *reader, struct ast_json *value)
{
    size_t mark = reader->stack.len;
    uint32_t count = 0;

    if (!enter_container(reader))
        return false;
    for (;;) {
        struct ast_json_member member = {0};
        int next = skip_blanks(reader);

        if (next < 0)
            return json_fail_peek(reader, "EOF while parsing an object");
        if (next == '}')
            break;
        if (count) {
            if (next != ',')
                return json_fail_peek(reader, "expected `,` or `}`");
            reader->at++;
            next = skip_blanks(reader);
            if (next == '}')
                return json_fail_peek(reader, "trailing comma");
        }
        if (!read_name(reader, next, &member) || !read_value(reader, &member.value))
            return false;
        push(reader, &member, sizeof member);
        count++;
    }
    reader->at++;
    reader->depth--;
    *value = (struct ast_json){.kind = JSON_OBJECT, .count = count};
    value->members = take_stack(reader, mark);
    return true;
}

static bool
read_value(struct json_reader *reader, struct ast_json *value)
{
    int next = skip_blanks(reader);

    switch (next) {
    case -1:
        return json_fail_peek(reader, "EOF while parsing a value");
    case '"':
        *value = (struct ast_json){.kind = JSON_STRING};
        reader->at++;
        return json_read_string(reader, &value->text, &value->count);
    case '[':
        return read_array(reader, value);
    case '{':
        return read_object(reader, value);
    case 'n':
        *value = (struct ast_json){.kind = JSON_NULL};
        return read_word(reader, "ull");
    case 't':
        *value = (struct ast_json){.kind = JSON_TRUE};
        return read_word(reader, "rue");
    case 'f':
        *value = (struct ast_json){.kind = JSON_FALSE};
        return read_word(reader, "alse");
    default:
        if (next == '-' || (next >= '0' && next <= '9'))
            return json_read_number(reader, value);
        return json_fail_peek(reader, "expected value");
    }
}

static bool
read_text(struct json_reader *reader, struct ast_json *value)
{
    if (!read_value(reader, value))
        return false;
    if (skip_blanks(reader) >= 0)
        return json_fail_peek(reader, "trailing characters");
    return true;
}

bool
ast_json_read(struct arena *arena, const char *data, size_t len, struct ast_json *value, struct text *message)
{
    struct json_reader reader = {
        .data = data, .at = data, .end = data + len, .arena = arena, .message = message};

    if (len >= UINT32_MAX)
        return json_fail(&reader, data, "document too large (4 GiB or more)");
    bool ok = read_text(&reader, value);
    text_free(&reader.stack);
    return ok;
}

const struct ast_json *
ast_json_get(const struct ast_json *object, const char *name)
{
    size_t len = strlen(name);

    for (uint32_t i = object->count; i-- > 0;) {
        const struct ast_json_member *member = &object->members[i];

        if (member->name_len == len && memcmp(member->name, name, len) == 0)
            return &member->value;
    }
    return NULL;
}

bool
ast_json_is(const struct ast_json *value, const char *string)
{
    return value->kind == JSON_STRING && value->count == strlen(string) &&
           memcmp(value->text, string, value->count) == 0;
}
