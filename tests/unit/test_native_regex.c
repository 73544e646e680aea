/* test_native_regex.c: regular expressions: where errors are, what matches, which groups took part, and lists
 * of slices. */
#include "runtime_testing.h"

#include "runtime/x07rt_regex.h"

static const struct {
    const char *pattern;
    uint32_t code, at; /* code 0: it is a good one */
} errors[] = {
    {"(", 1, 1},
    {"(((", 1, 3},
    {"(?", 1, 2},
    {"[a", 2, 2},
    {"[]", 2, 2},
    {"[^]", 2, 3},
    {"[a[b", 2, 4},
    {"[z-a]", 3, 1},
    {"[\\d-a]", 3, 1},
    {"[a-\\d]", 3, 3},
    {"[\\b]", 3, 1},
    {")", 4, 0},
    {"a)", 4, 1},
    {"\\q", 4, 0},
    {"\\xZ", 4, 2},
    {"\\x{}", 4, 2},
    {"\\x4", 4, 3},
    {"\\u{110000}", 4, 3},
    {"(?=a)", 4, 0},
    {"(?z)", 4, 2},
    {"(?i", 4, 3},
    {"(?ii)a", 4, 3},
    {"(?P<>x)", 4, 4},
    {"(?P<1>a)", 4, 4},
    {"(?P<a", 4, 5},
    {"(?P<n>a)(?P<n>b)", 4, 12},
    {"(?P=n)", 4, 2},
    {"[\xc3\xa9]", 4, 1},
    {"[a-\xc3\xa9]", 4, 3},
    {"*", 5, 0},
    {"(*a)", 5, 1},
    {"a|*", 5, 2},
    {"{", 5, 0},
    {"{2}", 5, 0},
    {"a{", 6, 1},
    {"a{2", 6, 1},
    {"a{x}", 6, 2},
    {"a{,3}", 6, 2},
    {"a{4294967296}", 6, 2},
    {"a{2,1}", 7, 1},
    {"a{1000000}", 9, 0},
    {"a{1000}{1000}", 9, 0},
    {"a{327673}", 0, 0},
    {"a{327674}", 9, 0},
    {"\xff", 4, 0},
    {"(?!a)", 4, 0},
    {"(?<=a)", 4, 0},
    {"\\1", 4, 0},
    {"\\012", 4, 0},
    {"\\Z", 4, 0},
    {"\\Q", 4, 0},
    {"(?#x)", 4, 2},
    {"(?>a)", 4, 2},
    {"\\pL", 4, 0},
    {"a{ 2 , 3 }", 0, 0},
    {"}", 0, 0},
    {"]", 0, 0},
    {"a**", 0, 0},
    {"a{2}+", 0, 0},
    {"^*", 0, 0},
    {"", 0, 0},
    {"()", 0, 0},
    {"(|a)", 0, 0},
    {"a||b", 0, 0},
    {"(?<n>a)", 0, 0},
};

