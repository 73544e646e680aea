/* test_native_math.c: floating point to the bit, its text, and canonical JSON with its errors and limits. */
#include "runtime_testing.h"

#include "runtime/math/decimal.h"
#include "runtime/math/elementary.h"
#include "runtime/x07rt_math.h"

#include <math.h>

/* The platform's libm gives other bits for some of these. */
static void
functions_are_exact(void)
{
    const struct {
        double got;
        uint64_t bits;
    } rows[] = {
        {elementary_sin(1e6), 0xbfd6664b2568d867},
        {elementary_sin(1e22), 0xbfeb453ab76bf397},
        {elementary_cos(3), 0xbfefae04be85e5d2},
        {elementary_cos(1e22), 0x3fe0be2cef01c8f4},
        {elementary_tan(3), 0xbfc23ef71254b86f},
        {elementary_tan(1.5707963267948966), 0x434d02967c31cdb5},
        {elementary_exp(0.5), 0x3ffa61298e1e069c},
        {elementary_exp(1), 0x4005bf0a8b14576a},
        {elementary_exp(700), 0x7f0d945df4f8ec8e},
        {elementary_exp(-745), 1},
        {elementary_exp(710), 0x7ff0000000000000},
        {elementary_log(0.1), 0xc0026bb1bbb55515},
        {elementary_log(1e-310), 0xc0864e69394d9508},
        {elementary_pow(10, -5), 0x3ee4f8b588e368f0},
        {elementary_pow(1.1, 100), 0x40caea4e6126bb95},
        {elementary_pow(0.5, 1e10), 0},
        {elementary_pow(NAN, 0), 0x3ff0000000000000},
        {elementary_pow(-8, 3), 0xc080000000000000},
        {elementary_atan2(1, 2), 0x3fddac670561bb4f},
        {elementary_atan2(-0.0, -1), 0xc00921fb54442d18},
        {elementary_atan2(INFINITY, -INFINITY), 0x4002d97c7f3321d2},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (double_bits(rows[i].got) != rows[i].bits)
            printf("row %zu: expected %016llx, got %016llx\n", i, (unsigned long long)rows[i].bits,
                   (unsigned long long)double_bits(rows[i].got));
        CU_ASSERT_EQUAL(double_bits(rows[i].got), rows[i].bits);
    }
    CU_ASSERT(isnan(elementary_pow(-8, 1.5)) && isnan(elementary_log(-1)) && isnan(elementary_sin(INFINITY)));
}

/* No more than one unit in the last place from the platform's. */
static void
expect_near(double got, double other)
{
    int64_t distance = (int64_t)(double_bits(got) - double_bits(other));
    bool near = (isnan(got) && isnan(other)) || got == other || (distance >= -1 && distance <= 1);

    if (!near)
        printf("got %.17g, libm says %.17g\n", got, other);
    CU_ASSERT(near);
}

static void
functions_are_near_libm(void)
{
    uint64_t state = 1;

    for (int i = 0; i < 20000; i++) {
        double x[2];

        for (int k = 0; k < 2; k++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            uint64_t bits = state ^ state >> 29;
            x[k] = i & 1 ? double_of_bits(bits) : (double)(int64_t)bits / 0x1p58;
        }
        expect_near(elementary_exp(x[0]), exp(x[0]));
        expect_near(elementary_log(x[0]), log(x[0]));
        expect_near(elementary_sin(x[0]), sin(x[0]));
        expect_near(elementary_cos(x[0]), cos(x[0]));
        expect_near(elementary_tan(x[0]), tan(x[0]));
        expect_near(elementary_atan2(x[0], x[1]), atan2(x[0], x[1]));
        expect_near(elementary_pow(x[0], x[1]), pow(x[0], x[1]));
        expect_near(elementary_pow(fabs(x[0]), x[1]), pow(fabs(x[0]), x[1]));
    }
}

