/* read_func.c: the fields of functions: type parameters, contracts, parameters, result, body. */
#include "ast/read.h"

#include "ast/names.h"

static bool
read_bound(struct ast_reader *reader, struct ast_type_param *param, const struct ast_json *item)
{
    const struct ast_json *bound;

    if (!ast_read_optional_string(reader, item, param->loc, "bound", &bound))
        return false;
    if (!bound)
        return true;
    param->bound = ast_read_name(reader, bound, ast_loc_member(reader->context, param->loc, "bound"),
                                 ast_check_type_name);
    return param->bound != NULL;
}

static bool
read_type_param(struct ast_reader *reader, struct ast_type_param *param, const struct ast_json *item,
                struct symbol_set *seen)
{
    const struct ast_loc *name_loc = ast_loc_member(reader->context, param->loc, "name");

    if (item->kind != JSON_OBJECT)
        return ast_read_fail(reader, param->loc, "type_params item must be an object");
    const struct ast_json *name = ast_read_string(reader, item, param->loc, "name");
    if (!name || !(param->name = ast_read_name(reader, name, name_loc, ast_check_local)))
        return false;
    if (!symbol_set_add(seen, param->name))
        return ast_read_fail(reader, name_loc, "duplicate type param name: %s",
                             ast_read_quote(reader, param->name->text, param->name->len));
    return read_bound(reader, param, item);
}

static bool
read_type_params(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    const struct ast_json *list = ast_json_get(decl, "type_params");
    const struct ast_loc *loc = ast_loc_member(reader->context, func->loc, "type_params");
    struct symbol_set seen = {0};
    bool ok = true;

    if (!list)
        return true;
    if (list->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "type_params must be an array");
    func->type_params = ARENA_ARRAY(reader->context->arena, struct ast_type_param, list->count);
    func->type_param_count = list->count;
    for (uint32_t i = 0; ok && i < list->count; i++) {
        func->type_params[i].loc = ast_loc_index(reader->context, loc, i);
        ok = read_type_param(reader, &func->type_params[i], &list->items[i], &seen);
    }
    symbol_set_free(&seen);
    return ok;
}

static bool
read_witness(struct ast_reader *reader, struct ast_clause *clause, const struct ast_json *item)
{
    const struct ast_json *list = ast_json_get(item, "witness");
    const struct ast_loc *loc = ast_loc_member(reader->context, clause->loc, "witness");

    if (!list)
        return true;
    if (list->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "witness must be an array");
    clause->witness = ARENA_ARRAY(reader->context->arena, struct ast_expr *, list->count);
    clause->witness_count = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        clause->witness[i] = ast_read_expr(reader, &list->items[i], ast_loc_index(reader->context, loc, i));
        if (!clause->witness[i])
            return false;
    }
    return true;
}

static bool
read_clause(struct ast_reader *reader, struct ast_clause *clause, const struct ast_json *item,
            const char *field)
{
    const struct ast_json *id;

    if (item->kind != JSON_OBJECT)
        return ast_read_fail(reader, clause->loc, "%s clause must be an object", field);
    if (!ast_read_optional_string(reader, item, clause->loc, "id", &id))
        return false;
    if (id)
        clause->id = ast_intern(reader->context, id->text, id->count);
    const struct ast_json *expr = ast_json_get(item, "expr");
    if (!expr)
        return ast_read_fail(reader, clause->loc, "missing required field: expr");
    clause->expr = ast_read_expr(reader, expr, ast_loc_member(reader->context, clause->loc, "expr"));
    return clause->expr && read_witness(reader, clause, item);
}

static bool
read_clauses(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl,
             enum ast_contract contract, const char *field)
{
    const struct ast_json *list = ast_json_get(decl, field);
    const struct ast_loc *loc = ast_loc_member(reader->context, func->loc, field);

    if (!list)
        return true;
    if (list->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "%s must be an array", field);
    struct ast_clause *clauses = ARENA_ARRAY(reader->context->arena, struct ast_clause, list->count);
    func->clauses[contract] = clauses;
    func->clause_count[contract] = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        clauses[i].loc = ast_loc_index(reader->context, loc, i);
        if (!read_clause(reader, &clauses[i], &list->items[i], field))
            return false;
    }
    return true;
}

