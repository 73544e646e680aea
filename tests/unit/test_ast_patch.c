/* JSON Pointer and JSON Patch: results, error texts, the order of repairs' operations, limits. */
#include "ast/patch.h"
#include "ast/pointer.h"
#include "ast_testing.h"

#define DOCUMENT "{\"a\":[1,2,3],\"k\":{\"\":\"e\",\"t~u\":[10],\"x/y\":1},\"s\":\"text\"}"

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

/* Applies a patch and checks the new document, or the message when it fails. */
static void
check(const char *document, const char *patch, const char *expected)
{
    struct arena *arena = arena_new();
    struct ast_json value = parse(arena, document);
    struct ast_json list = parse(arena, patch);
    struct text out = {0};
    size_t count = 0;
    struct patch_op *ops = patch_read(arena, &list, &count, &out);

    if (ops && patch_apply(arena, &value, ops, count, &out))
        ast_json_write(&value, &out);
    CU_ASSERT_TRUE(same_text(patch, expected, &out));
    text_free(&out);
    arena_free(arena);
}

static void
results(void)
{
    static const char *const rows[][3] = {
        {"[1,2]", "[]", "[1,2]"},
        {"[1,2]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":0}]", "[0,1,2]"},
        {"[1,2]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":0}]", "[1,2,0]"},
        {"[1,2]",
         "[{\"op\":\"add\",\"path\":\"/-\",\"value\":0},{\"op\":\"add\",\"path\":\"/-\",\"value\":5}]",
         "[1,2,0,5]"},
        {"[]",
         "[{\"op\":\"add\",\"path\":\"/-\",\"value\":{}},{\"op\":\"add\",\"path\":\"/0/b\",\"value\":1},"
         "{\"op\":\"add\",\"path\":\"/0/a\",\"value\":2}]",
         "[{\"a\":2,\"b\":1}]"},
        {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":2}]", "{\"a\":2}"},
        {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"\",\"value\":2}]", "2"},
        {"{\"a\":1}",
         "[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]},{\"op\":\"remove\",\"path\":\"/0\"}]", "[]"},
        {"{\"\":1}", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]", "{\"\":2}"},
        {"{\"a~/b\":1}", "[{\"op\":\"replace\",\"path\":\"/a~0~1b\",\"value\":2}]", "{\"a~/b\":2}"},
        {"{\"~1\":1}", "[{\"op\":\"replace\",\"path\":\"/~01\",\"value\":2}]", "{\"~1\":2}"},
        {"{\"~2\":1}", "[{\"op\":\"remove\",\"path\":\"/~2\"}]", "{}"},
        {"[1,2,3]", "[{\"op\":\"remove\",\"path\":\"/1\"}]", "[1,3]"},
        {"[1,2,3]", "[{\"op\":\"move\",\"from\":\"/0\",\"path\":\"/2\"}]", "[2,3,1]"},
        {"{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/c\"}]", "{\"c\":{\"b\":1}}"},
        {"{\"a\":{\"b\":1}}",
         "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/c\"},{\"op\":\"replace\",\"path\":\"/c/"
         "b\",\"value\":2}]",
         "{\"a\":{\"b\":1},\"c\":{\"b\":2}}"},
        {"{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/c\"}]", "{\"a\":1,\"c\":{\"a\":1}}"},
        {"{\"a\":{\"x\":1,\"y\":[2]}}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"y\":[2],\"x\":1}}]",
         "{\"a\":{\"x\":1,\"y\":[2]}}"},
        {"{\"a\":1,\"a\":2}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]", "{\"a\":2}"},
        {"[0]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":1,\"extra\":true}]", "[1,0]"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(rows[i][0], rows[i][1], rows[i][2]);
}

