/* read_expr.c: expressions. Nodes of a list are allocated together, each with its place in the document. */
#include "ast/read.h"

#include "base/utf8.h"

struct placed_expr {
    struct ast_expr expr;
    struct ast_loc loc;
};

static bool read_into(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value,
                      bool is_text);

static bool
fail_number(struct ast_reader *reader, const char *problem, const struct ast_json *value,
            const struct ast_loc *loc)
{
    text_printf(reader->message, "%s: ", problem);
    ast_json_display_number(value, reader->message);
    return ast_read_fail_here(reader, loc);
}

static bool
read_integer(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value)
{
    if (value->kind != JSON_INTEGER)
        return fail_number(reader, "number is not an i64", value, expr->loc);
    if (value->integer < INT32_MIN || value->integer > INT32_MAX)
        return fail_number(reader, "number out of i32 range", value, expr->loc);
    expr->kind = AST_INT;
    expr->value = (int32_t)value->integer;
    return true;
}

static bool
read_atom(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value, bool is_text)
{
    if (!is_text && utf8_has_space(value->text, value->count))
        return ast_read_fail(reader, expr->loc, "atom must not contain whitespace");
    expr->kind = AST_ATOM;
    expr->symbol = ast_intern(reader->context, value->text, value->count);
    return true;
}

static bool
read_head(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value)
{
    if (value->kind != JSON_STRING)
        return ast_read_fail(reader, expr->loc, "list head must be an atom string");
    if (utf8_has_space(value->text, value->count))
        return ast_read_fail(reader, expr->loc, "list head must not contain whitespace");
    return read_atom(reader, expr, value, true);
}

static bool
read_list(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value)
{
    if (!value->count)
        return ast_read_fail(reader, expr->loc, "list expression must not be empty");
    struct arena *arena = reader->context->arena;
    struct placed_expr *nodes = ARENA_ARRAY(arena, struct placed_expr, value->count);
    bool is_literal =
        ast_json_is(&value->items[0], "bytes.lit") || ast_json_is(&value->items[0], "bytes.view_lit");

    expr->kind = AST_LIST;
    expr->count = value->count;
    expr->items = ARENA_ARRAY(arena, struct ast_expr *, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct ast_json *item = &value->items[i];

        nodes[i].loc = (struct ast_loc){.parent = expr->loc, .index = i};
        nodes[i].expr.loc = &nodes[i].loc;
        expr->items[i] = &nodes[i].expr;
        if (!(i ? read_into(reader, &nodes[i].expr, item, is_literal && i == 1)
                : read_head(reader, &nodes[i].expr, item)))
            return false;
    }
    return true;
}

/* Reads into a node whose place is set. `is_text`: a string is a literal's text and may hold anything. */
static bool
read_into(struct ast_reader *reader, struct ast_expr *expr, const struct ast_json *value, bool is_text)
{
    switch (value->kind) {
    case JSON_INTEGER:
    case JSON_NATURAL:
    case JSON_REAL:
        return read_integer(reader, expr, value);
    case JSON_STRING:
        return read_atom(reader, expr, value, is_text);
    case JSON_ARRAY:
        return read_list(reader, expr, value);
    default:
        text_puts(reader->message, "unsupported JSON value in expr: ");
        ast_json_display(reader->scratch, value, reader->message);
        return ast_read_fail_here(reader, expr->loc);
    }
}

struct ast_expr *
ast_read_expr(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc)
{
    struct ast_expr *expr = ARENA_NEW(reader->context->arena, struct ast_expr);

    expr->loc = loc;
    return read_into(reader, expr, value, false) ? expr : NULL;
}
