/* test_native_jsonschema.c: what schemas refuse and where they say so, bad schemas, bad instances, handles.
 */
#include "runtime_testing.h"

#include "runtime/x07rt_jsonschema.h"

#define DRAFT_7 "\"$schema\":\"http://json-schema.org/draft-07/schema#\""

/* Errors as "pointer keyword" in their order, separated by spaces; "" for a valid instance. */
static const struct {
    const char *schema, *instance, *errors;
} rows[] = {
    {"{\"type\":\"string\"}", "1", "<> type"},
    {"{\"type\":[\"integer\",\"null\"]}", "1.0", ""},
    {"{\"required\":[\"b\",\"a\"]}", "{}", "<> required <> required"},
    {"{\"properties\":{\"b/c\":{\"type\":\"null\"}},\"additionalProperties\":false}", "{\"b/c\":1,\"z\":1}",
     "<> additionalProperties </b~1c> type"},
    {"{\"patternProperties\":{\"^x\":{\"minimum\":3}}}", "{\"x1\":1,\"y\":1}", "</x1> minimum"},
    {"{\"enum\":[1,\"a\"]}", "1.0", ""},
    {"{\"multipleOf\":0.5}", "1.3", "<> multipleOf"},
    {"{\"maxLength\":2}", "\"\xc3\xa9\xc3\xa9\"", ""},
    {"{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1.0}]", "<> uniqueItems"},
    {"{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":5}]}", "6", "<> oneOf"},
    {"{\"if\":{\"type\":\"integer\"},\"then\":{\"minimum\":3},\"else\":{\"type\":\"string\"}}", "1",
     "<> minimum"},
    {"{\"prefixItems\":[{\"type\":\"integer\"}],\"items\":{\"type\":\"string\"}}", "[\"a\",2]",
     "</0> type </1> type"},
    {"{\"contains\":{\"type\":\"integer\"},\"minContains\":0}", "[]", ""},
    {"{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":{\"type\":\"null\"}}}", "1", "<> type"},
    {"{\"$id\":\"http://x/r\",\"$defs\":{\"a\":{\"$id\":\"s/a\",\"type\":\"null\"}},\"$ref\":\"s/a\"}", "1",
     "<> type"},
    {"{\"properties\":{\"n\":{\"$ref\":\"#\"}},\"type\":\"object\"}", "{\"n\":{\"n\":1}}", "</n/n> type"},
    {"{\"$ref\":\"#\"}", "1", "<> $ref"},
    {"{\"$ref\":\"#/nowhere\"}", "1", "<> $ref"},
    {"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}", "{\"a\":1,\"b\":1}",
     "<> unevaluatedProperties"},
    {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "</a> a"},
    {"false", "1", "<> "},
    {"{" DRAFT_7 ",\"items\":[{}],\"additionalItems\":false}", "[1,2]", "<> additionalItems"},
    {"{" DRAFT_7 ",\"$ref\":\"#/definitions/x\",\"type\":\"string\",\"definitions\":{\"x\":{}}}", "1", ""},
    {"{" DRAFT_7 ",\"format\":\"date\"}", "\"2023-02-30\"", "<> format"},
    {"{\"format\":\"date\"}", "\"2023-02-30\"", ""},
    {"{\"$schema\":\"http://json-schema.org/draft-04/schema\",\"minimum\":3,\"exclusiveMinimum\":true}", "3",
     "<> minimum"},
};

static uint32_t
word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Copies the value of a string member that begins at `name`, which the entries of the list hold in a fixed
 * order. */
static const char *
copy_member(const char *at, const char *name, char **out)
{
    at = strstr(at, name) + strlen(name);
    while (*at != '"')
        *(*out)++ = *at++;
    return at;
}

/* The list of errors in the form of the table. */
static void
describe(x07_bytes found, char *out)
{
    static char list[4096];

    *out = '\0';
    if (found.ptr[0])
        return;
    snprintf(list, sizeof list, "%.*s", (int)word(found.ptr + 10), (const char *)found.ptr + 14);
    for (const char *at = list; strstr(at, "\"jsonPointer\":\"");) {
        *out++ = '<';
        at = copy_member(at, "\"jsonPointer\":\"", &out);
        *out++ = '>';
        *out++ = ' ';
        at = copy_member(at, "\"keyword\":\"", &out);
        *out++ = ' ';
    }
    out[-1] = '\0';
}

