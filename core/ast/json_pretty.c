/* json_pretty.c: JSON values on several lines. */
#include "ast/json.h"

static void
write_line(struct text *out, unsigned depth)
{
    text_putc(out, '\n');
    for (unsigned i = 0; i < depth; i++)
        text_puts(out, "  ");
}

static void
write_value(const struct ast_json *value, unsigned depth, struct text *out)
{
    bool is_array = value->kind == JSON_ARRAY;

    if ((!is_array && value->kind != JSON_OBJECT) || !value->count) {
        ast_json_write(value, out);
        return;
    }
    text_putc(out, is_array ? '[' : '{');
    for (uint32_t i = 0; i < value->count; i++) {
        text_puts(out, i ? "," : "");
        write_line(out, depth + 1);
        if (is_array) {
            write_value(&value->items[i], depth + 1, out);
            continue;
        }
        ast_json_write_string(value->members[i].name, value->members[i].name_len, out);
        text_puts(out, ": ");
        write_value(&value->members[i].value, depth + 1, out);
    }
    write_line(out, depth);
    text_putc(out, is_array ? ']' : '}');
}

void
ast_json_write_pretty(const struct ast_json *value, struct text *out)
{
    write_value(value, 0, out);
}
