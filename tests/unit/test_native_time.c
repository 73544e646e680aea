/* test_native_time.c: offsets of time zones: by their rules, by the installed database, and names that are
 * none. */
#include "runtime_testing.h"

#include "runtime/time/zone.h"
#include "runtime/x07rt_time.h"

static void
rules_are_followed(void)
{
    static const struct {
        const char *rule;
        int64_t instant, offset;
    } rows[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846799, 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1711846800, 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990799, 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1729990800, 3600},
        {"EST5EDT,M3.2.0,M11.1.0", 1710053999, -18000},
        {"EST5EDT,M3.2.0,M11.1.0", 1710054000, -14400},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1704067200, 39600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 1719792000, 36000},
        {"<+0545>-5:45", 0, 20700},
        {"A0B,J60/0,J61/0", 1709251200, 3600},
        {"A0B,59/0,60/0", 1709164800, 3600},
        {"UTC0\n", -99999999999, 0},
    };
    static const char *const broken[] = {"",   "5",        "A", "A1B,", "A1B,M3.2.0", "A1B,M13.1.0,M1.1.0",
                                         "<A", "A1B,X1,X2"};
    int64_t offset;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT(zone_rule_offset(rows[i].rule, rows[i].instant, &offset));
        if (offset != rows[i].offset)
            printf("%s at %lld: got %lld\n", rows[i].rule, (long long)rows[i].instant, (long long)offset);
        CU_ASSERT_EQUAL(offset, rows[i].offset);
    }
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        CU_ASSERT_FALSE(zone_rule_offset(broken[i], 0, &offset));
}

static void
names_are_checked(void)
{
    static const char *const good[] = {"UTC", "Europe/Berlin", "US/Pacific", "GMT0", "Etc/GMT+5", "EST"};
    static const char *const bad[] = {"",        "Nope",       " UTC",      "UTC ",      "utc",
                                      "../UTC",  "/UTC",       "Europe",    "Europe/",   "localtime",
                                      "Factory", "posixrules", "posix/UTC", "right/UTC", "zone.tab"};
    x07_rt *rt = testing_open();

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CU_ASSERT_EQUAL(x07_os_time_tzdb_is_valid_tzid_v1(rt, testing_view(good[i])), 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_EQUAL(x07_os_time_tzdb_is_valid_tzid_v1(rt, testing_view(bad[i])), 0);
    testing_close();
}

static int64_t
offset_in(x07_rt *rt, const char *name, int64_t instant)
{
    x07_bytes out = x07_os_time_tzdb_offset_duration_v1(rt, testing_view(name), (uint32_t)instant,
                                                        (uint32_t)(instant >> 32));
    int64_t offset = 0;

    CU_ASSERT(out.len == 14 && out.ptr[0] == 1 && out.ptr[1] == 1);
    memcpy(&offset, out.ptr + 2, out.len == 14 ? 8 : 0);
    x07_drop_bytes(rt, out);
    return offset;
}

static void
offsets_of_zones(void)
{
    x07_rt *rt = testing_open();

    CU_ASSERT_EQUAL(offset_in(rt, "Europe/Berlin", INT64_C(-10000000000)), 3208);
    CU_ASSERT_EQUAL(offset_in(rt, "America/New_York", INT64_C(-8334601228800)), -17762);
    CU_ASSERT_EQUAL(offset_in(rt, "Asia/Kolkata", 1700000000), 19800);
    CU_ASSERT_EQUAL(offset_in(rt, "Europe/Berlin", 1690000000), 7200);
    CU_ASSERT_EQUAL(offset_in(rt, "Europe/Berlin", INT64_C(8210266876799)), 3600);
    testing_close();
}

/* A file that ends anywhere is damaged or gives some offset; nothing else happens. */
static void
damaged_files_are_refused(void)
{
    static struct zone zone, part;
    int64_t offset;

    CU_ASSERT_FATAL(zone_read("Europe/Berlin", 13, &zone));
    for (size_t len = 44; len < zone.len; len++) {
        part = zone;
        part.len = len;
        memset(part.data + len, 0, sizeof part.data - len);
        if (len < zone.len / 2)
            CU_ASSERT_FALSE(zone_offset(&part, 0, &offset));
        part = zone;
        part.data[len] ^= 0xff;
        (void)zone_offset(&part, 1700000000, &offset);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("native_time", NULL, NULL);
    CU_add_test(suite, "rules are followed", rules_are_followed);
    CU_add_test(suite, "names are checked", names_are_checked);
    CU_add_test(suite, "offsets of zones", offsets_of_zones);
    CU_add_test(suite, "damaged files are refused", damaged_files_are_refused);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
