/* The JSON level of documents: syntax errors and their positions, depth, numbers in both directions. */
#include "ast/json.h"
#include "ast/number.h"
#include "ast_testing.h"

#include <stdlib.h>

#define ROOT                                                                                             \
    "{\"schema_version\":\"x07.x07ast@0.5.0\",\"kind\":\"entry\",\"module_id\":\"main\",\"imports\":[]," \
    "\"decls\":[],"

struct refusal {
    const char *text;
    const char *message;
};

static void
check_refusals(const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CU_ASSERT_TRUE(refused(rows[i].text, strlen(rows[i].text), rows[i].message));
}

static void
ends_of_input(void)
{
    static const struct refusal rows[] = {
        {"", "EOF while parsing a value at line 1 column 0 at "},
        {" \n ", "EOF while parsing a value at line 2 column 1 at "},
        {"{", "EOF while parsing an object at line 1 column 1 at "},
        {"{\n\n", "EOF while parsing an object at line 3 column 0 at "},
        {"{\"a\"", "EOF while parsing an object at line 1 column 4 at "},
        {"{\"a\":", "EOF while parsing a value at line 1 column 5 at "},
        {"{\"a\":1", "EOF while parsing an object at line 1 column 6 at "},
        {"{\"a\":1,", "EOF while parsing a value at line 1 column 7 at "},
        {"[", "EOF while parsing a list at line 1 column 1 at "},
        {"[1", "EOF while parsing a list at line 1 column 2 at "},
        {"[1,", "EOF while parsing a value at line 1 column 3 at "},
        {"\"ab", "EOF while parsing a string at line 1 column 3 at "},
        {"\"abcdefghijklmnop", "EOF while parsing a string at line 1 column 17 at "},
        {"\"a\\", "EOF while parsing a string at line 1 column 3 at "},
        {"\"\\u12", "EOF while parsing a string at line 1 column 5 at "},
        {"\"\\ud800", "EOF while parsing a string at line 1 column 7 at "},
        {"\"\\ud800\\", "EOF while parsing a string at line 1 column 8 at "},
        {"\"\\ud800\\u", "EOF while parsing a string at line 1 column 9 at "},
        {"t", "EOF while parsing a value at line 1 column 1 at "},
        {"-", "EOF while parsing a value at line 1 column 1 at "},
        {"1.", "EOF while parsing a value at line 1 column 2 at "},
        {"1e", "EOF while parsing a value at line 1 column 2 at "},
        {"1e-", "EOF while parsing a value at line 1 column 3 at "},
    };

    check_refusals(rows, sizeof rows / sizeof rows[0]);
}

static void
wrong_bytes(void)
{
    static const struct refusal rows[] = {
        {"+1", "expected value at line 1 column 1 at "},
        {"[.5]", "expected value at line 1 column 2 at "},
        {"NaN", "expected value at line 1 column 1 at "},
        {"[,1]", "expected value at line 1 column 2 at "},
        {"[1,,2]", "expected value at line 1 column 4 at "},
        {"{\"a\":}", "expected value at line 1 column 6 at "},
        {"\xef\xbb\xbf{}", "expected value at line 1 column 1 at "},
        {"\xc2\xa0{}", "expected value at line 1 column 1 at "},
        {"True", "expected value at line 1 column 1 at "},
        {"[nuLl]", "expected ident at line 1 column 4 at "},
        {"falsy", "expected ident at line 1 column 5 at "},
        {"{\"a\" 1}", "expected `:` at line 1 column 6 at "},
        {"{\"a\":1 \"b\":2}", "expected `,` or `}` at line 1 column 8 at "},
        {"{\"a\":1]", "expected `,` or `}` at line 1 column 7 at "},
        {"[1 2]", "expected `,` or `]` at line 1 column 4 at "},
        {"[1}", "expected `,` or `]` at line 1 column 3 at "},
        {"{a:1}", "key must be a string at line 1 column 2 at "},
        {"{,}", "key must be a string at line 1 column 2 at "},
        {"{\"a\":1,2:3}", "key must be a string at line 1 column 8 at "},
        {"{\"a\":1,}", "trailing comma at line 1 column 8 at "},
        {"[1\n,\n]", "trailing comma at line 3 column 1 at "},
        {"{} {}", "trailing characters at line 1 column 4 at "},
        {"{}\n/* */", "trailing characters at line 2 column 1 at "},
    };

    check_refusals(rows, sizeof rows / sizeof rows[0]);
    CU_ASSERT_TRUE(refused("{}\0", 3, "trailing characters at line 1 column 3 at "));
    CU_ASSERT_TRUE(refused("[\0]", 3, "expected value at line 1 column 2 at "));
}