static x07_view
view_of_double(double *x)
{
    return (x07_view){(const uint8_t *)x, sizeof *x};
}

static void
numbers_as_text(void)
{
    const struct {
        double x;
        const char *text, *ecmascript;
    } rows[] = {
        {42, "42", "42"},
        {-1.5, "-1.5", "-1.5"},
        {0.1, "0.1", "0.1"},
        {1.0 / 3, "0.3333333333333333", NULL},
        {1e15, "1000000000000000", NULL},
        {1e16, "1e16", "10000000000000000"},
        {1e21, "1e21", "1e+21"},
        {5e-324, "5e-324", "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e308", "1.7976931348623157e+308"},
        {1.2345678901234568e17, "1.2345678901234568e17", "123456789012345680"},
        {1e-5, "0.00001", "0.00001"},
        {1.234e-5, "0.00001234", NULL},
        {1e-6, "1e-6", "0.000001"},
        {1e-7, "1e-7", "1e-7"},
        {1.2345e-6, "1.2345e-6", NULL},
        {0x1p-44, "5.684341886080802e-14", "5.684341886080802e-14"},
        {9007199254740993.0, "9007199254740992", NULL},
        {-0.0, "-0", "0"},
        {INFINITY, "inf", NULL},
        {NAN, "nan", NULL},
        {2.2250738585072014e-308, "2.2250738585072014e-308", NULL},
        {0x1p-1073, "1e-323", NULL},
    };
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double x = rows[i].x;
        char text[DECIMAL_TEXT];

        CU_ASSERT(testing_gives(x07_math_f64_fmt_shortest_v1(rt, view_of_double(&x)), rows[i].text));
        if (!rows[i].ecmascript)
            continue;
        size_t len = decimal_ecmascript(x, text);
        CU_ASSERT(len == strlen(rows[i].ecmascript) && memcmp(text, rows[i].ecmascript, len) == 0);
    }
    testing_close();
}

/* What is written is read back. */
static void
text_round_trips(void)
{
    uint64_t state = 7;

    for (int i = 0; i < 20000; i++) {
        char text[DECIMAL_TEXT];
        double back = 0;

        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double x = double_of_bits((state ^ state >> 31) & ~(UINT64_C(1) << 63));
        if (!isfinite(x))
            continue;
        struct decimal decimal = decimal_shortest(x);
        int len = snprintf(text, sizeof text, "%se%d", decimal.digits, decimal.point - decimal.count);
        CU_ASSERT_EQUAL(decimal_read((const uint8_t *)text, (size_t)len, &back), DECIMAL_OK);
        CU_ASSERT_EQUAL_FATAL(double_bits(back), double_bits(x));
    }
}

static void
numbers_are_parsed(void)
{
    static const struct {
        const char *text;
        uint32_t error;
    } rows[] = {{"1", 0},
                {" -1.5e3\n", 0},
                {".5", 0},
                {"5.", 0},
                {"1.e5", 0},
                {"NaN", 0},
                {"-inf", 0},
                {"1e-999", 0},
                {"", 40001},
                {".", 40001},
                {"1e", 40001},
                {"--1", 40001},
                {"0x1", 40001},
                {"1_0", 40001},
                {"1\v", 40001},
                {"1e309", 40002},
                {"infinity", 40002},
                {"1e99999999999999999999", 40002},
                {"0e99999999999999999999", 0}};
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        x07_result_bytes got = x07_math_f64_parse_v1(rt, testing_view(rows[i].text));

        CU_ASSERT(got.tag == (rows[i].error == 0) && got.err == rows[i].error);
        x07_drop_result_bytes(rt, got);
    }
    testing_close();
}

