/* The quoted form of messages, and UTF-8. */
#include "base/quote.h"
#include "base/utf8.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *in;
    size_t len;
    const char *out;
};

#define ROW(in, out)                \
    {                               \
        (in), sizeof(in) - 1, (out) \
    }

static bool
same(const struct row *row, const struct text *got)
{
    if (strcmp(text_string(got), row->out) == 0)
        return true;
    fprintf(stderr, "\n%s\n  expected: %s\n  got:      %s\n", row->in, row->out, text_string(got));
    return false;
}

static void
quoting(void)
{
    static const struct row rows[] = {
        ROW("", "\"\""),
        ROW("plain 'text'", "\"plain 'text'\""),
        ROW("\"\\/", "\"\\\"\\\\/\""),
        ROW("\n\r\t\0\a\x1f\x7f", "\"\\n\\r\\t\\0\\u{7}\\u{1f}\\u{7f}\""),
        ROW("\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80", "\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\""),
        ROW("\xc2\x85\xc2\xa0\xc2\xad", "\"\\u{85}\\u{a0}\\u{ad}\""),
        ROW("e\xcc\x81", "\"e\\u{301}\""),                         /* combining acute */
        ROW("\xe2\x80\x8b\xe2\x80\x8d", "\"\\u{200b}\\u{200d}\""), /* zero width space, joiner */
        ROW("\xe2\x80\xa8\xe3\x80\x80", "\"\\u{2028}\\u{3000}\""), /* separators */
        ROW("\xee\x80\x80", "\"\\u{e000}\""),                      /* private use */
        ROW("\xcd\xb8", "\"\\u{378}\""),                           /* unassigned */
        ROW("\xef\xbf\xbf\xf4\x8f\xbf\xbf", "\"\\u{ffff}\\u{10ffff}\""),
        ROW("\xf0\x9f\x8f\xbd", "\"\xf0\x9f\x8f\xbd\""), /* an emoji modifier is no combining mark */
        ROW("\xef\xbe\x9e", "\"\\u{ff9e}\""),            /* half-width voiced mark joins */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};

        text_append_quoted(&out, rows[i].in, rows[i].len);
        CU_ASSERT_TRUE(same(&rows[i], &out));
        text_free(&out);
    }
}

static void
validity(void)
{
    static const struct row rows[] = {
        ROW("", ""),
        ROW("0123456789abcdef\xc3\xa9 tail", ""),
        ROW("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\xf0\x90\x80\x80\xe0\xa0\x80\xc2\x80", ""),
        ROW("\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("01234567\xff", "invalid utf-8 sequence of 1 bytes from index 8"),
        ROW("\xc0\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("\xc1\xbf", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("a\xc3(", "invalid utf-8 sequence of 1 bytes from index 1"),
        ROW("\xe0\x9f\xbf", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("\xed\xa0\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("\xe2\x82(", "invalid utf-8 sequence of 2 bytes from index 0"),
        ROW("\xf0\x9f\x98(", "invalid utf-8 sequence of 3 bytes from index 0"),
        ROW("\xf0\x8f\x98\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("\xf4\x90\x80\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("\xf5\x80\x80\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        ROW("ab\xc3", "incomplete utf-8 byte sequence from index 2"),
        ROW("\xf0\x9f\x98", "incomplete utf-8 byte sequence from index 0"),
        ROW("\xf0(", "invalid utf-8 sequence of 1 bytes from index 0"),
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text message = {0};
        char *copy = malloc(rows[i].len ? rows[i].len : 1);

        memcpy(copy, rows[i].in, rows[i].len);
        CU_ASSERT_EQUAL(utf8_check(copy, rows[i].len, &message), *rows[i].out == '\0');
        CU_ASSERT_TRUE(same(&rows[i], &message));
        text_free(&message);
        free(copy);
    }
}

/* Every code point is encoded, valid and decoded again. */
static void
every_code_point(void)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[UTF8_MAX_BYTES];
        uint32_t back;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        size_t length = utf8_encode(code, bytes);
        bool ok = utf8_prefix(bytes, length) == length && utf8_decode(bytes, length, &back) == length &&
                  back == code;
        if (!ok)
            CU_FAIL("code point does not survive");
    }
    CU_PASS("all code points");
}

static void
white_space(void)
{
    static const char padded[] = "\xe2\x80\xaf\t a b\xc2\x85\xe3\x80\x80\r\n";
    const char *data = padded;
    size_t len = sizeof padded - 1;

    utf8_trim(&data, &len);
    CU_ASSERT_EQUAL(len, 3);
    CU_ASSERT_EQUAL(memcmp(data, "a b", 3), 0);
    data = " \n ";
    len = 3;
    utf8_trim(&data, &len);
    CU_ASSERT_EQUAL(len, 0);
    CU_ASSERT_TRUE(utf8_has_space("a\xe2\x80\x80", 4));
    CU_ASSERT_TRUE(utf8_has_space("\v", 1));
    CU_ASSERT_FALSE(
        utf8_has_space("a\xe2\x80\x8b\xe1\xa0\x8e\x1f", 8)); /* no longer, or never, white space */
    CU_ASSERT_FALSE(utf8_has_space("", 0));
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("quote", NULL, NULL);
    CU_add_test(suite, "quoting", quoting);
    CU_add_test(suite, "validity", validity);
    CU_add_test(suite, "every code point", every_code_point);
    CU_add_test(suite, "white space", white_space);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
