/* The small parts of packages: versions and their order, specs, URLs, index entries. */
#include "package/entries.h"
#include "package/semver.h"
#include "package/spec.h"
#include "package/url.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct arena *arena;

static int
set_up(void)
{
    arena = arena_new();
    return 0;
}

static int
tear_down(void)
{
    arena_free(arena);
    return 0;
}

static void
valid_versions(void)
{
    static const char *const good[] = {"0.0.0",
                                       "1.2.3",
                                       "10.20.30",
                                       "1.0.0-a",
                                       "1.0.0-0",
                                       "1.0.0-a.b-c.1d",
                                       "1.0.0+001",
                                       "1.0.0-rc.1+b.7",
                                       "1.0.0--",
                                       "1.0.0-00a",
                                       "99999999999999999999.0.0"};
    static const char *const bad[] = {"",          "1",         "1.2",    "1.2.3.4", "01.2.3",
                                      "1.02.3",    "1.2.03",    "1.2.3-", "1.2.3+",  "1.2.3-a..b",
                                      "1.2.3-01",  "1.2.3-a_b", "v1.2.3", " 1.2.3",  "1.2.3 ",
                                      "1.2.3-a/b", "1.2.3+a+b", "-1.2.3", "1.2.x"};

    for (size_t i = 0; i < COUNT(good); i++)
        CU_ASSERT_TRUE(semver_is_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        CU_ASSERT_FALSE(semver_is_valid(bad[i]));
}

/* Ascending; each is compared with each. */
static void
order_of_versions(void)
{
    static const char *const order[] = {"0.9.9",       "0.10.0",        "1.0.0-0",
                                        "1.0.0-2",     "1.0.0-10",      "1.0.0-18446744073709551616",
                                        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                        "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                        "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                        "1.1.0",       "2.0.0",         "18446744073709551617.0.0"};

    for (size_t i = 0; i < COUNT(order); i++)
        for (size_t k = 0; k < COUNT(order); k++) {
            int found = semver_compare(order[i], order[k]);
            CU_ASSERT_EQUAL((found > 0) - (found < 0), (i > k) - (i < k));
        }
    CU_ASSERT_EQUAL(semver_compare("1.0.0+a", "1.0.0+b"), 0);
    CU_ASSERT_EQUAL(semver_compare("1.0.0-a+x", "1.0.0-a"), 0);
    CU_ASSERT_TRUE(semver_is_prerelease("1.0.0-a"));
    CU_ASSERT_FALSE(semver_is_prerelease("1.0.0+a-b"));
}

static void
specs(void)
{
    struct package_spec spec = {0};

    CU_ASSERT_PTR_NULL(spec_read(arena, " acme-str@1.2.3 ", &spec));
    CU_ASSERT_STRING_EQUAL(spec.name, "acme-str");
    CU_ASSERT_STRING_EQUAL(spec.version, "1.2.3");
    CU_ASSERT_PTR_NULL(spec_read(arena, "a", &spec));
    CU_ASSERT_PTR_NULL(spec.version);
    for (const char *const *bad = (const char *const[]){"", "A", "1a", "a b", "a@b@1.0.0", "a@", "a/b", NULL};
         *bad; bad++) {
        struct error *error = spec_read(arena, *bad, &spec);
        CU_ASSERT_PTR_NOT_NULL_FATAL(error);
        CU_ASSERT_STRING_EQUAL(error->code, "X07PKG_SPEC_INVALID");
        error_free(error);
    }
}

static void
urls(void)
{
    static const struct {
        const char *given, *text, *origin;
    } good[] = {
        {"HTTPS://Host.Example:443/a/./b/../c/", "https://host.example/a/c/", "https://host.example"},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://127.0.0.1:8080"},
        {"http://h:080/", "http://h/", "http://h"},
        {"http://[::1]:81/x", "http://[::1]:81/x", "http://[::1]:81"},
        {"file:///a//b", "file:///a//b", "file://"},
        {"http://h/%2e%2E/../x/..", "http://h/", "http://h"},
    };
    static const char *const bad[] = {"",
                                      "index/",
                                      "http:/h/",
                                      "http:///x",
                                      "http://u@h/",
                                      "http://h:x/",
                                      "http://h:70000/",
                                      "http://h /",
                                      "http://h\\@x/",
                                      "http://h/?q",
                                      "http://h/#f",
                                      "http://h/\n",
                                      "http://[::1/",
                                      "http://h%00/",
                                      "//h/",
                                      "http://h:123456/",
                                      "http://\xc3\xa9/"};

    for (size_t i = 0; i < COUNT(good); i++) {
        struct text message = {0};
        struct url url;
        CU_ASSERT_TRUE_FATAL(url_read(arena, good[i].given, &url, &message));
        CU_ASSERT_STRING_EQUAL(url.text, good[i].text);
        CU_ASSERT_STRING_EQUAL(url.origin, good[i].origin);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct text message = {0};
        struct url url;
        CU_ASSERT_FALSE(url_read(arena, bad[i], &url, &message));
        CU_ASSERT_TRUE(message.len > 0);
        text_free(&message);
    }
}

static void
url_parts(void)
{
    struct text message = {0}, escaped = {0};
    struct url url;

    CU_ASSERT_TRUE_FATAL(url_read(arena, "file:///a%20b%2Fc", &url, &message));
    CU_ASSERT_STRING_EQUAL(url_file_path(arena, &url), "/a b/c");
    for (const char *const *bad = (const char *const[]){"file:///a%0", "file:///a%zz", "file:///a%00", NULL};
         *bad; bad++) {
        CU_ASSERT_TRUE_FATAL(url_read(arena, *bad, &url, &message));
        CU_ASSERT_PTR_NULL(url_file_path(arena, &url));
    }
    url_append_escaped(&escaped, "1.0.0-a+b/../\xc3\xa9?");
    CU_ASSERT_STRING_EQUAL(escaped.data, "1.0.0-a+b%2F..%2F%C3%A9%3F");
    text_free(&escaped);
}

#define ENTRY(version, yanked)                                                                             \
    "{\"schema_version\":\"x07.index-entry@0.1.0\",\"name\":\"abc\",\"version\":\"" version                \
    "\",\"cksum\":\"ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789\",\"yanked\":" yanked \
    "}\n"

static void
index_entries(void)
{
    static const char data[] =
        "\n" ENTRY("1.0.0", "true") ENTRY("1.0.0", "false") " \t\r\n" ENTRY("0.9.0", "false")
            ENTRY("2.0.0-a", "false") ENTRY("3", "false");
    struct index_entries entries;

    CU_ASSERT_PTR_NULL_FATAL(entries_read(arena, data, strlen(data), &entries));
    CU_ASSERT_EQUAL(entries.count, 4);
    CU_ASSERT_TRUE(entries_find(&entries, "abc", "1.0.0")->yanked.value);
    CU_ASSERT_STRING_EQUAL(entries_find(&entries, "abc", "3")->cksum,
                           "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789");
    CU_ASSERT_PTR_NULL(entries_find(&entries, "abd", "1.0.0"));
    CU_ASSERT_STRING_EQUAL(entries_latest(&entries, "abc")->version, "0.9.0");
    CU_ASSERT_PTR_NULL(entries_latest(&entries, "other"));
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("package", set_up, tear_down);
    CU_add_test(suite, "valid versions", valid_versions);
    CU_add_test(suite, "order of versions", order_of_versions);
    CU_add_test(suite, "specs", specs);
    CU_add_test(suite, "urls", urls);
    CU_add_test(suite, "parts of urls", url_parts);
    CU_add_test(suite, "index entries", index_entries);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