static bool
read_contracts(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    static const char *const fields[AST_CONTRACT_KINDS] = {
        [AST_REQUIRES] = "requires", [AST_ENSURES] = "ensures", [AST_INVARIANT] = "invariant"};

    for (int i = 0; i < AST_CONTRACT_KINDS; i++) {
        if (reader->doc->minor < 5 && ast_json_get(decl, fields[i]))
            return ast_read_fail(reader, ast_loc_member(reader->context, func->loc, fields[i]),
                                 "%s is only supported in x07.x07ast@0.5.0", fields[i]);
    }
    for (int i = 0; i < AST_CONTRACT_KINDS; i++) {
        if (!read_clauses(reader, func, decl, (enum ast_contract)i, fields[i]))
            return false;
    }
    return true;
}

/* A brand of a parameter or a result; `type_loc` is where a type that takes none is reported. */
static bool
read_brand(struct ast_reader *reader, const struct ast_json *object, const struct ast_loc *loc,
           const char *field, const struct ast_type *type, const char *type_field, struct symbol **brand)
{
    const struct ast_json *value;
    struct text shown = {0};

    if (!ast_read_optional_string(reader, object, loc, field, &value))
        return false;
    if (!value)
        return true;
    *brand = ast_read_name(reader, value, ast_loc_member(reader->context, loc, field), ast_check_symbol);
    if (!*brand)
        return false;
    if (ast_type_takes_brand(type))
        return true;
    ast_type_display(type, &shown);
    ast_read_fail(reader, ast_loc_member(reader->context, loc, type_field),
                  "E_BRAND_BAD_TY: %s is not allowed on %s type %s", field,
                  *type_field == 't' ? "param" : type_field, text_string(&shown));
    text_free(&shown);
    return false;
}

static bool
read_param(struct ast_reader *reader, struct ast_param *param, const struct ast_json *item, const char *kind)
{
    const struct ast_loc *name_loc = ast_loc_member(reader->context, param->loc, "name");
    const struct ast_json *name = ast_read_string(reader, item, param->loc, "name");

    if (!name || !(param->name = ast_read_name(reader, name, name_loc, ast_check_local)))
        return false;
    if (ast_json_is(name, "input"))
        return ast_read_fail(reader, name_loc,
                             "%s arg name must not be 'input' (reserved); rename to 'data', 'payload', "
                             "'in_bytes', or 'buf'",
                             kind);
    const struct ast_json *type = ast_json_get(item, "ty");
    if (!type)
        return ast_read_fail(reader, param->loc, "missing required field: ty");
    param->type = ast_read_type(reader, type, ast_loc_member(reader->context, param->loc, "ty"));
    return param->type && read_brand(reader, item, param->loc, "brand", param->type, "ty", &param->brand);
}

bool
ast_read_params(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl,
                const char *kind)
{
    const struct ast_json *list = ast_json_get(decl, "params");
    const struct ast_loc *loc = ast_loc_member(reader->context, func->loc, "params");

    if (!list)
        return ast_read_fail(reader, func->loc, "missing required field: params in %s", kind);
    if (list->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "%s.params must be an array", kind);
    func->params = ARENA_ARRAY(reader->context->arena, struct ast_param, list->count);
    func->param_count = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        struct ast_param *param = &func->params[i];

        param->loc = ast_loc_index(reader->context, loc, i);
        if (list->items[i].kind != JSON_OBJECT)
            return ast_read_fail(reader, param->loc, "%s.params[%u] must be an object", kind, i);
        if (!read_param(reader, param, &list->items[i], kind))
            return false;
    }
    return true;
}

static bool
read_result(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl, const char *kind)
{
    const struct ast_json *result = ast_json_get(decl, "result");

    if (!result)
        return ast_read_fail(reader, func->loc, "missing required field: result in %s", kind);
    func->result = ast_read_type(reader, result, ast_loc_member(reader->context, func->loc, "result"));
    return func->result &&
           read_brand(reader, decl, func->loc, "result_brand", func->result, "result", &func->result_brand);
}

static bool
read_body(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl, const char *kind)
{
    const struct ast_json *body = ast_json_get(decl, "body");

    if (!body)
        return ast_read_fail(reader, func->loc, "missing required field: body in %s", kind);
    func->body = ast_read_expr(reader, body, ast_loc_member(reader->context, func->loc, "body"));
    return func->body != NULL;
}

bool
ast_read_func(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    const char *kind = func->kind == AST_DEFN ? "defn" : "defasync";

    return read_type_params(reader, func, decl) && read_contracts(reader, func, decl) &&
           ast_read_params(reader, func, decl, kind) && read_result(reader, func, decl, kind) &&
           read_body(reader, func, decl, kind);
}
