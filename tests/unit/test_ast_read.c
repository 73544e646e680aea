/* What a document becomes in memory, and the checks that recorded documents do not reach. */
#include "ast_testing.h"

#include <stdlib.h>

#define HEAD(kind) \
    "{\"schema_version\":\"x07.x07ast@0.5.0\",\"kind\":\"" kind "\",\"module_id\":\"m.x\",\"imports\":[],"
#define DECLS(decls) HEAD("module") "\"decls\":[" decls "]}"

static const char *
pointer_of(const struct ast_loc *loc, struct text *out)
{
    text_clear(out);
    ast_loc_write(loc, out);
    return text_string(out);
}

static void
shape_of_document(void)
{
    static const char text[] = DECLS(
        "{\"kind\":\"export\",\"names\":[\"m.x.b\",\"m.x.a\",\"m.x.b\"]},"
        "{\"kind\":\" defasync\",\"name\":\"m.x.b\",\"type_params\":[{\"name\":\"A\",\"bound\":\"any\"}],"
        "\"params\":[{\"name\":\"p\",\"ty\":[\"option\",[\"t\",\"A\"]]},"
        "{\"name\":\"q\",\"ty\":\"bytes\",\"brand\":\"a.b\"}],\"result\":\"bytes\",\"result_brand\":\"a.c\","
        "\"requires\":[{\"expr\":1}],\"ensures\":[{\"id\":\"\",\"expr\":[\"f\",\"p\"],\"witness\":[\"q\",["
        "\"g\"]]}],"
        "\"body\":[\"f\",-2147483648,[\"bytes.lit\",\"two words\"],\"p\"]},"
        "{\"kind\":\"extern\",\"abi\":\" C \",\"name\":\"m.x.c\",\"params\":[],\"result\":\" void \"}");
    struct reading reading = reading_new(text, strlen(text));
    struct text pointer = {0};

    CU_ASSERT_TRUE_FATAL(same_text(text, "", &reading.message));
    const struct ast_doc *doc = reading.doc;
    CU_ASSERT_EQUAL(doc->kind, AST_MODULE);
    CU_ASSERT_EQUAL(doc->minor, 5);
    CU_ASSERT_STRING_EQUAL(doc->module_id->text, "m.x");
    CU_ASSERT_PTR_NULL(doc->solve);
    CU_ASSERT_EQUAL(doc->export_count, 2);
    CU_ASSERT_STRING_EQUAL(doc->exports[0]->text, "m.x.a");
    CU_ASSERT_EQUAL_FATAL(doc->func_count, 2);

    const struct ast_func *func = doc->funcs[0];
    CU_ASSERT_EQUAL(func->kind, AST_DEFASYNC);
    CU_ASSERT_PTR_EQUAL(func->name, doc->exports[1]);
    CU_ASSERT_STRING_EQUAL(pointer_of(func->loc, &pointer), "/decls/1");
    CU_ASSERT_STRING_EQUAL(func->type_params[0].bound->text, "any");
    CU_ASSERT_STRING_EQUAL(pointer_of(func->params[1].loc, &pointer), "/decls/1/params/1");
    CU_ASSERT_STRING_EQUAL(func->params[1].brand->text, "a.b");
    CU_ASSERT_STRING_EQUAL(func->result_brand->text, "a.c");
    CU_ASSERT_EQUAL(func->params[0].type->kind, AST_TYPE_APP);
    CU_ASSERT_EQUAL(func->params[0].type->args[0]->kind, AST_TYPE_VAR);
    CU_ASSERT_PTR_EQUAL(func->params[0].type->args[0]->name, func->type_params[0].name);

    const struct ast_clause *ensures = func->clauses[AST_ENSURES];
    CU_ASSERT_EQUAL(func->clause_count[AST_INVARIANT], 0);
    CU_ASSERT_PTR_NULL(func->clauses[AST_REQUIRES][0].id);
    CU_ASSERT_STRING_EQUAL(ensures->id->text, "");
    CU_ASSERT_STRING_EQUAL(pointer_of(ensures->expr->items[1]->loc, &pointer), "/decls/1/ensures/0/expr/1");
    CU_ASSERT_STRING_EQUAL(pointer_of(ensures->witness[1]->items[0]->loc, &pointer),
                           "/decls/1/ensures/0/witness/1/0");

    const struct ast_expr *body = func->body;
    CU_ASSERT_EQUAL(body->kind, AST_LIST);
    CU_ASSERT_EQUAL(body->count, 4);
    CU_ASSERT_EQUAL(body->items[1]->kind, AST_INT);
    CU_ASSERT_EQUAL(body->items[1]->value, INT32_MIN);
    CU_ASSERT_EQUAL(body->items[2]->items[1]->kind, AST_ATOM);
    CU_ASSERT_STRING_EQUAL(body->items[2]->items[1]->symbol->text, "two words");
    CU_ASSERT_STRING_EQUAL(pointer_of(body->items[2]->items[1]->loc, &pointer), "/decls/1/body/2/1");
    CU_ASSERT_PTR_EQUAL(body->items[3]->symbol, func->params[0].name);
    CU_ASSERT_EQUAL(ast_count_nodes(body), 7);

    CU_ASSERT_EQUAL(doc->funcs[1]->kind, AST_EXTERN);
    CU_ASSERT_PTR_NULL(doc->funcs[1]->result);
    CU_ASSERT_STRING_EQUAL(doc->funcs[1]->link_name->text, "c");
    text_free(&pointer);
    reading_free(&reading);
}

