/* The scan cache, and what is believed of a scan's outcome. */
#include "registry/cache.h"

#include "base/file.h"
#include "registry/outcome.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *top;
static char *path;

static const struct registry_identity identity = {
    .device = 1, .inode = UINT64_MAX, .size = 3, .modified_ns = INT64_MAX, .changed_ns = 5};

static json_object *
outcome(void)
{
    return json_tokener_parse("{\"state\": \"refused\", \"reason\": \"because\"}");
}

static void
write_one(void)
{
    struct scan_cache cache;
    json_object *noted = outcome();

    cache_read(&cache, path);
    cache_note(&cache, top, &identity, noted);
    cache_note(&cache, "/no/such/plugin.so", &identity, noted);
    cache_write(&cache);
    cache_free(&cache);
    json_object_put(noted);
}

/* Whether the file at `path` knows the plugin `name` with this identity. */
static bool
knows(const char *name, const struct registry_identity *of)
{
    struct scan_cache cache;

    cache_read(&cache, path);
    bool found = cache_find(&cache, name, of) != NULL;
    cache_free(&cache);
    return found;
}

static void
test_round(void)
{
    struct registry_identity other = identity;

    write_one();
    CU_ASSERT_TRUE(knows(top, &identity));
    CU_ASSERT_FALSE(knows("/no/such/plugin.so", &identity)); /* its file is gone */
    other.inode--;
    CU_ASSERT_FALSE(knows(top, &other));
    other = identity;
    other.modified_ns--;
    CU_ASSERT_FALSE(knows(top, &other));
}

static void
test_damage(void)
{
    static const char *const damaged[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"schema_version\":\"x07.plugins.cache@0.1.0\"}",
        "{\"schema_version\":\"x07.plugins.cache@0.1.0\",\"host\":\"0.0.0\",\"entries\":{}}",
        "{\"schema_version\":1,\"host\":2,\"entries\":3}"};

    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        CU_ASSERT_PTR_NULL(file_replace(path, damaged[i], strlen(damaged[i]), 0600));
        CU_ASSERT_FALSE(knows(top, &identity));
        write_one();
        CU_ASSERT_TRUE(knows(top, &identity));
    }
}

static void
test_distrust(void)
{
    write_one();
    CU_ASSERT_EQUAL(chmod(path, 0666), 0);
    CU_ASSERT_FALSE(knows(top, &identity));
    CU_ASSERT_EQUAL(chmod(path, 0600), 0);
    CU_ASSERT_TRUE(knows(top, &identity));
}

static void
test_unwritable(void)
{
    struct scan_cache cache;
    json_object *noted = outcome();
    char *impossible = file_join(path, "below-a-file/plugins.json");

    cache_read(&cache, impossible);
    cache_note(&cache, top, &identity, noted);
    cache_write(&cache);
    CU_ASSERT_PTR_NOT_NULL(cache_find(&cache, top, &identity)); /* still good for this run */
    cache_free(&cache);
    cache_read(&cache, NULL);
    cache_write(&cache);
    cache_free(&cache);
    json_object_put(noted);
    free(impossible);
}

static enum registry_state
state_of(struct arena *arena, const char *text, struct registry_plugin *plugin)
{
    json_object *object = json_tokener_parse(text);

    *plugin = (struct registry_plugin){.path = "/a.so"};
    outcome_apply(arena, object, plugin);
    json_object_put(object);
    CU_ASSERT_EQUAL(plugin->reason == NULL, plugin->state == PLUGIN_AVAILABLE);
    return plugin->state;
}

#define GOOD                                                                                               \
    "\"id\":\"a\",\"version\":\"1\",\"vendor\":\"v\",\"licence\":\"l\",\"summary\":\"s\",\"abi_major\":1," \
    "\"abi_minor\":0"

static void
test_outcomes(void)
{
    struct arena *arena = arena_new();
    struct registry_plugin plugin;

    CU_ASSERT_EQUAL(state_of(arena,
                             "{\"state\":\"available\",\"descriptor\":{" GOOD
                             ",\"services\":[{\"kind\":2,\"key\":\"k\",\"priority\":-3,\"world\":null}]}}",
                             &plugin),
                    PLUGIN_AVAILABLE);
    CU_ASSERT_STRING_EQUAL(plugin.descriptor.id, "a");
    CU_ASSERT_EQUAL(plugin.descriptor.services[0].priority, -3);
    CU_ASSERT_PTR_NULL(plugin.descriptor.services[0].world);
    CU_ASSERT_EQUAL(state_of(arena, "{\"state\":\"crashed\",\"reason\":\"x\"}", &plugin), PLUGIN_CRASHED);
    CU_ASSERT_EQUAL(state_of(arena, "{\"state\":\"timed-out\"}", &plugin), PLUGIN_TIMED_OUT);
    CU_ASSERT_EQUAL(state_of(arena, "{}", &plugin), PLUGIN_REFUSED);
    CU_ASSERT_EQUAL(state_of(arena, "{\"state\":\"splendid\"}", &plugin), PLUGIN_REFUSED);
    CU_ASSERT_EQUAL(state_of(arena, "{\"state\":\"available\"}", &plugin), PLUGIN_REFUSED);
    CU_ASSERT_EQUAL(state_of(arena, "{\"state\":\"available\",\"descriptor\":{\"id\":7}}", &plugin),
                    PLUGIN_REFUSED);
    CU_ASSERT_EQUAL(state_of(arena,
                             "{\"state\":\"available\",\"descriptor\":{" GOOD
                             ",\"services\":[{\"kind\":9,\"key\":\"k\"}]}}",
                             &plugin),
                    PLUGIN_REFUSED);
    CU_ASSERT_PTR_NULL(plugin.descriptor.id);
    arena_free(arena);
}

static int
set_up(void)
{
    char *made = NULL;
    struct error *error = file_make_temp_dir(NULL, &made);

    if (error)
        return error_free(error), 1;
    top = realpath(made, NULL);
    free(made);
    path = file_join(top, "cache/plugins.json");
    return 0;
}

static int
tear_down(void)
{
    file_remove_tree(top);
    free(path);
    free(top);
    return 0;
}

int
main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite suite = CU_add_suite("registry cache", set_up, tear_down);
    CU_add_test(suite, "written and read", test_round);
    CU_add_test(suite, "damage", test_damage);
    CU_add_test(suite, "writable by others", test_distrust);
    CU_add_test(suite, "cannot be written", test_unwritable);
    CU_add_test(suite, "outcomes", test_outcomes);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