static void
wrong_strings(void)
{
    static const char control[] = "control character (\\u0000-\\u001F) found while parsing a string at ";
    static const struct refusal rows[] = {
        {"\"\\q\"", "invalid escape at line 1 column 3 at "},
        {"\"\\u00g0\"", "invalid escape at line 1 column 7 at "},
        {"\"\\udc00\"", "lone leading surrogate in hex escape at line 1 column 7 at "},
        {"\"\\ud800x\"", "unexpected end of hex escape at line 1 column 8 at "},
        {"\"\\ud800\\n\"", "unexpected end of hex escape at line 1 column 9 at "},
        {"\"\\ud800\\u0041\"", "lone leading surrogate in hex escape at line 1 column 13 at "},
    };
    char expected[256];

    check_refusals(rows, sizeof rows / sizeof rows[0]);
    snprintf(expected, sizeof expected, "%sline 2 column 0 at ", control);
    CU_ASSERT_TRUE(refused("\"a\nb\"", 5, expected));
    snprintf(expected, sizeof expected, "%sline 1 column 11 at ", control);
    CU_ASSERT_TRUE(refused("\"abcdefghi\x1f\"", 12, expected));
    snprintf(expected, sizeof expected, "%sline 1 column 2 at ", control);
    CU_ASSERT_TRUE(refused("\"\0\"", 3, expected));
}

static void
wrong_numbers(void)
{
    static const struct refusal rows[] = {
        {"01", "invalid number at line 1 column 2 at "},
        {"-01", "invalid number at line 1 column 3 at "},
        {"-x", "invalid number at line 1 column 2 at "},
        {"[1.]", "invalid number at line 1 column 4 at "},
        {"[1.e3]", "invalid number at line 1 column 4 at "},
        {"[1ex]", "invalid number at line 1 column 4 at "},
        {"[1e+]", "invalid number at line 1 column 5 at "},
        {"[1e309]", "number out of range at line 1 column 6 at "},
        {"[-1.5e999]", "number out of range at line 1 column 9 at "},
        {"0x10", "trailing characters at line 1 column 2 at "},
    };

    check_refusals(rows, sizeof rows / sizeof rows[0]);
}

/* A document whose deepest container is the `depth`-th; the text ends in its middle when `closed` is false.
 */
static char *
nested(size_t depth, bool closed)
{
    struct text text = {0};

    text_puts(&text, ROOT "\"solve\":");
    for (size_t i = 1; i < depth; i++)
        text_puts(&text, "[\"a\",");
    text_puts(&text, "1");
    for (size_t i = 1; closed && i < depth; i++)
        text_putc(&text, ']');
    text_puts(&text, closed ? "}" : "");
    return text_take(&text);
}

static void
depth_limit(void)
{
    char *deepest = nested(127, true);
    char *too_deep = nested(128, true);
    char *far_too_deep = nested(1000000, false);
    char expected[128];

    struct reading reading = reading_new(deepest, strlen(deepest));
    CU_ASSERT_PTR_NOT_NULL(reading.doc);
    reading_free(&reading);
    size_t column = strlen(ROOT "\"solve\":") + 126 * 5 + 1;
    snprintf(expected, sizeof expected, "recursion limit exceeded at line 1 column %zu at ", column);
    CU_ASSERT_TRUE(refused(too_deep, strlen(too_deep), expected));
    CU_ASSERT_TRUE(refused(far_too_deep, strlen(far_too_deep), expected));
    free(deepest);
    free(too_deep);
    free(far_too_deep);
}