static void
text_may_hold_anything(void)
{
    static const char text[] = HEAD("entry") "\"decls\":[],\"solve\":[\"bytes.lit\",\"a\\u0000b \"]}";
    struct reading reading = reading_new(text, strlen(text));

    CU_ASSERT_PTR_NOT_NULL_FATAL(reading.doc);
    const struct symbol *literal = reading.doc->solve->items[1]->symbol;
    CU_ASSERT_EQUAL(literal->len, 4);
    CU_ASSERT_EQUAL(memcmp(literal->text, "a\0b ", 5), 0);
    reading_free(&reading);
}

static void
interning(void)
{
    struct arena *arena = arena_new();
    struct ast_context context;
    struct symbol *symbols[5000];
    char name[16];

    ast_context_init(&context, arena);
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "name%d", i);
        symbols[i] = ast_intern_string(&context, name);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "name%d", i);
        CU_ASSERT_PTR_EQUAL(ast_intern(&context, name, strlen(name)), symbols[i]);
    }
    CU_ASSERT_EQUAL(context.symbol_count, 5000);
    CU_ASSERT_EQUAL(symbols[0]->head, -1);
    CU_ASSERT_PTR_NOT_EQUAL(ast_intern(&context, "a\0b", 3), ast_intern_string(&context, "a"));
    CU_ASSERT_PTR_EQUAL(ast_intern(&context, "", 0), ast_intern_string(&context, ""));
    ast_context_free(&context);
    arena_free(arena);
}

static void
refusals(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {DECLS("{\"kind\":\"defn\",\"name\":\" m.x.f\",\"params\":[],\"result\":\"i32\",\"body\":1}"),
         "defn name must start with \"m.x.\", got \" m.x.f\" at /decls/0/name"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.xf\"}"),
         "defn name must start with \"m.x.\", got \"m.xf\" at /decls/0/name"},
        {DECLS("{\"kind\":\"defn\",\"name\":5}"), "name must be a string at /decls/0/name"},
        {DECLS("{\"kind\":\"export\",\"names\":[\"m.x.a\",{}]}"),
         "names[1] must be a string at /decls/0/names/1"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"result\":[\"9\",1],\"body\":1}"),
         "invalid type name start (must be [A-Za-z]): \"9\" at /decls/0/result/0"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"result\":[\"t\",\"a.b\"],\"body\":1}"),
         "invalid local name char (allowed [A-Za-z0-9_]): \"a.b\" at /decls/0/result/1"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"result\":[\"option\",[\"vec\",null]]}"),
         "type must be a string or a list at /decls/0/result/1/1"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"type_params\":[{\"name\":\"A\",\"bound\":\"_\"}]}"),
         "invalid type name start (must be [A-Za-z]): \"_\" at /decls/0/type_params/0/bound"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"result\":[\"option\",\"i32\"],"
               "\"result_brand\":\"a\"}"),
         "E_BRAND_BAD_TY: result_brand is not allowed on result type App { head: \"option\", args: "
         "[Named(\"i32\")] } at /decls/0/result"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[{\"name\":\"p\",\"ty\":[\"t\",\"A\"],"
               "\"brand\":\"a\"}]}"),
         "E_BRAND_BAD_TY: brand is not allowed on param type Var(\"A\") at /decls/0/params/0/ty"},
        {DECLS("{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"ensures\":[{\"expr\":1,\"witness\":{}}]"
               "}"),
         "witness must be an array at /decls/0/ensures/0/witness"},
        {DECLS("{\"kind\":\"extern\",\"abi\":\"C\",\"name\":\"m.x.f\",\"params\":5}"),
         "extern.params must be an array at /decls/0/params"},
        {DECLS("{\"kind\":\"extern\",\"abi\":1,\"name\":\"m.x.f\",\"params\":5}"),
         "abi must be a string at /decls/0/abi"},
        {HEAD("entry") "\"decls\":[],\"solve\":[\"bytes.lit\",\"a b\",\"a b\"]}",
         "atom must not contain whitespace at /solve/2"},
        {HEAD("entry") "\"decls\":[],\"solve\":\"\xe3\x80\x80\"}",
         "atom must not contain whitespace at /solve"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_TRUE(refused(rows[i].text, strlen(rows[i].text), rows[i].message));
}

