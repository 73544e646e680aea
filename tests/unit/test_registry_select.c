/* Selection: which row serves a query, ties, preferences. */
#include "registry/inside.h"

#include <CUnit/Basic.h>
#include <string.h>

/* Three plugins: a general one, one for a world, one for a profile; and some that may not win. */
static struct registry_service general_rows[] = {
    {.kind = X07_KIND_RUNNER, .key = "os", .priority = 100},
    {.kind = X07_KIND_SANDBOX, .key = "none", .priority = 100},
    {.kind = X07_KIND_REPAIR, .key = "canonicalize", .priority = 100, .rank = 100},
};
static struct registry_service world_rows[] = {
    {.kind = X07_KIND_RUNNER, .key = "os", .world = "run-os-sandboxed", .priority = 1},
    {.kind = X07_KIND_SANDBOX, .key = "none", .priority = 100},
    {.kind = X07_KIND_REPAIR, .key = "before", .priority = 1, .rank = 50},
};
static struct registry_service profile_rows[] = {
    {.kind = X07_KIND_RUNNER, .key = "os", .profile = "fast", .priority = -5},
    {.kind = X07_KIND_NATIVE, .key = "quick", .priority = 7},
    {.kind = X07_KIND_NATIVE, .key = "slow", .priority = 6},
};
static struct registry_service broken_rows[] = {
    {.kind = X07_KIND_RUNNER, .key = "os", .priority = 1000},
    {.kind = X07_KIND_RUNNER, .key = "only-broken", .priority = 1000},
};

static struct registry_plugin plugins[] = {
    {.path = "/general.so", .descriptor = {.id = "general", .services = general_rows, .service_count = 3}},
    {.path = "/world.so", .descriptor = {.id = "world", .services = world_rows, .service_count = 3}},
    {.path = "/profile.so", .descriptor = {.id = "profile", .services = profile_rows, .service_count = 3}},
    {.path = "/broken.so",
     .state = PLUGIN_REFUSED,
     .reason = "is broken",
     .descriptor = {.id = "broken", .services = broken_rows, .service_count = 2}},
};

static struct registry registry = {.plugins = plugins, .plugin_count = 4};

/* The id of the winner, or the code of the error. */
static void
expect(const struct registry_query *query, const char *winner)
{
    struct registry_match match;
    struct error *error = registry_match(&registry, query, &match);

    CU_ASSERT_STRING_EQUAL(error ? error->code : match.plugin->descriptor.id, winner);
    error_free(error);
}

static void
test_specific_first(void)
{
    struct registry_query query = {.kind = X07_KIND_RUNNER, .key = "os", .world = "run-os"};

    expect(&query, "general");
    query.world = "run-os-sandboxed";
    expect(&query, "world");
    query.profile = "fast";
    expect(&query, "profile");
    query.profile = "slow";
    expect(&query, "world");
    query.world = NULL;
    expect(&query, "general");
}

static void
test_priority_and_open_key(void)
{
    struct registry_query query = {.kind = X07_KIND_NATIVE};
    struct registry_match match;

    CU_ASSERT_PTR_NULL_FATAL(registry_match(&registry, &query, &match));
    CU_ASSERT_STRING_EQUAL(match.service->key, "quick");
    query.key = "slow";
    CU_ASSERT_PTR_NULL_FATAL(registry_match(&registry, &query, &match));
    CU_ASSERT_STRING_EQUAL(match.service->key, "slow");
}

static void
test_none(void)
{
    struct registry_query query = {.kind = X07_KIND_RUNNER, .key = "only-broken"};

    expect(&query, "E_PLUGIN_NONE");
    query.key = "unheard-of";
    expect(&query, "E_PLUGIN_NONE");
    query.kind = 77;
    expect(&query, "E_PLUGIN_NONE");
}

static void
test_tie(void)
{
    struct registry_query query = {.kind = X07_KIND_SANDBOX, .key = "none"};
    struct registry_match match;
    struct error *error = registry_match(&registry, &query, &match);

    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_STRING_EQUAL(error->code, "E_PLUGIN_TIE");
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "general"));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "world"));
    error_free(error);
    query.preferred = "world";
    expect(&query, "world");
}

static void
test_preferences(void)
{
    const struct config_entry any = {.name = "native/*", .value = "general"};
    const struct config_entry sandbox = {.name = "sandbox/none", .value = "world", .next = &any};
    const struct config_entry runner = {.name = "runner/os", .value = "broken", .next = &sandbox};
    struct registry_query query = {.kind = X07_KIND_SANDBOX, .key = "none"};

    registry.config.preferences = &runner;
    expect(&query, "world");
    query.preferred = "general"; /* the caller's word goes before the user's habit */
    expect(&query, "general");
    query = (struct registry_query){.kind = X07_KIND_RUNNER, .key = "os"};
    expect(&query, "E_PLUGIN_PREFERRED"); /* not silently another one */
    query = (struct registry_query){.kind = X07_KIND_NATIVE};
    expect(&query, "E_PLUGIN_PREFERRED");
    query.key = "quick"; /* "*" speaks only of requests without a key */
    expect(&query, "profile");
    registry.config.preferences = NULL;
}

static void
test_all_keys(void)
{
    const struct registry_match *matches;
    size_t count;

    registry.arena = arena_new();
    CU_ASSERT_PTR_NULL_FATAL(registry_match_all(&registry, X07_KIND_REPAIR, NULL, NULL, &matches, &count));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(matches[0].service->key, "before");
    CU_ASSERT_STRING_EQUAL(matches[1].service->key, "canonicalize");
    struct error *error = registry_match_all(&registry, X07_KIND_SANDBOX, NULL, NULL, &matches, &count);
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_STRING_EQUAL(error->code, "E_PLUGIN_TIE");
    error_free(error);
    arena_free(registry.arena);
}

int
main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite suite = CU_add_suite("registry selection", NULL, NULL);
    CU_add_test(suite, "specific rows first", test_specific_first);
    CU_add_test(suite, "priority and open key", test_priority_and_open_key);
    CU_add_test(suite, "none", test_none);
    CU_add_test(suite, "tie", test_tie);
    CU_add_test(suite, "preferences", test_preferences);
    CU_add_test(suite, "all keys of a kind", test_all_keys);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