/* Unknown members are ignored but must be JSON; the last of equal members counts. */
static void
members(void)
{
    static const char canonical[] = "{\"decls\":[],\"imports\":[],\"kind\":\"entry\",\"module_id\":\"main\","
                                    "\"schema_version\":\"x07.x07ast@0.5.0\",\"solve\":2}\n";
    static const char doubled[] = ROOT "\"solve\":[],\"s\\u006flve\":2}";
    static const char unknown[] = ROOT "\"other\":{\"a\":[true,null,1e5]},\"solve\":2}";
    static const char broken[] = ROOT "\"other\":{\"a\":[tru]},\"solve\":2}";
    struct text message = {0};

    CU_ASSERT_TRUE(written_as(doubled, strlen(doubled), canonical));
    CU_ASSERT_TRUE(written_as(unknown, strlen(unknown), canonical));
    text_printf(&message, "expected ident at line 1 column %zu at ", strlen(ROOT "\"other\":{\"a\":[tru]"));
    CU_ASSERT_TRUE(refused(broken, strlen(broken), text_string(&message)));
    text_free(&message);
}

static void
every_escape(void)
{
    static const char text[] =
        ROOT "\"solve\":[\"bytes.lit\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\\u00e9"
             "\\uD83D\\uDE00\\u2028 \xc2\x85\x7f\"]}";
    static const char written[] = "[\"bytes.lit\",\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\xc3\xa9"
                                  "\xf0\x9f\x98\x80\xe2\x80\xa8 \xc2\x85\x7f\"]";
    struct reading reading = reading_new(text, strlen(text));
    struct text out = {0};

    CU_ASSERT_PTR_NOT_NULL_FATAL(reading.doc);
    ast_write_expr(reading.doc->solve, &out);
    CU_ASSERT_TRUE(same_text(text, written, &out));
    text_free(&out);
    reading_free(&reading);
}