static void
json_is_canonical(void)
{
    static const struct {
        const char *json;
        uint32_t depth, members, bytes;
        const char *text; /* NULL: an error */
        uint32_t code, at;
    } rows[] = {
        {"{\"\\u20ac\":1,\"\\ud83d\\ude00\":2,\"\\ufb33\":3,\"a\":4}", 9, 0, -1U,
         "{\"a\":4,\"\xe2\x82\xac\":1,"
         "\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":3}",
         0, 0},
        {"{\"b\":{\"d\":1,\"c\":[{}]},\"a\":[]}", 9, 0, -1U, "{\"a\":[],\"b\":{\"c\":[{}],\"d\":1}}", 0, 0},
        {"[-0,4.50,1e21,1E-7,1e-400]", 9, 0, -1U, "[0,4.5,1e+21,1e-7,0]", 0, 0},
        {"\"\\/\\u001F\\u007f\"", 9, 0, -1U, "\"/\\u001f\x7f\"", 0, 0},
        {"{\"a\":1}", 9, 0, 32, "{\"a\":1}", 0, 0},
        {"{\"a\":1}", 9, 0, 31, NULL, 23, 0},
        {"{\"\\n\":1}", 9, 0, 33, "{\"\\n\":1}", 0, 0},
        {"{\"\\n\":1}", 9, 0, 32, NULL, 23, 0},
        {" {\"a\":{\"b\":1}}", 9, 0, 38, "{\"a\":{\"b\":1}}", 0, 0},
        {" {\"a\":{\"b\":1}}", 9, 0, 37, NULL, 23, 1},
        {"{\"a\":1,\"b\":2}", 9, 1, -1U, NULL, 23, 0},
        {"[[1]]", 1, 0, 0, NULL, 22, 1},
        {"{}", 1, 0, 0, "{}", 0, 0},
        {"{\"a\":1,\"a\":2}", 9, 0, -1U, NULL, 21, 1},
        {"{\"a\":1,\"b\":0,\"a\":2,\"a\":3}", 9, 0, -1U, NULL, 21, 13},
        {"\xef\xbb\xbf"
         "1",
         9, 0, 0, NULL, 20, 0},
        {"true x", 9, 0, 0, NULL, 24, 5},
        {"  ", 9, 0, 0, NULL, 20, 0},
        {"\"\\ud800\"", 9, 0, 0, NULL, 21, 1},
        {"\"\\ud800\\uzzzz\"", 9, 0, 0, NULL, 20, 1},
        {"\"a\xff\"", 9, 0, 0, NULL, 21, 2},
        {"\"\\uffff\"", 9, 0, 0, NULL, 21, 1},
        {"1e400", 9, 0, 0, NULL, 21, 0},
    };
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        x07_bytes got = x07_json_jcs_canon_doc_v1(rt, testing_view(rows[i].json), rows[i].depth,
                                                  rows[i].members, rows[i].bytes);
        uint8_t want[9] = {0, (uint8_t)rows[i].code, 0, 0, 0, (uint8_t)rows[i].at};
        bool good;

        if (rows[i].text)
            good = got.len == strlen(rows[i].text) + 1 && got.ptr[0] == 1 &&
                   memcmp(got.ptr + 1, rows[i].text, got.len - 1) == 0;
        else
            good = got.len == sizeof want && memcmp(got.ptr, want, sizeof want) == 0;
        if (!good)
            printf("%s: got tag %u, %.*s\n", rows[i].json, got.ptr[0], (int)got.len - 1,
                   (const char *)got.ptr + 1);
        CU_ASSERT(good);
        x07_drop_bytes(rt, got);
    }
    testing_close();
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("native_math", NULL, NULL);
    CU_add_test(suite, "functions are exact", functions_are_exact);
    CU_add_test(suite, "functions are near libm", functions_are_near_libm);
    CU_add_test(suite, "numbers as text", numbers_as_text);
    CU_add_test(suite, "text round-trips", text_round_trips);
    CU_add_test(suite, "numbers are parsed", numbers_are_parsed);
    CU_add_test(suite, "JSON is canonical", json_is_canonical);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
