/* patch_read.c: patches from JSON, and the order of operations. */
#include "ast/patch.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [PATCH_TEST] = "test", [PATCH_REPLACE] = "replace", [PATCH_MOVE] = "move",
    [PATCH_COPY] = "copy", [PATCH_REMOVE] = "remove",   [PATCH_ADD] = "add",
};

enum { KINDS = sizeof names / sizeof names[0] };

bool
patch_kind_of(const char *name, size_t len, enum patch_kind *kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
            *kind = (enum patch_kind)i;
            return true;
        }
    return false;
}

static bool
fail(struct text *message, size_t index, const char *what, const char *name)
{
    text_printf(message, "%s `%s` at /%zu", what, name, index);
    return false;
}

/* A member that must be a string. */
static bool
read_string(const struct ast_json *object, size_t index, const char *name, const char **text, size_t *len,
            struct text *message)
{
    const struct ast_json *value = ast_json_get(object, name);

    if (!value)
        return fail(message, index, "missing field", name);
    if (value->kind != JSON_STRING)
        return fail(message, index, "expected a string for field", name);
    *text = value->text;
    *len = value->count;
    return true;
}

static bool
read_op(const struct ast_json *value, size_t index, struct patch_op *op, struct text *message)
{
    const char *name;
    size_t len;

    if (value->kind != JSON_OBJECT) {
        text_printf(message, "expected an operation at /%zu", index);
        return false;
    }
    if (!read_string(value, index, "op", &name, &len, message))
        return false;
    if (!patch_kind_of(name, len, &op->kind)) {
        text_printf(message,
                    "unknown operation `%.*s` at /%zu, expected one of `add`, `remove`, `replace`, "
                    "`move`, `copy`, `test`",
                    (int)len, name, index);
        return false;
    }
    if (!read_string(value, index, "path", &op->path, &op->path_len, message))
        return false;
    if (op->kind == PATCH_MOVE || op->kind == PATCH_COPY)
        return read_string(value, index, "from", &op->from, &op->from_len, message);
    if (op->kind == PATCH_REMOVE)
        return true;
    op->value = ast_json_get(value, "value");
    return op->value || fail(message, index, "missing field", "value");
}

struct patch_op *
patch_read(struct arena *arena, const struct ast_json *value, size_t *count, struct text *message)
{
    if (value->kind != JSON_ARRAY) {
        text_puts(message, "a patch must be an array of operations");
        return NULL;
    }
    struct patch_op *ops = ARENA_ARRAY(arena, struct patch_op, (size_t)value->count + 1);
    for (uint32_t i = 0; i < value->count; i++)
        if (!read_op(&value->items[i], i, &ops[i], message))
            return NULL;
    *count = value->count;
    return ops;
}

/* An operation and its place in the list as given. */
struct numbered {
    struct patch_op op;
    size_t number;
};

static bool
is_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return len > 0;
}

static void
skip_zeros(const char **text, size_t *len)
{
    for (; *len > 1 && **text == '0'; (*text)++)
        --*len;
}

/* Integers by value, everything else by bytes. */
static int
compare_tokens(const char *left, size_t left_len, const char *right, size_t right_len)
{
    bool integers = is_digits(left, left_len) && is_digits(right, right_len);

    if (integers) {
        skip_zeros(&left, &left_len);
        skip_zeros(&right, &right_len);
    }
    size_t common = left_len < right_len ? left_len : right_len;
    int order = common && !(integers && left_len != right_len) ? memcmp(left, right, common) : 0;
    return order ? order : (left_len > right_len) - (left_len < right_len);
}

static size_t
token_len(const char *at, const char *end)
{
    const char *slash = memchr(at, '/', (size_t)(end - at));

    return (size_t)((slash ? slash : end) - at);
}

/* Token by token; a prefix comes before what it begins. */
static int
compare_paths(const struct patch_op *left, const struct patch_op *right)
{
    const char *a = left->path, *a_end = a + left->path_len;
    const char *b = right->path, *b_end = b + right->path_len;

    while (a < a_end && *a == '/')
        a++;
    while (b < b_end && *b == '/')
        b++;
    while (a < a_end && b < b_end) {
        size_t a_len = token_len(a, a_end), b_len = token_len(b, b_end);
        int order = compare_tokens(a, a_len, b, b_len);

        if (order)
            return order;
        a += a_len + (a + a_len < a_end);
        b += b_len + (b + b_len < b_end);
    }
    return (a < a_end) - (b < b_end);
}

static int
group_of(const struct patch_op *op)
{
    return op->kind == PATCH_COPY ? PATCH_MOVE : (int)op->kind;
}

/* Tests, moves and copies keep the order given. Of replacements at one path the last one given wins.
 * Additions at one index are made from the last to the first, so that they end up in the order given. */
static int
compare_ops(const void *left_op, const void *right_op)
{
    const struct numbered *left = left_op, *right = right_op;
    int group = group_of(&left->op);
    int order = group - group_of(&right->op);
    int by_number = left->number < right->number ? -1 : left->number > right->number;

    if (order)
        return order;
    if (group == PATCH_TEST || group == PATCH_MOVE)
        return by_number;
    order = compare_paths(&right->op, &left->op);
    if (order)
        return order;
    return group == PATCH_REPLACE ? by_number : -by_number;
}

void
patch_order(struct patch_op *ops, size_t count)
{
    struct numbered *list = memory_alloc((count + 1) * sizeof *list);

    for (size_t i = 0; i < count; i++)
        list[i] = (struct numbered){ops[i], i};
    qsort(list, count, sizeof *list, compare_ops);
    for (size_t i = 0; i < count; i++)
        ops[i] = list[i].op;
    free(list);
}
