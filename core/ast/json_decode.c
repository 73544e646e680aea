/* json_decode.c: see json_decode.h. */
#include "ast/json_decode.h"

#include "ast/json_locate.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <string.h>

struct decoding {
    struct arena *arena;
    const char *data;
    size_t len;
    const struct ast_json *root;
    struct text *message;
};

static const char *const expectations[] = {
    [SHAPE_STRING] = "a string",    [SHAPE_FLAG] = "a boolean",      [SHAPE_NATURAL] = "u64",
    [SHAPE_STRINGS] = "a sequence", [SHAPE_LIST] = "a sequence",     [SHAPE_MAP] = "a map",
    [SHAPE_TEXTS] = "a map",        [SHAPE_NATURALS] = "a sequence",
};

static bool
fail_at(struct decoding *decoding, size_t offset)
{
    json_append_place(decoding->data, offset, decoding->message);
    return false;
}

/* What stands there instead of what was expected. */
static void
append_unexpected(const struct ast_json *value, struct text *out)
{
    switch (value->kind) {
    case JSON_NULL:
        text_puts(out, "null");
        break;
    case JSON_FALSE:
    case JSON_TRUE:
        text_printf(out, "boolean `%s`", value->kind == JSON_TRUE ? "true" : "false");
        break;
    case JSON_STRING:
        text_puts(out, "string ");
        text_append_quoted(out, value->text, value->count);
        break;
    case JSON_ARRAY:
        text_puts(out, "sequence");
        break;
    case JSON_OBJECT:
        text_puts(out, "map");
        break;
    default:
        text_puts(out, value->kind == JSON_REAL ? "floating point `" : "integer `");
        ast_json_display_number(value, out);
        text_putc(out, '`');
    }
}

static bool
fail_value(struct decoding *decoding, const struct ast_json *value, const char *what, const char *expected)
{
    size_t start, end;
    bool container = value->kind == JSON_ARRAY || value->kind == JSON_OBJECT;

    text_printf(decoding->message, "invalid %s: ", what);
    append_unexpected(value, decoding->message);
    text_printf(decoding->message, ", expected %s", expected);
    json_locate(decoding->data, decoding->len, decoding->root, value, &start, &end);
    return fail_at(decoding, container ? start : end);
}

static bool
decode_string(struct decoding *decoding, const struct ast_json *value, bool trim, const char **out)
{
    if (value->kind != JSON_STRING)
        return fail_value(decoding, value, "type", "a string");
    if (memchr(value->text, '\0', value->count))
        return fail_value(decoding, value, "value", "a string without NUL");
    const char *text = value->text;
    size_t len = value->count;
    if (trim)
        utf8_trim(&text, &len);
    *out = arena_copy(decoding->arena, text, len);
    return true;
}

static bool
decode_strings(struct decoding *decoding, const struct ast_json *value, bool trim, struct json_strings *out)
{
    if (value->kind != JSON_ARRAY)
        return fail_value(decoding, value, "type", "a sequence");
    out->items = ARENA_ARRAY(decoding->arena, const char *, value->count + 1);
    for (; out->count < value->count; out->count++)
        if (!decode_string(decoding, &value->items[out->count], trim, &out->items[out->count]))
            return false;
    return true;
}

static bool decode_object(struct decoding *decoding, const struct ast_json *value,
                          const struct json_shape *shape, void *out);

static bool
decode_list(struct decoding *decoding, const struct ast_json *value, const struct json_shape *shape,
            struct json_list *out)
{
    if (value->kind != JSON_ARRAY)
        return fail_value(decoding, value, "type", "a sequence");
    char *items = arena_alloc(decoding->arena, shape->size * ((size_t)value->count + 1));
    *out = (struct json_list){.given = true, .items = items};
    for (; out->count < value->count; out->count++)
        if (!decode_object(decoding, &value->items[out->count], shape, items + shape->size * out->count))
            return false;
    return true;
}

/* An object whose names are data. */
static bool
decode_map(struct decoding *decoding, const struct ast_json *value, const struct json_shape_field *field,
           struct json_list *out)
{
    size_t size = field->shape ? field->shape->size : sizeof(struct json_text);

    if (value->kind != JSON_OBJECT)
        return fail_value(decoding, value, "type", "a map");
    char *items = arena_alloc(decoding->arena, size * ((size_t)value->count + 1));
    *out = (struct json_list){.given = true, .items = items};
    for (uint32_t i = 0; i < value->count; i++) {
        const struct ast_json_member *member = &value->members[i];
        const struct ast_json name = {.kind = JSON_STRING, .count = member->name_len, .text = member->name};
        char *item = items + size * out->count++;
        bool ok = field->shape ? decode_object(decoding, &member->value, field->shape, item)
                               : decode_string(decoding, &member->value, field->trim,
                                               &((struct json_text *)(void *)item)->text);
        if (!ok || !decode_string(decoding, &name, field->trim, (const char **)(void *)item))
            return false;
    }
    return true;
}

static bool
decode_natural(struct decoding *decoding, const struct ast_json *value, uint64_t max, uint64_t *out)
{
    const char *type = max == UINT16_MAX ? "u16" : max == UINT32_MAX ? "u32" : "u64";

    if (value->kind != JSON_INTEGER && value->kind != JSON_NATURAL)
        return fail_value(decoding, value, "type", type);
    *out = value->kind == JSON_INTEGER ? (uint64_t)value->integer : value->natural;
    if ((value->kind == JSON_INTEGER && value->integer < 0) || (max && *out > max))
        return fail_value(decoding, value, "value", type);
    return true;
}

