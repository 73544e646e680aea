/* The schema checker: what each keyword lets through, and what it says about the rest; the schemas of spec/.
 */
#include "ast/json_schema.h"
#include "ast/schemas.h"
#include "ast_testing.h"

static struct ast_json
parse(struct arena *arena, const char *text)
{
    struct ast_json value = {0};
    struct text message = {0};

    if (!ast_json_read(arena, text, strlen(text), &value, &message))
        CU_FAIL_FATAL("the test's own JSON is wrong");
    text_free(&message);
    return value;
}

static void
collect(void *context, const char *instance, const char *schema, const char *message)
{
    text_printf(context, "%s|%s|%s\n", instance, schema, message);
}

/* The violations must be these, one per line, "instance|schema|message". */
static void
check(const char *schema_text, const char *document_text, const char *expected)
{
    struct arena *arena = arena_new();
    struct ast_json schema = parse(arena, schema_text), document = parse(arena, document_text);
    struct text found = {0};
    bool ok = json_schema_check(&schema, &document, collect, &found);

    CU_ASSERT_EQUAL(ok, !expected[0]);
    CU_ASSERT_TRUE(same_text(document_text, expected, &found));
    text_free(&found);
    arena_free(arena);
}

static void
keywords(void)
{
    static const char *const rows[][3] = {
        {"{\"type\":\"string\"}", "\"a\"", ""},
        {"{\"type\":\"string\"}", "5", "|/type|5 is not of type \"string\"\n"},
        {"{\"type\":\"number\"}", "5", ""},
        {"{\"type\":\"integer\"}", "5.0", "|/type|5.0 is not of type \"integer\"\n"},
        {"{\"type\":[\"string\",\"array\"]}", "{}", "|/type|{} is not of the types [\"string\",\"array\"]\n"},
        {"{\"const\":1}", "1.0", "|/const|1 was expected\n"},
        {"{\"enum\":[1,\"a\"]}", "\"a\"", ""},
        {"{\"enum\":[1,\"a\"]}", "2", "|/enum|2 is not one of [1,\"a\"]\n"},
        {"{\"required\":[\"a\"]}", "{\"b\":1}", "|/required|\"a\" is a required property\n"},
        {"{\"required\":[\"a\"]}", "[]", ""},
        {"{\"properties\":{\"a/b\":{\"type\":\"null\"}}}", "{\"a/b\":1}",
         "/a~1b|/properties/a~1b/type|1 is not of type \"null\"\n"},
        {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "/a|/properties/a|1 is not allowed here\n"},
        {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"a\":1,\"b\":2}",
         "|/additionalProperties|Additional properties are not allowed, unexpected: \"b\"\n"},
        {"{\"items\":{\"type\":\"null\"}}", "[null,1]", "/1|/items/type|1 is not of type \"null\"\n"},
        {"{\"prefixItems\":[{\"const\":1}],\"items\":{\"const\":2}}", "[1,3]",
         "/1|/items/const|2 was expected\n"},
        {"{\"prefixItems\":[{\"const\":1}]}", "[3]", "/0|/prefixItems/0/const|1 was expected\n"},
        {"{\"minItems\":1}", "[]", "|/minItems|[] has fewer items than 1\n"},
        {"{\"maxItems\":1}", "[1,2]", "|/maxItems|[1,2] has more items than 1\n"},
        {"{\"uniqueItems\":true}", "[\"a\",\"b\",\"a\"]",
         "|/uniqueItems|[\"a\",\"b\",\"a\"] has non-unique elements\n"},
        {"{\"uniqueItems\":true}", "[\"a\",\"aa\"]", ""},
        {"{\"minLength\":2}", "\"\xC3\xA9\"", "|/minLength|\"\xC3\xA9\" is shorter than 2\n"},
        {"{\"maxLength\":1}", "\"\xC3\xA9\"", ""},
        {"{\"maxLength\":1}", "\"ab\"", "|/maxLength|\"ab\" is longer than 1\n"},
        {"{\"pattern\":\"^a+$\"}", "\"aab\"", "|/pattern|\"aab\" does not match \"^a+$\"\n"},
        {"{\"pattern\":\"^a\"}", "\"a\\u0000\"", "|/pattern|\"a\\u0000\" does not match \"^a\"\n"},
        {"{\"minimum\":0,\"maximum\":9}", "9", ""},
        {"{\"minimum\":0}", "-1", "|/minimum|-1 is less than the minimum of 0\n"},
        {"{\"maximum\":9}", "18446744073709551615",
         "|/maximum|18446744073709551615 is greater than the maximum of 9\n"},
        {"{\"allOf\":[{\"type\":\"array\"},{\"minItems\":1}]}", "[]",
         "|/allOf/1/minItems|[] has fewer items than 1\n"},
        {"{\"if\":{\"type\":\"array\"},\"then\":{\"minItems\":1},\"else\":{\"const\":1}}", "2",
         "|/if/else/const|1 was expected\n"},
        {"{\"$defs\":{\"l\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/l\"}}},\"$ref\":\"#/$defs/l\"}",
         "[[],[[1]]]", "/1/0/0|/$ref/items/$ref/items/$ref/items/$ref/type|1 is not of type \"array\"\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(rows[i][0], rows[i][1], rows[i][2]);
}

#define DOCUMENT(version, kind, decls, rest)                                                       \
    "{\"schema_version\":\"x07.x07ast@" version "\",\"kind\":\"" kind "\",\"module_id\":\"main\"," \
    "\"imports\":[],\"decls\":[" decls "]" rest "}"
#define FUNCTION(more) \
    "{\"kind\":\"defn\",\"name\":\"main.f\",\"params\":[],\"result\":\"i32\",\"body\":1" more "}"

/* How many violations of its schema a document has. */
static size_t
count_violations(const char *name, const char *document_text)
{
    struct arena *arena = arena_new();
    struct ast_json document = parse(arena, document_text);
    const struct ast_json *schema = schemas_find(arena, name);
    struct text found = {0};
    size_t count = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
    json_schema_check(schema, &document, collect, &found);
    for (size_t i = 0; i < found.len; i++)
        count += found.data[i] == '\n';
    text_free(&found);
    arena_free(arena);
    return count;
}

static void
documents(void)
{
    static const struct {
        const char *schema, *document;
        size_t violations;
    } rows[] = {
        {"x07ast-0.3.0", DOCUMENT("0.3.0", "entry", FUNCTION(""), ",\"solve\":[\"f\",1]"), 0},
        {"x07ast-0.3.0", DOCUMENT("0.3.0", "entry", FUNCTION(",\"type_params\":[]"), ",\"solve\":1"), 1},
        {"x07ast-0.4.0", DOCUMENT("0.4.0", "entry", FUNCTION(",\"type_params\":[]"), ",\"solve\":1"), 0},
        {"x07ast-0.4.0", DOCUMENT("0.4.0", "entry", FUNCTION(",\"requires\":[]"), ",\"solve\":1"), 1},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "entry", FUNCTION(",\"requires\":[]"), ",\"solve\":1"), 0},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "entry", "", ""), 1},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "module", "", ""), 0},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "module", "", ",\"solve\":1"), 1},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "entry", "", ",\"solve\":[\"bytes.lit\",\"\"]"), 0},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "entry", "", ",\"solve\":[\"begin\",\"\"]"), 1},
        {"x07ast-0.5.0", DOCUMENT("0.5.0", "entry", "", ",\"solve\":2147483648"), 1},
        {"x07-patchset", "{\"schema_version\":\"x07.patchset@0.1.0\",\"patches\":[]}", 0},
        {"x07-patchset",
         "{\"schema_version\":\"x07.patchset@0.1.0\",\"patches\":[{\"path\":\"\",\"patch\":[{\"op\":\"add\","
         "\"path\":\"\"}]}]}",
         2},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_EQUAL(count_violations(rows[i].schema, rows[i].document), rows[i].violations);
    struct arena *arena = arena_new();
    CU_ASSERT_PTR_NULL(schemas_find(arena, "nothing"));
    arena_free(arena);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("json_schema", NULL, NULL);
    CU_add_test(suite, "keywords", keywords);
    CU_add_test(suite, "documents", documents);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
