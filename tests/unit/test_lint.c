/* The linter and its fixes as a library: what is no document, the order of findings, what a world allows,
 * rounds of fixes. Single rules are checked by recorded answers (tests/conformance). */
#include "lint/fix.h"
#include "lint/lint.h"

#include "lint/codes.h"

#include <CUnit/Basic.h>
#include <string.h>

#define HEAD "{\"schema_version\":\"x07.x07ast@0.3.0\",\"kind\":\"entry\",\"module_id\":\"main\","
#define PLAIN HEAD "\"imports\":[],\"decls\":[],\"solve\":"

/* The codes of the findings with their places, e.g. "X07-MOVE-0001 /solve;". */
static void
look(const char *text, const char *world, struct text *out)
{
    struct diagnostics found = {.arena = arena_new()};
    struct lint_options options;
    struct lint_source source;
    struct text message = {0};

    CU_ASSERT_TRUE_FATAL(lint_options_of_world(world, &options));
    CU_ASSERT_TRUE_FATAL(lint_open(&source, text, strlen(text), &message));
    lint_document(&source, &options, &found);
    for (size_t i = 0; i < found.count; i++) {
        CU_ASSERT_PTR_NOT_NULL(code_find(found.items[i]->code));
        text_printf(out, "%s %s;", found.items[i]->code, found.items[i]->ptr);
    }
    lint_close(&source);
    text_free(&message);
    arena_free(found.arena);
}

static void
expect(const char *text, const char *world, const char *expected)
{
    struct text got = {0};

    look(text, world, &got);
    CU_ASSERT_STRING_EQUAL(text_string(&got), expected);
    text_free(&got);
}

static void
expect_refusal(const char *text, const char *expected)
{
    struct lint_source source;
    struct text message = {0};

    CU_ASSERT_FALSE(lint_open(&source, text, strlen(text), &message));
    CU_ASSERT_STRING_EQUAL(text_string(&message), expected);
    text_free(&message);
}

static void
refuses_what_is_no_document(void)
{
    expect_refusal("", "EOF while parsing a value at line 1 column 0 at ");
    expect_refusal("{}", "missing required field: schema_version at ");
    expect_refusal(PLAIN "[]", "EOF while parsing an object at line 1 column 105 at ");
}

static void
finds_in_the_order_of_places(void)
{
    expect(PLAIN "[\"bytes.alloc\",0]}", "run-os", "");
    /* Places are compared as text, and are those of the canonical form. */
    expect(PLAIN "[\"begin\",0,0,[\"if\",1],0,0,0,0,0,0,[\"if\",2],[\"begin\"]]}", "run-os",
           "X07-ARITY-IF-0001 /solve/10;X07-ARITY-BEGIN-0001 /solve/11;X07-ARITY-IF-0001 /solve/3;");
}

static void
asks_the_world(void)
{
    static const char document[] =
        HEAD "\"imports\":[\"std.fs\"],\"decls\":[],\"solve\":[\"bytes.alloc\",0]}";
    struct lint_options options;

    expect(document, "solve-fs", "");
    expect(document, "solve-pure", "X07-WORLD-0001 /imports;");
    CU_ASSERT_FALSE(lint_options_of_world("nowhere", &options));
}

static void
fix(const char *text, uint32_t rounds, const char *expected, uint32_t used, size_t errors)
{
    struct fix_outcome outcome = {0};
    struct lint_options options;
    struct text out = {0}, message = {0};

    lint_options_of_world("run-os", &options);
    CU_ASSERT_TRUE_FATAL(fix_document(text, strlen(text), &options, rounds, &out, &outcome, &message));
    CU_ASSERT_PTR_NOT_NULL(strstr(text_string(&out), expected));
    CU_ASSERT_EQUAL(outcome.rounds, used);
    CU_ASSERT_EQUAL(outcome.errors, errors);
    text_free(&out);
    text_free(&message);
}

static void
fixes_in_rounds(void)
{
    static const char nested[] = PLAIN "[\"let\",\"a\",1,[\"let\",\"b\",2,[\"bytes.alloc\",0]]]}";

    fix(PLAIN "[\"bytes.alloc\",0]}", 5, "\"solve\":[\"bytes.alloc\",0]", 1, 0);
    fix(PLAIN "[\"let\",\"a\",1,[\"bytes.alloc\",0]]}", 5,
        "\"solve\":[\"begin\",[\"let\",\"a\",1],[\"bytes.alloc\",0]]", 2, 0);
    fix(nested, 5, "[\"begin\",[\"let\",\"a\",1],[\"begin\",[\"let\",\"b\",2],[\"bytes.alloc\",0]]]", 3, 0);
    /* With a round too few an error remains. */
    fix(nested, 1, "\"solve\":[\"begin\",[\"let\",\"a\",1],", 1, 1);
    /* What has no fix stays. */
    fix(PLAIN "[\"if\",1]}", 5, "\"solve\":[\"if\",1]", 1, 1);
}

static void
writes_findings(void)
{
    static const char document[] = PLAIN "[\"if\",1]}";
    struct diagnostics found = {.arena = arena_new()};
    struct lint_options options;
    struct lint_source source;
    struct text out = {0}, message = {0};

    lint_options_of_world("run-os", &options);
    CU_ASSERT_TRUE_FATAL(lint_open(&source, document, strlen(document), &message));
    lint_document(&source, &options, &found);
    CU_ASSERT_EQUAL(lint_error_count(&found), 1);
    lint_write(&found, "a \"b\"", &out);
    CU_ASSERT_STRING_EQUAL(text_string(&out),
                           "{\"code\":\"X07-ARITY-IF-0001\",\"severity\":\"error\",\"stage\":\"lint\","
                           "\"message\":\"if expects 3 args; got 1\",\"loc\":{\"kind\":\"x07ast\",\"ptr\":"
                           "\"/solve\"},\"data\":{\"file\":\"a \\\"b\\\"\"}}");
    lint_close(&source);
    text_free(&out);
    text_free(&message);
    arena_free(found.arena);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("lint", NULL, NULL);
    CU_add_test(suite, "refuses what is no document", refuses_what_is_no_document);
    CU_add_test(suite, "finds in the order of places", finds_in_the_order_of_places);
    CU_add_test(suite, "asks the world", asks_the_world);
    CU_add_test(suite, "fixes in rounds", fixes_in_rounds);
    CU_add_test(suite, "writes findings", writes_findings);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