static bool
decode_naturals(struct decoding *decoding, const struct ast_json *value, uint64_t max,
                struct json_naturals *out)
{
    if (value->kind != JSON_ARRAY)
        return fail_value(decoding, value, "type", "a sequence");
    out->items = ARENA_ARRAY(decoding->arena, uint64_t, value->count + 1);
    for (; out->count < value->count; out->count++)
        if (!decode_natural(decoding, &value->items[out->count], max, &out->items[out->count]))
            return false;
    return true;
}

static bool
decode_field(struct decoding *decoding, const struct ast_json *value, const struct json_shape_field *field,
             void *out)
{
    switch (field->kind) {
    case SHAPE_STRING:
        return decode_string(decoding, value, field->trim, out);
    case SHAPE_FLAG:
        if (value->kind != JSON_TRUE && value->kind != JSON_FALSE)
            return fail_value(decoding, value, "type", expectations[field->kind]);
        *(struct json_flag *)out = (struct json_flag){.given = true, .value = value->kind == JSON_TRUE};
        return true;
    case SHAPE_NATURAL:
        ((struct json_natural *)out)->given = true;
        return decode_natural(decoding, value, field->max, &((struct json_natural *)out)->value);
    case SHAPE_NATURALS:
        return decode_naturals(decoding, value, field->max, out);
    case SHAPE_STRINGS:
        return decode_strings(decoding, value, field->trim, out);
    case SHAPE_OBJECT:
        return decode_object(decoding, value, field->shape, out);
    case SHAPE_LIST:
        return decode_list(decoding, value, field->shape, out);
    case SHAPE_MAP:
    case SHAPE_TEXTS:
        return decode_map(decoding, value, field, out);
    case SHAPE_ANY:
        *(const struct ast_json **)out = value;
        return true;
    }
    return false;
}

const struct json_shape_field *
json_shape_find(const struct json_shape *shape, const struct ast_json_member *member)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (strlen(shape->fields[i].name) == member->name_len &&
            memcmp(shape->fields[i].name, member->name, member->name_len) == 0)
            return &shape->fields[i];
    return NULL;
}

static bool
is_repeated(const struct ast_json *object, uint32_t index)
{
    const struct ast_json_member *member = &object->members[index];

    for (uint32_t i = 0; i < index; i++)
        if (object->members[i].name_len == member->name_len &&
            memcmp(object->members[i].name, member->name, member->name_len) == 0)
            return true;
    return false;
}

static bool
fail_repeated(struct decoding *decoding, const struct ast_json_member *member)
{
    size_t end;

    text_printf(decoding->message, "duplicate field `%.*s`", (int)member->name_len, member->name);
    json_locate_name(decoding->data, decoding->len, decoding->root, member, &end);
    return fail_at(decoding, end);
}

static bool
check_required(struct decoding *decoding, const struct ast_json *value, const struct json_shape *shape)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        size_t start, end;
        if (!shape->fields[i].required || ast_json_get(value, shape->fields[i].name))
            continue;
        text_printf(decoding->message, "missing field `%s`", shape->fields[i].name);
        json_locate(decoding->data, decoding->len, decoding->root, value, &start, &end);
        return fail_at(decoding, end);
    }
    return true;
}

/* Gives what is absent its value. */
static void
fill_absent(const struct json_shape *shape, const struct ast_json *object, void *out)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct json_shape_field *field = &shape->fields[i];
        const struct ast_json *member = object ? ast_json_get(object, field->name) : NULL;
        char *at = (char *)out + field->offset;
        if (member && member->kind != JSON_NULL)
            continue;
        if (field->kind == SHAPE_FLAG)
            ((struct json_flag *)(void *)at)->value = field->otherwise != 0;
        else if (field->kind == SHAPE_NATURAL)
            ((struct json_natural *)(void *)at)->value = field->otherwise;
        else if (field->kind == SHAPE_OBJECT)
            fill_absent(field->shape, NULL, at);
    }
}

static bool
decode_object(struct decoding *decoding, const struct ast_json *value, const struct json_shape *shape,
              void *out)
{
    if (value->kind != JSON_OBJECT)
        return fail_value(decoding, value, "type", arena_printf(decoding->arena, "struct %s", shape->name));
    for (uint32_t i = 0; i < value->count; i++) {
        const struct ast_json_member *member = &value->members[i];
        const struct json_shape_field *field = json_shape_find(shape, member);
        if (!field)
            continue;
        if (is_repeated(value, i))
            return fail_repeated(decoding, member);
        if (field->nullable && member->value.kind == JSON_NULL)
            continue;
        if (!decode_field(decoding, &member->value, field, (char *)out + field->offset))
            return false;
    }
    fill_absent(shape, value, out);
    return check_required(decoding, value, shape);
}

bool
json_decode(struct arena *arena, const char *data, size_t len, const struct json_shape *shape, void *out,
            struct ast_json *document, struct text *message)
{
    struct ast_json *root = ARENA_NEW(arena, struct ast_json);
    struct decoding decoding = {.arena = arena, .data = data, .len = len, .root = root, .message = message};
    size_t valid = utf8_prefix(data, len);

    if (valid < len) {
        text_puts(message, "invalid unicode code point");
        return fail_at(&decoding, valid);
    }
    if (!ast_json_read(arena, data, len, root, message))
        return false;
    if (document)
        *document = *root;
    return decode_object(&decoding, root, shape, out);
}
