/* The report writer: both layouts, escapes, numbers. */
#include "base/json_out.h"

#include <CUnit/Basic.h>
#include <string.h>

static void
write_sample(x07_json *json)
{
    x07_json_begin(json, '{');
    x07_json_name(json, "a");
    x07_json_begin(json, '[');
    x07_json_int(json, INT64_MIN);
    x07_json_uint(json, UINT64_MAX);
    x07_json_begin(json, '{');
    x07_json_end(json, '}');
    x07_json_begin(json, '[');
    x07_json_end(json, ']');
    x07_json_end(json, ']');
    x07_json_name(json, "b");
    x07_json_begin(json, '{');
    x07_json_name(json, "c");
    x07_json_bool(json, 1);
    x07_json_name(json, "d");
    x07_json_null(json);
    x07_json_end(json, '}');
    x07_json_name(json, "e");
    x07_json_string(json, NULL);
    x07_json_end(json, '}');
    x07_json_line(json);
}

static void
expect_sample(uint32_t pretty, const char *expected)
{
    x07_json json = {.pretty = pretty};
    struct text out = {0};

    write_sample(&json);
    json_out_take(&json, &out);
    CU_ASSERT_STRING_EQUAL(text_string(&out), expected);
    CU_ASSERT_PTR_NULL(json.data);
    text_free(&out);
}

static void
compact(void)
{
    expect_sample(0, "{\"a\":[-9223372036854775808,18446744073709551615,{},[]],\"b\":{\"c\":true,\"d\":null},"
                     "\"e\":null}\n");
}

static void
pretty(void)
{
    expect_sample(
        1, "{\n  \"a\": [\n    -9223372036854775808,\n    18446744073709551615,\n    {},\n    []\n  ],\n"
           "  \"b\": {\n    \"c\": true,\n    \"d\": null\n  },\n  \"e\": null\n}\n");
}

static void
escapes(void)
{
    static const char text[] = "\"\\\b\f\n\r\t\x01\x1f\x7f/\xc3\xa9\0z";
    x07_json json = {0};

    x07_json_string_n(&json, text, sizeof text - 1);
    CU_ASSERT_STRING_EQUAL(json.data, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/\xc3\xa9\\u0000z\"");
    x07_json_free(&json);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("json_out", NULL, NULL);
    CU_add_test(suite, "compact", compact);
    CU_add_test(suite, "pretty", pretty);
    CU_add_test(suite, "escapes", escapes);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
