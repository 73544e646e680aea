/* read_type.c: type references, and what their shape alone tells. */
#include "ast/read.h"

#include "ast/names.h"
#include "base/quote.h"

#include <string.h>

struct known_type {
    const char *name;
    bool foreign;
    bool takes_brand;
};

/* In the order in which messages list them. */
static const struct known_type known_types[] = {
    {"i32", true, false},
    {"u32", true, false},
    {"bytes", false, true},
    {"bytes_view", false, true},
    {"vec_u8", false, false},
    {"option_i32", false, false},
    {"option_bytes", false, true},
    {"option_bytes_view", false, true},
    {"result_i32", false, false},
    {"result_bytes", false, true},
    {"result_bytes_view", false, true},
    {"result_result_bytes", false, true},
    {"iface", false, false},
    {"ptr_const_u8", true, false},
    {"ptr_mut_u8", true, false},
    {"ptr_const_void", true, false},
    {"ptr_mut_void", true, false},
    {"ptr_const_i32", true, false},
    {"ptr_mut_i32", true, false},
};

enum { KNOWN_TYPE_COUNT = sizeof known_types / sizeof known_types[0] };

static const struct known_type *
find_known(const char *name, size_t len)
{
    for (size_t i = 0; i < KNOWN_TYPE_COUNT; i++) {
        if (strlen(known_types[i].name) == len && memcmp(known_types[i].name, name, len) == 0)
            return &known_types[i];
    }
    return NULL;
}

static bool
fail_unknown(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc)
{
    text_printf(reader->message, "unknown type: %s (expected ",
                ast_read_quote(reader, value->text, value->count));
    for (size_t i = 0; i < KNOWN_TYPE_COUNT; i++)
        text_printf(reader->message, "%s%s",
                    i == 0                     ? ""
                    : i + 1 < KNOWN_TYPE_COUNT ? ", "
                                               : ", or ",
                    known_types[i].name);
    text_putc(reader->message, ')');
    return ast_read_fail_here(reader, loc);
}

static bool
read_named(struct ast_reader *reader, struct ast_type *type, const struct ast_json *value,
           const struct ast_loc *loc)
{
    type->kind = AST_TYPE_NAMED;
    type->name = ast_read_name(reader, value, loc, ast_check_type_name);
    if (!type->name)
        return false;
    return find_known(value->text, value->count) ? true : fail_unknown(reader, value, loc);
}

static bool
read_variable(struct ast_reader *reader, struct ast_type *type, const struct ast_json *value,
              const struct ast_loc *loc)
{
    const struct ast_loc *name_loc = ast_loc_index(reader->context, loc, 1);

    if (value->count != 2)
        return ast_read_fail(reader, loc, "type var expression must be [\"t\", <name>]");
    if (value->items[1].kind != JSON_STRING)
        return ast_read_fail(reader, name_loc, "type var name must be a string");
    type->kind = AST_TYPE_VAR;
    type->name = ast_read_name(reader, &value->items[1], name_loc, ast_check_local);
    return type->name != NULL;
}

static bool
read_application(struct ast_reader *reader, struct ast_type *type, const struct ast_json *value,
                 const struct ast_loc *loc)
{
    type->kind = AST_TYPE_APP;
    type->name =
        ast_read_name(reader, &value->items[0], ast_loc_index(reader->context, loc, 0), ast_check_type_name);
    if (!type->name)
        return false;
    if (value->count < 2)
        return ast_read_fail(reader, loc, "type application must have at least 1 argument");
    type->args = ARENA_ARRAY(reader->context->arena, struct ast_type *, value->count - 1);
    type->count = value->count - 1;
    for (uint32_t i = 0; i < type->count; i++) {
        type->args[i] =
            ast_read_type(reader, &value->items[i + 1], ast_loc_index(reader->context, loc, i + 1));
        if (!type->args[i])
            return false;
    }
    return true;
}

static bool
read_list(struct ast_reader *reader, struct ast_type *type, const struct ast_json *value,
          const struct ast_loc *loc)
{
    if (!value->count)
        return ast_read_fail(reader, loc, "type expression list must not be empty");
    if (value->items[0].kind != JSON_STRING)
        return ast_read_fail(reader, ast_loc_index(reader->context, loc, 0),
                             "type expression head must be a string");
    if (ast_json_is(&value->items[0], "t"))
        return read_variable(reader, type, value, loc);
    return read_application(reader, type, value, loc);
}

struct ast_type *
ast_read_type(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc)
{
    struct ast_type *type = ARENA_NEW(reader->context->arena, struct ast_type);
    bool ok;

    if (value->kind == JSON_STRING)
        ok = read_named(reader, type, value, loc);
    else if (value->kind == JSON_ARRAY)
        ok = read_list(reader, type, value, loc);
    else
        ok = ast_read_fail(reader, loc, "type must be a string or a list");
    return ok ? type : NULL;
}

static bool
is_named(const struct ast_type *type, const char *name)
{
    return type->kind == AST_TYPE_NAMED && strcmp(type->name->text, name) == 0;
}

static bool
is_applied(const struct ast_type *type, const char *head)
{
    return type->kind == AST_TYPE_APP && type->count == 1 && strcmp(type->name->text, head) == 0;
}

/* The list forms of option_bytes, result_bytes and the like. */
static bool
applied_takes_brand(const struct ast_type *type)
{
    bool option = is_applied(type, "option");
    bool result = is_applied(type, "result");

    if (!option && !result)
        return false;
    const struct ast_type *arg = type->args[0];
    if (is_named(arg, "bytes") || is_named(arg, "bytes_view"))
        return true;
    return result &&
           (is_named(arg, "result_bytes") || (is_applied(arg, "result") && is_named(arg->args[0], "bytes")));
}

bool
ast_type_takes_brand(const struct ast_type *type)
{
    if (type->kind != AST_TYPE_NAMED)
        return applied_takes_brand(type);
    const struct known_type *known = find_known(type->name->text, type->name->len);
    return known && known->takes_brand;
}

bool
ast_type_is_foreign(const struct ast_type *type)
{
    if (type->kind != AST_TYPE_NAMED)
        return false;
    const struct known_type *known = find_known(type->name->text, type->name->len);
    return known && known->foreign;
}
