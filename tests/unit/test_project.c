/* Manifests, lock files, profiles and the search for a project. */
#include "base/file.h"
#include "project/package_manifest.h"
#include "project/paths.h"
#include "project/profiles.h"
#include "project/project.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *arena;
static char *folder;

static const char *
put(const char *name, const char *text)
{
    char *path = file_join(folder, name);
    const char *copy = arena_copy(arena, path, strlen(path));

    error_free(file_replace(path, text, strlen(text), 0600));
    free(path);
    return copy;
}

/* Whether an error has this text; frees it. "" for none. */
static bool
says(struct error *error, const char *text)
{
    bool same = strcmp(error ? error->message : "", text) == 0;

    if (!same)
        fprintf(stderr, "expected %s\ngot %s\n", text, error ? error->message : "(none)");
    error_free(error);
    return same;
}

#define BASE "\"schema_version\":\"x07.project@0.3.0\",\"world\":\"run-os\",\"entry\":\"m.x07.json\""
#define ROOTS ",\"module_roots\":[\"src\"]"

static void
manifests(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"{" BASE ROOTS "}", ""},
        {"{" BASE ROOTS ",\"lockfile\":null,\"new\":[{}]}", ""},
        {"[]", "[X07PROJECT_PARSE] parse project JSON: p: invalid type: sequence, expected struct "
               "ProjectManifest at line 1 column 0"},
        {"{" BASE "\n}", "[X07PROJECT_PARSE] parse project JSON: p: missing field `module_roots` at line 2 "
                         "column 1"},
        {"{" BASE ",\n\"module_roots\":[\"\\u00e9\\\"\", 1]}",
         "[X07PROJECT_PARSE] parse project JSON: p: invalid type: integer `1`, expected a string at line 2 "
         "column 29"},
        {"{" BASE ROOTS ",\n\"link\":{\"static\":1.50}}",
         "[X07PROJECT_PARSE] parse project JSON: p: invalid type: floating point `1.5`, expected a boolean "
         "at line 2 column 21"},
        {"{" BASE ROOTS ",\n \"world\" : 1}",
         "[X07PROJECT_PARSE] parse project JSON: p: duplicate field `world` at line 2 column 8"},
        {"{" BASE ROOTS ",\n\"patch\":{\"a\":{\"version\":\"1\"},\"b\":{ }}}",
         "[X07PROJECT_PARSE] parse project JSON: p: missing field `version` at line 2 column 36"},
        {"{" BASE ROOTS ",\n\"lockfile\":\"a\\u0000b\"}",
         "[X07PROJECT_PARSE] parse project JSON: p: invalid value: string \"a\\0b\", expected a string "
         "without NUL at line 2 column 21"},
        {"{" BASE ",\"module_roots\":[\"$workspace/../x\"]}",
         "project.module_roots[0] must not contain '..' segments: \"$workspace/../x\""},
        {"{" BASE ROOTS ",\"link\":{\"libs\":[\"a b\"]}}",
         "project.link.libs[0] must not contain whitespace, '/', '\\\\', or NUL: \"a b\""},
        {"{" BASE ROOTS ",\"patch\":{\"a\":{\"version\":\"1\"},\" a\":{\"version\":\"1\"}}}",
         "project.patch has duplicate key \"a\""},
        {"{" BASE ROOTS ",\"patch\":{\"A\":{\"version\":\"1\"}}}",
         "project.patch key must match ^[a-z][a-z0-9_-]*$, got \"A\""},
        {"\xff", "[X07PROJECT_PARSE] parse project JSON: p: invalid unicode code point at line 1 column 0"},
    };
    struct manifest manifest;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error *error = manifest_parse(arena, "p", rows[i].text, strlen(rows[i].text), &manifest);
        if (!error)
            error = manifest_check(&manifest);
        CU_ASSERT_TRUE(says(error, rows[i].message));
    }
}