static void
failures(void)
{
    static const char *const rows[][2] = {
        {"[{\"op\":\"add\",\"path\":\"a\",\"value\":0}]",
         "invalid JSON Pointer (must start with '/' or be empty): \"a\""},
        {"[{\"op\":\"add\",\"path\":\"/z/b\",\"value\":0}]", "path not found: \"/z/b\""},
        {"[{\"op\":\"test\",\"path\":\"/z\",\"value\":0}]", "path not found: \"/z\""},
        {"[{\"op\":\"remove\",\"path\":\"/a/x\"}]", "expected array index in pointer \"/a/x\", got \"x\""},
        {"[{\"op\":\"remove\",\"path\":\"/a/01\"}]", "expected array index in pointer \"/a/01\", got \"01\""},
        {"[{\"op\":\"remove\",\"path\":\"/a/\"}]", "expected array index in pointer \"/a/\", got \"\""},
        {"[{\"op\":\"remove\",\"path\":\"/a/99999999999999999999\"}]",
         "expected array index in pointer \"/a/99999999999999999999\", got \"99999999999999999999\""},
        {"[{\"op\":\"add\",\"path\":\"/a/7/x\",\"value\":0}]",
         "array index out of bounds in pointer \"/a/7/x\": 7"},
        {"[{\"op\":\"add\",\"path\":\"/s/x/y\",\"value\":0}]",
         "cannot traverse into non-container at \"/s/x/y\""},
        {"[{\"op\":\"add\",\"path\":\"/a/4\",\"value\":0}]",
         "array index out of bounds for add at \"/a/4\": 4"},
        {"[{\"op\":\"add\",\"path\":\"/s/x\",\"value\":0}]", "add parent is not a container at \"/s/x\""},
        {"[{\"op\":\"replace\",\"path\":\"/z\",\"value\":0}]", "replace path not found: \"/z\""},
        {"[{\"op\":\"replace\",\"path\":\"/a/3\",\"value\":0}]",
         "array index out of bounds for replace at \"/a/3\": 3"},
        {"[{\"op\":\"replace\",\"path\":\"/s/x\",\"value\":0}]",
         "replace parent is not a container at \"/s/x\""},
        {"[{\"op\":\"remove\",\"path\":\"\"}]", "cannot remove the document root"},
        {"[{\"op\":\"remove\",\"path\":\"/z\"}]", "remove path not found: \"/z\""},
        {"[{\"op\":\"remove\",\"path\":\"/a/3\"}]", "array index out of bounds for remove at \"/a/3\": 3"},
        {"[{\"op\":\"remove\",\"path\":\"/s/x\"}]", "remove parent is not a container at \"/s/x\""},
        {"[{\"op\":\"move\",\"from\":\"/z\",\"path\":\"/y\"}]", "path not found: \"/z\""},
        {"[{\"op\":\"move\",\"from\":\"/k\",\"path\":\"/k/in\"}]", "path not found: \"/k/in\""},
        {"[{\"op\":\"test\",\"path\":\"/a/0\",\"value\":1.0}]",
         "test failed at \"/a/0\": expected Number(1.0) got Number(1)"},
        {"[{\"op\":\"test\",\"path\":\"/a\",\"value\":[1,2]}]",
         "test failed at \"/a\": expected Array [Number(1), Number(2)] got Array [Number(1), Number(2), "
         "Number(3)]"},
        {"[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"remove\",\"path\":\"/a\"}]",
         "remove path not found: \"/a\""},
        {"{}", "a patch must be an array of operations"},
        {"[{\"op\":\"remove\",\"path\":\"/a\"},3]", "expected an operation at /1"},
        {"[{\"path\":\"/a\"}]", "missing field `op` at /0"},
        {"[{\"op\":\"add\",\"path\":\"/a\"}]", "missing field `value` at /0"},
        {"[{\"op\":\"copy\",\"path\":\"/a\"}]", "missing field `from` at /0"},
        {"[{\"op\":\"remove\",\"path\":1}]", "expected a string for field `path` at /0"},
        {"[{\"op\":\"merge\",\"path\":\"/a\"}]",
         "unknown operation `merge` at /0, expected one of `add`, `remove`, `replace`, `move`, `copy`, "
         "`test`"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(DOCUMENT, rows[i][0], rows[i][1]);
}

/* A failed patch leaves the caller's document alone, even after operations that succeeded. */
static void
failure_keeps_document(void)
{
    struct arena *arena = arena_new();
    struct ast_json value = parse(arena, "{\"a\":[1]}");
    struct ast_json list =
        parse(arena, "[{\"op\":\"remove\",\"path\":\"/a/0\"},{\"op\":\"remove\",\"path\":\"/b\"}]");
    struct text message = {0}, out = {0};
    size_t count;
    struct patch_op *ops = patch_read(arena, &list, &count, &message);

    CU_ASSERT_FALSE(patch_apply(arena, &value, ops, count, &message));
    ast_json_write(&value, &out);
    CU_ASSERT_TRUE(same_text("the document", "{\"a\":[1]}", &out));
    text_free(&message);
    text_free(&out);
    arena_free(arena);
}

static void
order(void)
{
    static const char *const given[] = {
        "add /a/2", "add /a/2", "replace /a",  "replace /a/10", "replace /a/9", "remove /b/0", "test /z",
        "copy /q",  "move /p",  "remove /b/1", "test /y",       "replace /a/9", "add /c"};
    static const size_t sorted[] = {6, 10, 3, 4, 11, 2, 7, 8, 9, 5, 12, 1, 0};
    enum { COUNT = sizeof given / sizeof given[0] };
    struct patch_op ops[COUNT] = {0};

    for (size_t i = 0; i < COUNT; i++) {
        const char *space = strchr(given[i], ' ');
        CU_ASSERT_TRUE(patch_kind_of(given[i], (size_t)(space - given[i]), &ops[i].kind));
        ops[i].path = space + 1;
        ops[i].path_len = strlen(space + 1);
    }
    patch_order(ops, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        CU_ASSERT_PTR_EQUAL(ops[i].path, strchr(given[sorted[i]], ' ') + 1);
}

/* Copies of a document into itself double it: refused long before memory ends. */
static void
copies_are_bounded(void)
{
    enum { COUNT = 60 };
    struct arena *arena = arena_new();
    struct ast_json value = parse(arena, "{\"v\":[0]}");
    struct text message = {0};
    struct patch_op ops[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        ops[i] =
            (struct patch_op){.kind = PATCH_COPY, .path = "/v/-", .path_len = 4, .from = "/v", .from_len = 2};
    CU_ASSERT_FALSE(patch_apply(arena, &value, ops, COUNT, &message));
    CU_ASSERT_TRUE(strstr(text_string(&message), "too much") != NULL);
    text_free(&message);
    arena_free(arena);
}

/* What could not be read back is not made: 127 containers are the limit. */
static void
depth_is_bounded(void)
{
    struct arena *arena = arena_new();
    struct text path = {0}, message = {0};
    struct ast_json value = parse(arena, "[]"), empty = parse(arena, "[]");
    size_t made = 1;

    for (;; made++) {
        text_puts(&path, made == 1 ? "/-" : "");
        struct patch_op op = {.kind = PATCH_ADD, .path = path.data, .path_len = path.len, .value = &empty};
        if (!patch_apply(arena, &value, &op, 1, &message))
            break;
        path.len -= 2;
        text_puts(&path, "/0/-");
    }
    CU_ASSERT_EQUAL(made, 127);
    CU_ASSERT_TRUE(strstr(text_string(&message), "nested too deeply") != NULL);
    text_free(&path);
    text_free(&message);
    arena_free(arena);
}

static void
pointers(void)
{
    struct arena *arena = arena_new();
    struct ast_json document = parse(arena, DOCUMENT);
    static const char *const rows[][2] = {
        {"", DOCUMENT}, {"/a/2", "3"}, {"/k/", "\"e\""}, {"/k/t~0u/0", "10"}, {"/k/x~1y", "1"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text message = {0}, out = {0};
        const struct ast_json *found = pointer_get(&document, rows[i][0], strlen(rows[i][0]), &message);
        CU_ASSERT_PTR_NOT_NULL_FATAL(found);
        ast_json_write(found, &out);
        CU_ASSERT_TRUE(same_text(rows[i][0], rows[i][1], &out));
        text_free(&out);
    }
    struct text out = {0};
    pointer_append(&out, "a~/b", 4);
    CU_ASSERT_TRUE(same_text("escapes", "/a~0~1b", &out));
    text_free(&out);
    arena_free(arena);
}

int
main(void)
{
    static CU_TestInfo tests[] = {
        {"results", results},
        {"failures", failures},
        {"a failure keeps the document", failure_keeps_document},
        {"order", order},
        {"copies are bounded", copies_are_bounded},
        {"depth is bounded", depth_is_bounded},
        {"pointers", pointers},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"ast_patch", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
        return 1;
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed != 0;
}