/* The match and its groups; "-" for a group that took no part. */
static const struct {
    const char *pattern;
    uint32_t options;
    const char *text;
    const char *found;
} matches[] = {
    {"a*?", 0, "aaa", "0-3"},
    {"(a+?)(a*)", 0, "aaa", "0-3 0-1 1-3"},
    {"(a|ab)(c|bcd)(d*)", 0, "abcd", "0-4 0-1 1-4 4-4"},
    {"(foo|foobar)(bar)?", 0, "foobar", "0-6 0-3 3-6"},
    {"(a)|(ab)", 0, "ab", "0-2 - 0-2"},
    {"(a*)*", 0, "b", "0-0 0-0"},
    {"ABC", 1, "xabc", "1-4"},
    {"^b$", 2, "a\nb\nc", "2-3"},
    {"a.b", 0, "a\nb", "no"},
    {"a.b", 4, "a\nb", "0-3"},
    {"\\d+", 0, "ab123", "2-5"},
    {"\\w+\\s\\W", 0, "ab !", "0-4"},
    {"[^a]", 0, "a\n", "1-2"},
    {"\xc3\xa9+", 0, "x\xc3\xa9\xc3\xa9", "1-5"},
    {"\\xe9", 0, "x\xe9", "1-2"},
    {"\\x{e9}", 0, "x\xc3\xa9", "1-3"},
    {"\\bfoo\\b", 0, "a foo b", "2-5"},
    {"\\<foo\\>", 0, "a foo", "2-5"},
    {"\\Bo", 0, "oo", "1-2"},
    {"\\b{start}f", 0, "ef f", "3-4"},
    {"\\b{end-half}.", 0, "a b", "1-2"},
    {"[a-z&&[^aeiou]]+", 0, "aeibcd", "3-6"},
    {"[a-z--b-y]+", 0, "bcaz", "2-4"},
    {"[a-c~~b-d]+", 0, "bcad", "2-4"},
    {"[[:alpha:]_]+", 0, "1ab_2", "1-4"},
    {"[[:^alpha:]]+", 0, "ab12", "2-4"},
    {"[]a]+", 0, "x]a", "1-3"},
    {"[-a]+", 0, "x-a", "1-3"},
    {"[a-]+", 0, "xa-", "1-3"},
    {"[[:foo:]]+", 0, "x:fo", "1-4"},
    {"(?i)abc(?-i)d", 0, "ABCd", "0-4"},
    {"(?i:a)b", 0, "Ab", "0-2"},
    {"(?U)(a+)(a*)", 0, "aaa", "0-3 0-1 1-3"},
    {"(?x) a b # c\n c", 0, "abc", "0-3"},
    {"(?R).", 0, "\r\nx", "2-3"},
    {"(?mR)^x$", 0, "a\r\nx\r\n", "3-4"},
    {"(?mR)$", 0, "a\r\n", "1-1"},
    {"(?R)a$", 2, "a\r\n", "0-1"},
    {"(?u).", 0, "\xc3\xa9", "0-2"},
    {"(?u)\\w+", 0, "!\xc3\xa9t\xc3\xa9!", "1-6"},
    {"(?u)\\pL+", 0, "1\xce\xb1\xce\xb2", "1-5"},
    {"(?u)[\xc3\xa0-\xc3\xb6]+", 0, "\xc3\xa9\xc3\xb6x", "0-4"},
    {"(?iu)\xc3\x89", 0, "\xc3\xa9", "0-2"},
    {"(?iu)k", 0, "\xe2\x84\xaa", "0-3"},
    {"(?iu)[\xce\xb1-\xce\xb3]+", 0, "\xce\x91\xce\xb2", "0-4"},
    {"(?u)\\p{Greek}+", 0, "a\xce\xb1", "1-3"},
    {"(?u)\\bt", 0, "\xc3\xa9t t", "4-5"},
    {"(?u)[^a]", 0, "a\xf0\x9f\x98\x80", "1-5"},
    {"(?u).", 0, "\xff", "no"},
    {"(?u)\\PL", 0, "\xc3\xa9 ", "2-3"},
    {"(?u)\\W\\D\\S", 0, "\xc3\xa9!xy", "2-5"},
    {"(a|b)*c|(a|ab)*c", 0, "abc", "0-3 1-2 -"},
    {"(?:(a)|b)*", 0, "ab", "0-2 0-1"},
    {"(x*)(x+)", 0, "xxx", "0-3 0-2 2-3"},
    {"a{2,3}", 0, "aaaa", "0-3"},
    {"(a{2}){2}", 0, "aaaaa", "0-4 2-4"},
};

static uint32_t
word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Demands an error document, or a good pattern when `code` is 0. */
static void
expect_code(x07_rt *rt, const char *pattern, uint32_t code, uint32_t at)
{
    x07_bytes out = x07_regex_compile_opts_v1(rt, testing_view(pattern), 0);
    uint32_t got = out.ptr[0] ? 0 : word(out.ptr + 1), got_at = out.ptr[0] ? 0 : word(out.ptr + 5);

    if (got != code || got_at != at)
        printf("%.60s: expected error %u at %u, got %u at %u\n", pattern, code, at, got, got_at);
    CU_ASSERT(got == code && got_at == at);
    x07_drop_bytes(rt, out);
}

static void
errors_say_where(void)
{
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        expect_code(rt, errors[i].pattern, errors[i].code, errors[i].at);
    testing_close();
}