/* Brands are taken by the list forms of types that take them under their short names. */
static void
branded_list_types(void)
{
    static const char *const types[] = {"[\"option\",\"bytes\"]", "[\"option\",\"bytes_view\"]",
                                        "[\"result\",\"bytes\"]", "[\"result\",[\"result\",\"bytes\"]]",
                                        "[\"result\",\"result_bytes\"]"};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct text text = {0};

        text_printf(
            &text,
            HEAD("module") "\"decls\":[{\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[],\"result\":%s,"
                           "\"result_brand\":\"a\",\"body\":1}]}",
            types[i]);
        struct reading reading = reading_new(text_string(&text), text.len);
        CU_ASSERT_TRUE(same_text(types[i], "", &reading.message));
        reading_free(&reading);
        text_free(&text);
    }
}

static void
canonical_declarations(void)
{
    static const char text[] = DECLS(
        "{\"kind\":\"defn\",\"name\":\"m.x.f\",\"type_params\":[{\"name\":\"A\",\"bound\":\"any\"},{\"name\":"
        "\"B\"}],"
        "\"params\":[{\"ty\":[\"t\",\"A\"],\"name\":\"p\"},{\"ty\":\"bytes\",\"name\":\"q\",\"brand\":\"a."
        "b\"}],"
        "\"result\":\"bytes\",\"result_brand\":\"a.c\",\"requires\":[],\"invariant\":[{\"expr\":1,\"id\":"
        "\"\"}],"
        "\"ensures\":[{\"expr\":2,\"witness\":[]},{\"witness\":[3,\"q\"],\"expr\":[\"f\"]}],\"body\":\"q\"}");
    static const char written[] =
        "{\"decls\":[{\"body\":\"q\",\"ensures\":[{\"expr\":2},{\"expr\":[\"f\"],\"witness\":[3,\"q\"]}],"
        "\"invariant\":[{\"expr\":1,\"id\":\"\"}],\"kind\":\"defn\",\"name\":\"m.x.f\",\"params\":[{\"name\":"
        "\"p\","
        "\"ty\":[\"t\",\"A\"]},{\"brand\":\"a.b\",\"name\":\"q\",\"ty\":\"bytes\"}],\"result\":\"bytes\","
        "\"result_brand\":\"a.c\",\"type_params\":[{\"bound\":\"any\",\"name\":\"A\"},{\"name\":\"B\"}]}],"
        "\"imports\":[],\"kind\":\"module\",\"module_id\":\"m.x\",\"schema_version\":\"x07.x07ast@0.5.0\"}\n";

    CU_ASSERT_TRUE(written_as(text, strlen(text), written));
    CU_ASSERT_TRUE(written_as(written, strlen(written), written));
}

static void
text_checks(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"\xe2\x80\x89\n{", ""},
        {"", "program must be x07AST JSON (*.x07.json); legacy S-expr is not supported"},
        {"[]", "program must be x07AST JSON (*.x07.json); legacy S-expr is not supported"},
        {"\xef\xbb\xbf{}", "program must be x07AST JSON (*.x07.json); legacy S-expr is not supported"},
        {"{\xff}", "program must be UTF-8: invalid utf-8 sequence of 1 bytes from index 1"},
        {"[\xe2\x82", "program must be UTF-8: incomplete utf-8 byte sequence from index 1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text message = {0};
        bool ok = ast_check_text(rows[i].text, strlen(rows[i].text), "program", &message);

        CU_ASSERT_EQUAL(ok, *rows[i].message == '\0');
        CU_ASSERT_TRUE(same_text(rows[i].text, rows[i].message, &message));
        text_free(&message);
    }
}

static void
symbol_rule(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"a.b-c._d9", ""},
        {"\xc2\xa0 a \t", ""},
        {" ", "module_id must not be empty"},
        {"a.1/b", "invalid module_id (path separators are not allowed): \"a.1/b\""},
        {"a\\b", "invalid module_id (path separators are not allowed): \"a\\\\b\""},
        {"a..1", "invalid module_id (empty segment): \"a..1\""},
        {"1..a", "invalid module_id segment start (must be [A-Za-z_]): \"1..a\" segment=\"1\""},
        {" a.b c ", "invalid module_id segment char (allowed [A-Za-z0-9_-]): \"a.b c\" segment=\"b c\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text message = {0};
        bool ok = ast_check_symbol(rows[i].text, strlen(rows[i].text), &message);

        CU_ASSERT_EQUAL(ok, *rows[i].message == '\0');
        CU_ASSERT_TRUE(same_text(rows[i].text, rows[i].message, &message));
        text_free(&message);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ast_read", NULL, NULL);
    CU_add_test(suite, "shape of a document", shape_of_document);
    CU_add_test(suite, "text may hold anything", text_may_hold_anything);
    CU_add_test(suite, "interning", interning);
    CU_add_test(suite, "refusals", refusals);
    CU_add_test(suite, "branded list types", branded_list_types);
    CU_add_test(suite, "canonical declarations", canonical_declarations);
    CU_add_test(suite, "text checks", text_checks);
    CU_add_test(suite, "symbol rule", symbol_rule);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