static void
link_arguments(void)
{
    static const char text[] = "{" BASE ROOTS ",\"link\":{\"static\":true,\"libs\":[\"m\"],\"search_paths\":"
                               "[\"./lib\"],\"frameworks\":[\"F\"]}}";
    static const char *const expected[] = {"-static", "-L", "d/lib", "-l", "m", "-framework", "F", NULL};
    struct manifest manifest;

    CU_ASSERT_TRUE(says(manifest_parse(arena, "d/x07.json", text, strlen(text), &manifest), ""));
    const char **arguments = manifest_link_arguments(arena, &manifest);
    for (size_t i = 0; expected[i]; i++)
        CU_ASSERT_STRING_EQUAL(arguments[i], expected[i]);
    CU_ASSERT_PTR_NULL(arguments[7]);
    CU_ASSERT_STRING_EQUAL(manifest_lock_path(arena, &manifest), "d/x07.lock.json");
}

static void
write_package(const char *module_text)
{
    put("d/a/x07-package.json",
        "{\"schema_version\":\"x07.package@0.1.0\",\"name\":\"a\",\"version\":\"1.0.0\","
        "\"module_root\":\"m\",\"modules\":[\"z.y\",\"b\"]}");
    put("d/a/m/z/y.x07.json", module_text);
    put("d/a/m/b.x07.json", "{}");
}