static void
errors_are_found(void)
{
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[1024];
        x07_bytes compiled = x07_jsonschema_compile_v1(rt, testing_view(rows[i].schema));
        x07_bytes found =
            x07_jsonschema_validate_v1(rt, x07_view_of(compiled), testing_view(rows[i].instance));

        describe(found, got);
        if (strcmp(got, rows[i].errors))
            printf("%s on %s: expected '%s', got '%s'\n", rows[i].schema, rows[i].instance, rows[i].errors,
                   got);
        CU_ASSERT_STRING_EQUAL(got, rows[i].errors);
        x07_drop_bytes(rt, found);
        x07_drop_bytes(rt, compiled);
    }
    testing_close();
}

static void
bad_schemas_are_refused(void)
{
    static const struct {
        const char *schema;
        uint32_t code;
        const char *message;
    } bad[] = {
        {"{", 1, "invalid schema_json: EOF while parsing an object at line 1 column 1"},
        {"\xff", 1, "schema_json must be utf-8"},
        {"{\"$schema\":\"http://x/\"}", 2, "unsupported $schema dialect: http://x/"},
        {"{\"$schema\":1}", 3, "schema $schema must be a string"},
        {"1", 3, "1 is not of types \"boolean\", \"object\""},
        {"{\"minLength\":-1}", 3, "-1 is less than the minimum of 0"},
        {"{\"properties\":{\"a\":{\"pattern\":\"(\"}}}", 3, "\"(\" is not a \"regex\""},
    };
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        x07_bytes out = x07_jsonschema_compile_v1(rt, testing_view(bad[i].schema));

        CU_ASSERT_FATAL(out.ptr[0] == 0 && out.len >= 14);
        CU_ASSERT_EQUAL(word(out.ptr + 6), bad[i].code);
        if (strlen(bad[i].message) != word(out.ptr + 10) ||
            memcmp(out.ptr + 14, bad[i].message, out.len - 14) != 0)
            printf("%s: got %.*s\n", bad[i].schema, (int)out.len - 14, (const char *)out.ptr + 14);
        CU_ASSERT(strlen(bad[i].message) == word(out.ptr + 10) &&
                  memcmp(out.ptr + 14, bad[i].message, out.len - 14) == 0);
        x07_drop_bytes(rt, out);
    }
    testing_close();
}

static void
handles_and_instances_are_checked(void)
{
    x07_rt *rt = testing_open();
    x07_bytes first = x07_jsonschema_compile_v1(rt, testing_view("{}"));
    x07_bytes other = x07_jsonschema_compile_v1(rt, testing_view("true"));
    x07_bytes again = x07_jsonschema_compile_v1(rt, testing_view("{}"));

    CU_ASSERT(word(first.ptr + 6) == 1 && word(other.ptr + 6) == 2 && word(again.ptr + 6) == 1);
    x07_bytes out = x07_jsonschema_validate_v1(rt, testing_view("x"), testing_view("1"));
    CU_ASSERT(out.ptr[0] == 0 && word(out.ptr + 6) == 2);
    x07_drop_bytes(rt, out);
    out = x07_jsonschema_validate_v1(rt, x07_view_of(first), testing_view("[1"));
    CU_ASSERT(out.ptr[0] == 0 && word(out.ptr + 6) == 3);
    x07_drop_bytes(rt, out);
    x07_drop_bytes(rt, first);
    x07_drop_bytes(rt, other);
    x07_drop_bytes(rt, again);
    testing_close();
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("native_jsonschema", NULL, NULL);
    CU_add_test(suite, "errors are found", errors_are_found);
    CU_add_test(suite, "bad schemas are refused", bad_schemas_are_refused);
    CU_add_test(suite, "handles and instances are checked", handles_and_instances_are_checked);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