static void
doubles_as_text(void)
{
    static const struct {
        const char *text, *plain, *signed_exponent;
    } rows[] = {
        {"0.0", "0.0", NULL},
        {"-0", "-0.0", NULL},
        {"1.0", "1.0", NULL},
        {"1e2", "100.0", NULL},
        {"-1.5", "-1.5", NULL},
        {"0.1", "0.1", NULL},
        {"123.456", "123.456", NULL},
        {"1e15", "1000000000000000.0", NULL},
        {"9007199254740993.0", "9007199254740992.0", NULL},
        {"1e16", "1e16", "1e+16"},
        {"12345678901234567890123", "1.2345678901234568e22", "1.2345678901234568e+22"},
        {"-1.5e300", "-1.5e300", "-1.5e+300"},
        {"1.7976931348623157e308", "1.7976931348623157e308", "1.7976931348623157e+308"},
        {"0.00001", "0.00001", NULL},
        {"0.000012", "0.000012", NULL},
        {"1e-6", "1e-6", NULL},
        {"0.0000099", "9.9e-6", NULL},
        {"5e-324", "5e-324", NULL},
        {"2.2250738585072014e-308", "2.2250738585072014e-308", NULL},
        {"1e-999999999999", "0.0", NULL},
        {"5.684341886080801486968994140625e-14", "5.684341886080802e-14", NULL}, /* 2^-44 */
        {"9.5367431640625e-7", "9.5367431640625e-7", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = number_parse(rows[i].text, strlen(rows[i].text));
        struct text out = {0};

        number_write(value, false, &out);
        CU_ASSERT_TRUE(same_text(rows[i].text, rows[i].plain, &out));
        text_clear(&out);
        number_write(value, true, &out);
        CU_ASSERT_TRUE(
            same_text(rows[i].text, rows[i].signed_exponent ? rows[i].signed_exponent : rows[i].plain, &out));
        text_free(&out);
    }
}

/* Many doubles of all sizes read back as themselves. */
static void
doubles_round_trip(void)
{
    uint64_t bits = 88172645463325252;

    for (int i = 0; i < 20000; i++) {
        struct text out = {0};
        double value;

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        uint64_t finite = (bits >> 52 & 0x7ff) == 0x7ff ? bits & ~(UINT64_C(1) << 62) : bits;
        if (i % 4 == 0)
            finite &= ~((UINT64_C(1) << 52) - 1); /* powers of two, where neighbours differ */
        memcpy(&value, &finite, sizeof value);
        number_write(value, i % 2, &out);
        double back = number_parse(text_string(&out), out.len);
        CU_ASSERT_EQUAL(memcmp(&back, &value, sizeof value), 0);
        text_free(&out);
    }
}

static void
numbers_of_meta(void)
{
    static const char text[] = ROOT "\"meta\":{\"b\":[9223372036854775807,-9223372036854775808,"
                                    "18446744073709551615,18446744073709551616,-9223372036854775809,-0,1E2],"
                                    "\"a\":0},\"solve\":1}";
    static const char written[] =
        "{\"decls\":[],\"imports\":[],\"kind\":\"entry\",\"meta\":{\"a\":0,\"b\":[9223372036854775807,"
        "-9223372036854775808,18446744073709551615,1.8446744073709552e+19,-9.223372036854776e+18,-0.0,100.0]}"
        ","
        "\"module_id\":\"main\",\"schema_version\":\"x07.x07ast@0.5.0\",\"solve\":1}\n";

    CU_ASSERT_TRUE(written_as(text, strlen(text), written));
}

static void
numbers_of_expressions(void)
{
    static const struct refusal rows[] = {
        {"1.0", "number is not an i64: 1.0 at /solve"},
        {"1e20", "number is not an i64: 1e20 at /solve"},
        {"1e-7", "number is not an i64: 1e-7 at /solve"},
        {"-0", "number is not an i64: -0.0 at /solve"},
        {"18446744073709551615", "number is not an i64: 18446744073709551615 at /solve"},
        {"18446744073709551616", "number is not an i64: 1.8446744073709552e19 at /solve"},
        {"9223372036854775807", "number out of i32 range: 9223372036854775807 at /solve"},
        {"-2147483649", "number out of i32 range: -2147483649 at /solve"},
        {"{\"b\":[],\"a\":{},\"b\":\"\\n\"}",
         "unsupported JSON value in expr: Object {\"a\": Object {}, \"b\": String(\"\\n\")} at /solve"},
        {"{\"a\":[1.5,true]}",
         "unsupported JSON value in expr: Object {\"a\": Array [Number(1.5), Bool(true)]} at /solve"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};

        text_printf(&text, ROOT "\"solve\":%s}", rows[i].text);
        CU_ASSERT_TRUE(refused(text_string(&text), text.len, rows[i].message));
        text_free(&text);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ast_json", NULL, NULL);
    CU_add_test(suite, "ends of input", ends_of_input);
    CU_add_test(suite, "wrong bytes", wrong_bytes);
    CU_add_test(suite, "wrong strings", wrong_strings);
    CU_add_test(suite, "wrong numbers", wrong_numbers);
    CU_add_test(suite, "depth limit", depth_limit);
    CU_add_test(suite, "members", members);
    CU_add_test(suite, "every escape", every_escape);
    CU_add_test(suite, "doubles as text", doubles_as_text);
    CU_add_test(suite, "doubles round trip", doubles_round_trip);
    CU_add_test(suite, "numbers of meta", numbers_of_meta);
    CU_add_test(suite, "numbers of expressions", numbers_of_expressions);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