/* Computes, writes, reads and verifies; then one byte changes. */
static void
locks(void)
{
    const char *path = put("x07.json", "{" BASE ROOTS ",\"dependencies\":[{\"name\":\"a\",\"version\":"
                                       "\"1.0.0\",\"path\":\"d/a\"}]}");
    struct project project;
    struct lock lock;
    struct text text = {0};

    write_package("one");
    CU_ASSERT_TRUE(says(manifest_read(arena, path, &project.manifest), ""));
    CU_ASSERT_TRUE(says(lock_compute(arena, &project.manifest, &lock), ""));
    CU_ASSERT_EQUAL(lock.dependencies.count, 1);
    lock_dependency_at(&lock, 0)->yanked = (struct json_flag){true, false};
    lock_dependency_at(&lock, 0)->overridden_by = "a";
    lock_write(&lock, &text);
    const struct json_text *modules = lock_dependency_at(&lock, 0)->modules.items;
    CU_ASSERT_STRING_EQUAL(modules[0].name, "b");
    CU_ASSERT_STRING_EQUAL(modules[1].text,
                           "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
    const char *lock_path = put("x07.lock.json", text_string(&text));
    CU_ASSERT_TRUE(says(project_load(arena, path, PROJECT_OF_RUN, &project), ""));
    CU_ASSERT_STRING_EQUAL(project.lock_path, lock_path);
    CU_ASSERT_EQUAL(project.roots.count, 2);
    CU_ASSERT_STRING_EQUAL(lock_dependency_at(&project.lock, 0)->overridden_by, "a");
    write_package("two");
    CU_ASSERT_TRUE(says(project_load(arena, path, PROJECT_OF_RUN, &project),
                        "lockfile module hashes mismatch for \"a\""));
    CU_ASSERT_TRUE(says(project_load(arena, path, PROJECT_OF_TOOLS, &project),
                        "verify lockfile: lockfile module hashes mismatch for \"a\""));
    text_free(&text);
    unlink(lock_path);
    const char *missing = arena_printf(
        arena,
        "[X07LOCK_READ] read lockfile: %s (hint: run `x07 pkg lock`): No such file or directory (os "
        "error 2)",
        lock_path);
    CU_ASSERT_TRUE(says(project_load(arena, path, PROJECT_OF_RUN, &project), missing));
}

static void
package_manifests(void)
{
    static const struct {
        const char *members, *message;
    } rows[] = {
        {"\"module_root\":\"m\",\"modules\":[\"a.b\"],\"meta\":{\"import_mode\":\"ffi\",\"x\":1}", ""},
        {"\"module_root\":\"../m\",\"modules\":[]",
         "package.module_root must not contain '..' segments: \"../m\""},
        {"\"module_root\":\"m\",\"modules\":[\"a\",\"a/b\"]",
         "invalid package.modules[1] in P: module id must not contain '/', '\\\\', or NUL: \"a/b\""},
        {"\"module_root\":\"m\",\"modules\":[\"a..b\"]",
         "invalid package.modules[0] in P: module id must not contain empty segments: \"a..b\""},
        {"\"module_root\":\"m\",\"modules\":[\"\"]",
         "invalid package.modules[0] in P: module id must be non-empty"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct package_manifest package;
        const char *text = arena_printf(
            arena, "{\"schema_version\":\"x07.package@0.1.0\",\"name\":\"a\",\"version\":\"1.0.0\",%s}",
            rows[i].members);
        CU_ASSERT_TRUE(
            says(package_manifest_parse(arena, "P", text, strlen(text), &package), rows[i].message));
    }
}

static void
profile_choice(void)
{
    static const struct {
        const char *members, *name, *selected, *message;
    } rows[] = {
        {"\"profiles\":{\"os\":{\"world\":\"run-os\"},\"dev\":{\"world\":\"solve-pure\"}}", NULL, "dev", ""},
        {"\"profiles\":{\"os\":{\"world\":\"run-os\"}},\"default_profile\":\" os \"", "", "os", ""},
        {"\"x\":1", NULL, NULL, ""},
        {"\"x\":1", "os", NULL, "--profile requires x07.json.profiles"},
        {"\"profiles\":{}", NULL, NULL,
         "profiles present but default_profile missing; set default_profile or pass --profile"},
        {"\"profiles\":{\"b\":{\"world\":\"run-os\"},\"a\":{\"world\":\"run-os\"}}", "c", NULL,
         "unknown profile \"c\" (available: a, b)"},
        {"\"profiles\":{\"b\":{\"world\":\"run-os\",\"runner\":\"x\"}}", "b", "b",
         "invalid profiles[\"b\"].runner: expected one of \"auto\", \"host\", or \"os\", got \"x\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = arena_printf(arena, "{%s}", rows[i].members);
        struct profiles profiles;
        const struct profile *selected;
        CU_ASSERT_TRUE(says(profiles_parse(arena, "p", text, strlen(text), &profiles), ""));
        CU_ASSERT_TRUE(says(profiles_select(arena, &profiles, rows[i].name, &selected), rows[i].message));
        CU_ASSERT_EQUAL(selected != NULL, rows[i].selected != NULL);
        if (selected && rows[i].selected)
            CU_ASSERT_STRING_EQUAL(selected->name, rows[i].selected);
    }
}

static void
discovery(void)
{
    char *deep = file_join(folder, "one/two");

    put("one/app.x07project.json", "{}");
    put("one/two/file", "");
    const char *found = project_discover(arena, deep);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(strrchr(found, '/'), "/app.x07project.json");
    put("one/b.x07project.json", "{}"); /* two are none; the next x07.json is above */
    found = project_discover(arena, deep);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found, project_of_option(arena, folder));
    free(deep);
}

static void
joining(void)
{
    static const char *const rows[][3] = {
        {"", "src", "src"},
        {"src", ".", "src"},
        {"", ".", "."},
        {"./a", "./b//c", "a/b/c"},
        {"/", "x", "/x"},
        {"/a/", "b/./c", "/a/b/c"},
        {".", "x07.json", "x07.json"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_STRING_EQUAL(paths_join(arena, rows[i][0], rows[i][1]), rows[i][2]);
}

static void
workspaces(void)
{
    const char *resolved;
    char *real = realpath(folder, NULL);

    put(".git/HEAD", "");
    put("deep/x", "");
    put("shared/x", "");
    char *deep = file_join(folder, "deep"), *out = file_join(folder, "out");
    CU_ASSERT_TRUE(says(paths_resolve(arena, deep, "$workspace/shared", &resolved), ""));
    CU_ASSERT_STRING_EQUAL(resolved, arena_printf(arena, "%s/shared", real));
    CU_ASSERT_EQUAL(symlink("/", out), 0);
    CU_ASSERT_TRUE(says(paths_resolve(arena, deep, "$workspace/out", &resolved),
                        arena_printf(arena,
                                     "$workspace path escapes workspace root: \"$workspace/out\" -> / "
                                     "(root %s)",
                                     real)));
    free(deep);
    free(out);
    free(real);
}

int
main(void)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"manifests", manifests},
        {"link arguments", link_arguments},
        {"locks", locks},
        {"package manifests", package_manifests},
        {"profile choice", profile_choice},
        {"discovery", discovery},
        {"joining", joining},
        {"workspaces", workspaces},
    };

    arena = arena_new();
    error_free(file_make_temp_dir(NULL, &folder));
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("project", NULL, NULL);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        CU_add_test(suite, tests[i].name, tests[i].test);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    file_remove_tree(folder);
    free(folder);
    arena_free(arena);
    return failures ? 1 : 0;
}