/* `text` so many times; free it. */
static char *
repeated(const char *text, size_t count)
{
    size_t len = strlen(text);
    char *all = calloc(count, len + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(all + i * len, text, len);
    return all;
}

static void
expect_repeated(x07_rt *rt, const char *text, size_t count, const char *end, size_t ends, uint32_t code,
                uint32_t at)
{
    char *first = repeated(text, count), *last = repeated(end, ends);
    char *all = calloc(1, strlen(first) + strlen(last) + 1);

    strcat(strcpy(all, first), last);
    expect_code(rt, all, code, at);
    free(first);
    free(last);
    free(all);
}

static void
sizes_are_limited(void)
{
    x07_rt *rt = testing_open();

    expect_repeated(rt, "(", 250, ")", 250, 11, 0);
    expect_repeated(rt, "(?:", 250, ")", 250, 0, 0);
    expect_repeated(rt, "(", 260, ")", 260, 8, 250);
    expect_repeated(rt, "(", 100000, ")", 100000, 8, 250);
    expect_repeated(rt, "[", 100000, "a]", 1, 8, 250);
    expect_repeated(rt, "a", 1, "*", 100000, 8, 251);
    expect_repeated(rt, "(a)", 32, "", 0, 0, 0);
    expect_repeated(rt, "(a)", 33, "", 0, 11, 0);
    expect_repeated(rt, "(?:ab)", 5000, "", 0, 0, 0);
    expect_repeated(rt, "a*", 3000, "", 0, 0, 0);
    testing_close();
}

/* What exec_caps says, as in the table of matches. */
static void
describe(x07_bytes found, char *out)
{
    if (!found.ptr[0] || !found.ptr[1]) {
        strcpy(out, found.ptr[0] ? "no" : "error");
        return;
    }
    out += sprintf(out, "%u-%u", word(found.ptr + 2), word(found.ptr + 6));
    for (uint32_t i = 0; i < word(found.ptr + 10); i++) {
        uint32_t start = word(found.ptr + 14 + 8 * i), end = word(found.ptr + 18 + 8 * i);

        out += start == UINT32_MAX && end == UINT32_MAX ? sprintf(out, " -")
                                                        : sprintf(out, " %u-%u", start, end);
    }
}

static void
matches_are_leftmost_longest(void)
{
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        char got[512];
        x07_bytes compiled =
            x07_regex_compile_opts_v1(rt, testing_view(matches[i].pattern), matches[i].options);
        x07_bytes found =
            x07_regex_exec_caps_from_v1(rt, x07_view_of(compiled), testing_view(matches[i].text), 0);

        describe(found, got);
        if (strcmp(got, matches[i].found))
            printf("%s on %s: expected %s, got %s\n", matches[i].pattern, matches[i].text, matches[i].found,
                   got);
        CU_ASSERT_STRING_EQUAL(got, matches[i].found);
        x07_drop_bytes(rt, found);
        x07_drop_bytes(rt, compiled);
    }
    testing_close();
}

static void
walks_pass_empty_matches(void)
{
    x07_rt *rt = testing_open();
    x07_bytes compiled = x07_regex_compile_opts_v1(rt, testing_view("a*"), 0);
    x07_view star = x07_view_of(compiled), text = testing_view("baac");

    CU_ASSERT(testing_gives(x07_regex_replace_all_v1(rt, star, text, testing_view("-"), 0), "-b--c-"));
    CU_ASSERT(testing_gives(x07_regex_replace_all_v1(rt, star, text, testing_view("$0"), 1), "$0baac"));
    x07_bytes list = x07_regex_find_all_x7sl_v1(rt, star, text, UINT32_MAX);
    CU_ASSERT(list.len == 12 + 4 * 8 && word(list.ptr + 8) == 4);
    x07_drop_bytes(rt, list);
    list = x07_regex_split_v1(rt, star, testing_view(""), 0);
    CU_ASSERT(list.len >= 12 && word(list.ptr + 8) == 2);
    x07_drop_bytes(rt, list);
    x07_drop_bytes(rt, compiled);
    testing_close();
}

static void
handles_are_checked(void)
{
    static const uint8_t strange[18] = {1, 'X', '7', 'R', 'G', 1, 9};
    x07_rt *rt = testing_open();
    x07_bytes out = x07_regex_exec_from_v1(rt, (x07_view){strange, 18}, testing_view("a"), 0);

    CU_ASSERT(out.len == 9 && out.ptr[0] == 0 && word(out.ptr + 1) == 10);
    x07_drop_bytes(rt, out);
    testing_close();
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("native_regex", NULL, NULL);
    CU_add_test(suite, "errors say where", errors_say_where);
    CU_add_test(suite, "sizes are limited", sizes_are_limited);
    CU_add_test(suite, "matches are leftmost-longest", matches_are_leftmost_longest);
    CU_add_test(suite, "walks pass empty matches", walks_pass_empty_matches);
    CU_add_test(suite, "handles are checked", handles_are_checked);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
