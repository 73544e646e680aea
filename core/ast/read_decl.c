/* read_decl.c: declarations: their kinds, exports and externs. Functions with bodies are in read_func.c. */
#include "ast/read.h"

#include "ast/names.h"

#include <string.h>

static bool
read_export(struct ast_reader *reader, const struct ast_json *decl, const struct ast_loc *loc)
{
    struct ast_context *context = reader->context;
    struct ast_doc *doc = reader->doc;
    const struct ast_json *names = ast_json_get(decl, "names");
    const struct ast_loc *names_loc = ast_loc_member(context, loc, "names");

    if (doc->export_count)
        return ast_read_fail(reader, ast_loc_member(context, loc, "kind"), "duplicate export decl");
    if (!names)
        return ast_read_fail(reader, loc, "missing required field: names");
    if (names->kind != JSON_ARRAY)
        return ast_read_fail(reader, names_loc, "names must be an array");
    doc->exports = ARENA_ARRAY(context->arena, struct symbol *, names->count);
    for (uint32_t i = 0; i < names->count; i++) {
        const struct ast_loc *name_loc = ast_loc_index(context, names_loc, i);

        if (names->items[i].kind != JSON_STRING)
            return ast_read_fail(reader, name_loc, "names[%u] must be a string", i);
        doc->exports[i] = ast_read_name(reader, &names->items[i], name_loc, ast_check_symbol);
        if (!doc->exports[i])
            return false;
    }
    doc->export_count = names->count;
    ast_read_sort_names(doc->exports, &doc->export_count);
    return true;
}

/* Whether the name lies in the document's module. */
static bool
is_in_module(const struct symbol *name, const struct symbol *module_id)
{
    return name->len > module_id->len && name->text[module_id->len] == '.' &&
           memcmp(name->text, module_id->text, module_id->len) == 0;
}

static bool
read_name(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl, const char *kind)
{
    const struct ast_json *name = ast_read_string(reader, decl, func->loc, "name");
    const struct ast_loc *loc = ast_loc_member(reader->context, func->loc, "name");
    const struct symbol *module_id = reader->doc->module_id;

    if (!name || !(func->name = ast_read_name(reader, name, loc, ast_check_symbol)))
        return false;
    if (is_in_module(func->name, module_id))
        return true;
    const char *prefix = arena_printf(reader->scratch, "%s.", module_id->text);
    return ast_read_fail(reader, loc, "%s name must start with %s, got %s", kind,
                         ast_read_quote(reader, prefix, module_id->len + 1),
                         ast_read_quote(reader, func->name->text, func->name->len));
}

static bool
read_abi(struct ast_reader *reader, const struct ast_json *decl, const struct ast_loc *loc)
{
    const struct ast_json *abi = ast_read_string(reader, decl, loc, "abi");

    if (!abi)
        return false;
    if (ast_read_is_word(abi, "C"))
        return true;
    return ast_read_fail(reader, ast_loc_member(reader->context, loc, "abi"),
                         "unsupported extern abi: expected \"C\" got %s",
                         ast_read_quote(reader, abi->text, abi->count));
}

/* The link name as given, or else the last part of the extern's name. */
static bool
read_link_name(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    const struct ast_json *link_name;
    const char *field = "link_name";
    struct ast_json last = {.kind = JSON_STRING};

    if (!ast_read_optional_string(reader, decl, func->loc, field, &link_name))
        return false;
    if (!link_name) {
        const char *dot = memrchr(func->name->text, '.', func->name->len);

        last.text = dot + 1;
        last.count = func->name->len - (uint32_t)(last.text - func->name->text);
        link_name = &last;
        field = "name";
    }
    func->link_name =
        ast_read_name(reader, link_name, ast_loc_member(reader->context, func->loc, field), ast_check_local);
    return func->link_name != NULL;
}

static bool
check_foreign_params(struct ast_reader *reader, const struct ast_func *func)
{
    for (uint32_t i = 0; i < func->param_count; i++) {
        if (!ast_type_is_foreign(func->params[i].type))
            return ast_read_fail(
                reader, ast_loc_member(reader->context, func->params[i].loc, "ty"),
                "extern param has unsupported type (only i32 and raw pointers are supported)");
    }
    return true;
}

static bool
read_foreign_result(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    const struct ast_json *result = ast_json_get(decl, "result");
    const struct ast_loc *loc = ast_loc_member(reader->context, func->loc, "result");

    if (!result)
        return ast_read_fail(reader, func->loc, "missing required field: result");
    if (result->kind == JSON_STRING && ast_read_is_word(result, "void"))
        return true;
    func->result = ast_read_type(reader, result, loc);
    if (!func->result)
        return false;
    if (!ast_type_is_foreign(func->result))
        return ast_read_fail(reader, loc,
                             "extern result has unsupported type (only i32 and raw pointers are supported)");
    return true;
}

static bool
read_extern(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl)
{
    return read_abi(reader, decl, func->loc) && read_link_name(reader, func, decl) &&
           ast_read_params(reader, func, decl, "extern") && check_foreign_params(reader, func) &&
           read_foreign_result(reader, func, decl);
}

static bool
add_func(struct ast_reader *reader, struct ast_func *func)
{
    if (!symbol_set_add(&reader->functions, func->name))
        return ast_read_fail(reader, ast_loc_member(reader->context, func->loc, "name"),
                             "duplicate function name: %s",
                             ast_read_quote(reader, func->name->text, func->name->len));
    reader->doc->funcs[reader->doc->func_count++] = func;
    return true;
}

bool
ast_read_decl(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc,
              uint32_t index)
{
    static const struct {
        const char *word;
        enum ast_func_kind kind;
        bool (*read)(struct ast_reader *, struct ast_func *, const struct ast_json *);
    } kinds[] = {
        {"defn", AST_DEFN, ast_read_func},
        {"defasync", AST_DEFASYNC, ast_read_func},
        {"extern", AST_EXTERN, read_extern},
    };

    if (value->kind != JSON_OBJECT)
        return ast_read_fail(reader, loc, "decls[%u] must be an object", index);
    const struct ast_json *kind = ast_read_string(reader, value, loc, "kind");
    if (!kind)
        return false;
    if (ast_read_is_word(kind, "export"))
        return read_export(reader, value, loc);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!ast_read_is_word(kind, kinds[i].word))
            continue;
        struct ast_func *func = ARENA_NEW(reader->context->arena, struct ast_func);

        func->kind = kinds[i].kind;
        func->loc = loc;
        return read_name(reader, func, value, kinds[i].word) && kinds[i].read(reader, func, value) &&
               add_func(reader, func);
    }
    return ast_read_fail(reader, ast_loc_member(reader->context, loc, "kind"), "unsupported decl kind: %s",
                         ast_read_quote(reader, kind->text, kind->count));
}
