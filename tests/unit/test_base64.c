/* Reading base64, and that the report writer's base64 is read back. */
#include "base/base64.h"
#include "base/json_out.h"

#include <CUnit/Basic.h>
#include <string.h>

static void
decodes(void)
{
    static const struct {
        const char *text, *bytes;
    } rows[] = {{"", ""},        {"QQ==", "A"},         {"QUI=", "AB"},
                {"QUJD", "ABC"}, {"aGVsbG8=", "hello"}, {"+/+/", "\xfb\xff\xbf"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text out = {0};
        struct text message = {0};
        CU_ASSERT_TRUE(base64_decode(rows[i].text, strlen(rows[i].text), &out, &message));
        CU_ASSERT_STRING_EQUAL(text_string(&out), rows[i].bytes);
        CU_ASSERT_STRING_EQUAL(text_string(&message), "");
        text_free(&out);
        text_free(&message);
    }
}

static void
names_the_fault(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"!", "Invalid symbol 33, offset 0."},
        {"-_8=", "Invalid symbol 45, offset 0."},
        {"A", "Invalid input length: 1"},
        {"QUJDA", "Invalid input length: 5"},
        {"QUJD\n", "Invalid symbol 10, offset 4."},
        {"QQ", "Invalid padding"},
        {"QR==", "Invalid last symbol 82, offset 1."},
        {"QUJ=", "Invalid last symbol 74, offset 2."},
        {"Q===", "Invalid symbol 61, offset 1."},
        {"QQ=A", "Invalid symbol 61, offset 2."},
        {"QQ==QQ==", "Invalid symbol 61, offset 2."},
        {"=", "Invalid symbol 61, offset 0."},
        {"QUI", "Invalid padding"},
        {"Q U=", "Invalid symbol 32, offset 1."},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text out = {0};
        struct text message = {0};
        CU_ASSERT_FALSE(base64_decode(rows[i].text, strlen(rows[i].text), &out, &message));
        CU_ASSERT_STRING_EQUAL(text_string(&message), rows[i].message);
        text_free(&out);
        text_free(&message);
    }
}

static void
round_trip(void)
{
    uint8_t bytes[300];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + (i >> 3));
    for (size_t len = 0; len <= sizeof bytes; len++) {
        x07_json json = {0};
        struct text out = {0};
        struct text message = {0};
        x07_json_base64(&json, bytes, len);
        CU_ASSERT_TRUE_FATAL(base64_decode(json.data + 1, json.len - 2, &out, &message));
        CU_ASSERT_EQUAL_FATAL(out.len, len);
        CU_ASSERT_TRUE(len == 0 || memcmp(out.data, bytes, len) == 0);
        text_free(&out);
        text_free(&message);
        x07_json_free(&json);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("base64", NULL, NULL);
    CU_add_test(suite, "decodes", decodes);
    CU_add_test(suite, "names the fault", names_the_fault);
    CU_add_test(suite, "round trip", round_trip);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
