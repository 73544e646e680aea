/* json_write.c: JSON values as text: canonical, and as error messages show them. */
#include "ast/json.h"

#include "ast/number.h"
#include "base/quote.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Order by name; equal names keep the order in which they were written. */
static int
member_compare(const void *left, const void *right)
{
    const struct ast_json_member *a = *(const struct ast_json_member *const *)left;
    const struct ast_json_member *b = *(const struct ast_json_member *const *)right;
    size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = common ? memcmp(a->name, b->name, common) : 0;

    if (order)
        return order;
    if (a->name_len != b->name_len)
        return a->name_len < b->name_len ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool
same_name(const struct ast_json_member *a, const struct ast_json_member *b)
{
    return a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0;
}

/* The members that count, in order of their names. */
static const struct ast_json_member **
sort_members(struct arena *arena, const struct ast_json *object, uint32_t *count)
{
    const struct ast_json_member **sorted =
        ARENA_ARRAY(arena, const struct ast_json_member *, (size_t)object->count + 1);

    *count = 0;
    for (uint32_t i = 0; i < object->count; i++)
        sorted[i] = &object->members[i];
    qsort(sorted, object->count, sizeof *sorted, member_compare);
    for (uint32_t i = 0; i < object->count; i++) {
        if (i + 1 < object->count && same_name(sorted[i], sorted[i + 1]))
            continue;
        sorted[(*count)++] = sorted[i];
    }
    return sorted;
}

static struct ast_json
copy_array(struct arena *arena, const struct ast_json *value)
{
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, value->count);

    for (uint32_t i = 0; i < value->count; i++)
        items[i] = ast_json_copy_sorted(arena, &value->items[i]);
    return (struct ast_json){.kind = JSON_ARRAY, .count = value->count, .items = items};
}

static struct ast_json
copy_object(struct arena *arena, const struct ast_json *value)
{
    uint32_t count;
    const struct ast_json_member **sorted = sort_members(arena, value, &count);
    struct ast_json_member *members = ARENA_ARRAY(arena, struct ast_json_member, count);

    for (uint32_t i = 0; i < count; i++) {
        members[i].name = arena_copy(arena, sorted[i]->name, sorted[i]->name_len);
        members[i].name_len = sorted[i]->name_len;
        members[i].value = ast_json_copy_sorted(arena, &sorted[i]->value);
    }
    return (struct ast_json){.kind = JSON_OBJECT, .count = count, .members = members};
}

struct ast_json
ast_json_copy_sorted(struct arena *arena, const struct ast_json *value)
{
    struct ast_json copy = *value;

    switch (value->kind) {
    case JSON_STRING:
        copy.text = arena_copy(arena, value->text, value->count);
        return copy;
    case JSON_ARRAY:
        return copy_array(arena, value);
    case JSON_OBJECT:
        return copy_object(arena, value);
    default:
        return copy;
    }
}

static void
write_escape(char c, struct text *out)
{
    static const char specials[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = c ? strchr(specials, c) : NULL;

    if (found)
        text_printf(out, "\\%c", letters[found - specials]);
    else
        text_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

void
ast_json_write_string(const char *data, size_t len, struct text *out)
{
    size_t start = 0;

    text_putc(out, '"');
    for (size_t at = 0; at < len; at++) {
        char c = data[at];

        if (c != '"' && c != '\\' && (unsigned char)c >= 0x20)
            continue;
        text_append(out, data + start, at - start);
        write_escape(c, out);
        start = at + 1;
    }
    text_append(out, data + start, len - start);
    text_putc(out, '"');
}

static void
write_number(const struct ast_json *value, bool plus, struct text *out)
{
    if (value->kind == JSON_INTEGER)
        text_printf(out, "%" PRId64, value->integer);
    else if (value->kind == JSON_NATURAL)
        text_printf(out, "%" PRIu64, value->natural);
    else
        number_write(value->real, plus, out);
}

void
ast_json_write(const struct ast_json *value, struct text *out)
{
    static const char *const words[] = {[JSON_NULL] = "null", [JSON_FALSE] = "false", [JSON_TRUE] = "true"};

    switch (value->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        text_puts(out, words[value->kind]);
        break;
    case JSON_INTEGER:
    case JSON_NATURAL:
    case JSON_REAL:
        write_number(value, true, out);
        break;
    case JSON_STRING:
        ast_json_write_string(value->text, value->count, out);
        break;
    case JSON_ARRAY:
        text_putc(out, '[');
        for (uint32_t i = 0; i < value->count; i++) {
            text_puts(out, i ? "," : "");
            ast_json_write(&value->items[i], out);
        }
        text_putc(out, ']');
        break;
    case JSON_OBJECT:
        text_putc(out, '{');
        for (uint32_t i = 0; i < value->count; i++) {
            text_puts(out, i ? "," : "");
            ast_json_write_string(value->members[i].name, value->members[i].name_len, out);
            text_putc(out, ':');
            ast_json_write(&value->members[i].value, out);
        }
        text_putc(out, '}');
        break;
    }
}

void
ast_json_display_number(const struct ast_json *value, struct text *out)
{
    write_number(value, false, out);
}

static void
display_object(struct arena *arena, const struct ast_json *value, struct text *out)
{
    uint32_t count;
    const struct ast_json_member **sorted = sort_members(arena, value, &count);

    text_puts(out, "Object {");
    for (uint32_t i = 0; i < count; i++) {
        text_puts(out, i ? ", " : "");
        text_append_quoted(out, sorted[i]->name, sorted[i]->name_len);
        text_puts(out, ": ");
        ast_json_display(arena, &sorted[i]->value, out);
    }
    text_putc(out, '}');
}

void
ast_json_display(struct arena *arena, const struct ast_json *value, struct text *out)
{
    static const char *const words[] = {
        [JSON_NULL] = "Null", [JSON_FALSE] = "Bool(false)", [JSON_TRUE] = "Bool(true)"};

    switch (value->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        text_puts(out, words[value->kind]);
        break;
    case JSON_INTEGER:
    case JSON_NATURAL:
    case JSON_REAL:
        text_puts(out, "Number(");
        ast_json_display_number(value, out);
        text_putc(out, ')');
        break;
    case JSON_STRING:
        text_puts(out, "String(");
        text_append_quoted(out, value->text, value->count);
        text_putc(out, ')');
        break;
    case JSON_ARRAY:
        text_puts(out, "Array [");
        for (uint32_t i = 0; i < value->count; i++) {
            text_puts(out, i ? ", " : "");
            ast_json_display(arena, &value->items[i], out);
        }
        text_putc(out, ']');
        break;
    case JSON_OBJECT:
        display_object(arena, value, out);
        break;
    }
}
