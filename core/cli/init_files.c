/* init_files.c: the documents of a new project or package. */
#include "base/json_out.h"
#include "cli/init_parts.h"

#include <ctype.h>
#include <string.h>

#define AST_VERSION "\"schema_version\":\"x07.x07ast@0.5.0\""

static const char app_module[] =
    "{\"decls\":[{\"kind\":\"export\",\"names\":[\"app.solve\"]},{\"body\":[\"view.to_bytes\",\"b\"],"
    "\"kind\":\"defn\",\"name\":\"app.solve\",\"params\":[{\"name\":\"b\",\"ty\":\"bytes_view\"}],"
    "\"result\":\"bytes\"}],\"imports\":[],\"kind\":\"module\",\"module_id\":\"app\"," AST_VERSION "}\n";

static const char main_entry[] =
    "{\"decls\":[],\"imports\":[\"app\"],\"kind\":\"entry\",\"module_id\":\"main\"," AST_VERSION
    ",\"solve\":[\"app.solve\",\"input\"]}\n";

static const char smoke_module[] =
    "{\"decls\":[{\"kind\":\"export\",\"names\":[\"smoke.pass\"]},{\"body\":[\"std.test.pass\"],"
    "\"kind\":\"defn\",\"name\":\"smoke.pass\",\"params\":[],\"result\":\"result_i32\"}],"
    "\"imports\":[\"std.test\"],\"kind\":\"module\",\"module_id\":\"smoke\"," AST_VERSION "}\n";

static const char empty_lock[] = "{\n  \"dependencies\": [],\n  \"schema_version\": \"x07.lock@0.3.0\"\n}\n";

/* Every %s is the module. */
static const char hello_module[] =
    "{\"decls\":[{\"kind\":\"export\",\"names\":[\"%s.hello_v1\"]},{\"body\":[\"bytes.concat\",[\"bytes."
    "concat\",[\"bytes.lit\",\"hello, \"],[\"view.to_bytes\",\"name\"]],[\"bytes.lit\",\"\\n\"]],"
    "\"kind\":\"defn\",\"name\":\"%s.hello_v1\",\"params\":[{\"name\":\"name\",\"ty\":\"bytes_view\"}],"
    "\"result\":\"bytes\"}],\"imports\":[],\"kind\":\"module\",\"module_id\":\"%s\"," AST_VERSION "}\n";

static const char hello_tests[] =
    "{\"decls\":[{\"kind\":\"export\",\"names\":[\"%s.tests.test_hello_v1\"]},{\"body\":[\"begin\",[\"let\","
    "\"name\",[\"bytes.lit\",\"x07\"]],[\"let\",\"got\",[\"%s.hello_v1\",[\"bytes.view\",\"name\"]]],["
    "\"let\","
    "\"want\",[\"bytes.lit\",\"hello, x07\\n\"]],[\"std.test.assert_bytes_eq\",\"got\",\"want\",1]],"
    "\"kind\":\"defn\",\"name\":\"%s.tests.test_hello_v1\",\"params\":[],\"result\":\"result_i32\"}],"
    "\"imports\":[\"%s\",\"std.test\"],\"kind\":\"module\",\"module_id\":\"%s.tests\"," AST_VERSION "}\n";

static void
add_file(struct init *init, const char *path, const char *text)
{
    init->files[init->file_count++] = (struct init_file){path, text};
}

static const char *
take(struct arena *arena, x07_json *json)
{
    struct text text = {0};

    x07_json_line(json);
    json_out_take(json, &text);
    const char *copy = arena_copy(arena, text_string(&text), text.len);
    text_free(&text);
    return copy;
}

static void
member(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

/* A list of one string. */
static void
single(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_begin(json, '[');
    x07_json_string(json, value);
    x07_json_end(json, ']');
}

static void
dependencies(x07_json *json, struct arena *arena, const struct init_template *kind)
{
    x07_json_name(json, "dependencies");
    x07_json_begin(json, '[');
    for (size_t i = 0; kind && kind->dependencies[i]; i++) {
        const char *at = strchr(kind->dependencies[i], '@');
        const char *name = arena_copy(arena, kind->dependencies[i], (size_t)(at - kind->dependencies[i]));
        x07_json_begin(json, '{');
        member(json, "name", name);
        member(json, "path", arena_printf(arena, ".x07/deps/%s/%s", name, at + 1));
        member(json, "version", at + 1);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

static void
profile(x07_json *json, const char *name, const char *policy)
{
    x07_json_name(json, name);
    x07_json_begin(json, '{');
    x07_json_name(json, "auto_ffi");
    x07_json_bool(json, true);
    if (policy)
        member(json, "policy", policy);
    member(json, "world", policy ? "run-os-sandboxed" : "run-os");
    x07_json_end(json, '}');
}

static const char *
project_manifest(struct arena *arena, const struct init_template *kind)
{
    x07_json json = {.pretty = 1};
    const char *policy = arena_printf(arena, ".x07/policies/base/%s.sandbox.base.policy.json",
                                      kind->name ? kind->name : "cli");

    x07_json_begin(&json, '{');
    member(&json, "default_profile", kind->sandboxed ? "sandbox" : "os");
    dependencies(&json, arena, kind);
    member(&json, "entry", "src/main.x07.json");
    member(&json, "lockfile", "x07.lock.json");
    single(&json, "module_roots", "src");
    x07_json_name(&json, "profiles");
    x07_json_begin(&json, '{');
    profile(&json, "os", NULL);
    profile(&json, "sandbox", policy);
    x07_json_end(&json, '}');
    member(&json, "schema_version", "x07.project@0.3.0");
    member(&json, "world", "run-os");
    x07_json_end(&json, '}');
    return take(arena, &json);
}

static const char *
tests_manifest(struct arena *arena, const char *id, const char *entry)
{
    x07_json json = {.pretty = 1};

    x07_json_begin(&json, '{');
    member(&json, "schema_version", "x07.tests_manifest@0.2.0");
    x07_json_name(&json, "tests");
    x07_json_begin(&json, '[');
    x07_json_begin(&json, '{');
    member(&json, "entry", entry);
    member(&json, "expect", "pass");
    member(&json, "id", id);
    member(&json, "world", "run-os");
    x07_json_end(&json, '}');
    x07_json_end(&json, ']');
    x07_json_end(&json, '}');
    return take(arena, &json);
}

void
init_project_files(struct init *init)
{
    add_file(init, "x07.json", project_manifest(init->arena, init->kind));
    add_file(init, "x07.lock.json", empty_lock);
    add_file(init, "src/app.x07.json", app_module);
    add_file(init, "src/main.x07.json", main_entry);
    add_file(init, "tests/tests.json", tests_manifest(init->arena, "smoke/pass", "smoke.pass"));
    add_file(init, "tests/smoke.x07.json", smoke_module);
}

/* ---- packages ---- */

/* Lower case; what is not a-z0-9-_ becomes '-', of which one stays, and none at the ends. */
const char *
init_package_name(struct arena *arena, const char *folder)
{
    size_t len = strlen(folder), count = 0;
    char *name = arena_alloc(arena, len + 1);

    for (size_t i = 0; i < len; i++) {
        char c = (char)tolower((unsigned char)folder[i]);
        if (!islower((unsigned char)c) && !isdigit((unsigned char)c) && c != '_')
            c = '-';
        if (c != '-' || !count || name[count - 1] != '-')
            name[count++] = c;
    }
    while (count && strchr("-_", name[count - 1]))
        count--;
    name[count] = '\0';
    name += strspn(name, "-_");
    if (!name[0])
        return "x07-project";
    return islower((unsigned char)name[0]) ? name : arena_printf(arena, "x07-%s", name);
}

const char *
init_package_tail(struct arena *arena, const char *package)
{
    size_t count = 0;

    if (strncmp(package, "ext-", 4) == 0)
        package += 4;
    char *tail = arena_alloc(arena, strlen(package) + 1);
    for (; *package; package++) {
        char c = *package == '-' ? '_' : *package;
        if (c != '_' || (count && tail[count - 1] != '_'))
            tail[count++] = c;
    }
    while (count && tail[count - 1] == '_')
        count--;
    tail[count] = '\0';
    if (!tail[0])
        return "pkg";
    return islower((unsigned char)tail[0]) ? tail : arena_printf(arena, "pkg_%s", tail);
}

static const char *
package_project(struct arena *arena, const char *tail)
{
    x07_json json = {.pretty = 1};

    x07_json_begin(&json, '{');
    dependencies(&json, arena, NULL);
    member(&json, "entry", arena_printf(arena, "modules/ext/%s/tests.x07.json", tail));
    member(&json, "lockfile", "x07.lock.json");
    single(&json, "module_roots", "modules");
    member(&json, "schema_version", "x07.project@0.3.0");
    member(&json, "world", "run-os");
    x07_json_end(&json, '}');
    return take(arena, &json);
}

static const char *
package_manifest(struct arena *arena, const char *package, const char *module)
{
    x07_json json = {.pretty = 1};

    x07_json_begin(&json, '{');
    member(&json, "description", "What this package is for, in one line.");
    member(&json, "docs", "What its modules do and how they are used.");
    x07_json_name(&json, "meta");
    x07_json_begin(&json, '{');
    member(&json, "determinism_tier", "pure");
    member(&json, "import_mode", "handwritten");
    member(&json, "visibility", "experimental");
    x07_json_name(&json, "worlds_allowed");
    x07_json_begin(&json, '[');
    x07_json_string(&json, "run-os");
    x07_json_string(&json, "run-os-sandboxed");
    x07_json_end(&json, ']');
    x07_json_end(&json, '}');
    member(&json, "module_root", "modules");
    x07_json_name(&json, "modules");
    x07_json_begin(&json, '[');
    x07_json_string(&json, module);
    x07_json_string(&json, arena_printf(arena, "%s.tests", module));
    x07_json_end(&json, ']');
    member(&json, "name", package);
    member(&json, "schema_version", "x07.package@0.1.0");
    member(&json, "version", "0.1.0");
    x07_json_end(&json, '}');
    return take(arena, &json);
}

void
init_package_files(struct init *init)
{
    struct arena *arena = init->arena;
    const char *slash = strrchr(init->root, '/');
    const char *package = init_package_name(arena, slash ? slash + 1 : init->root);
    const char *tail = init_package_tail(arena, package);
    const char *module = arena_printf(arena, "ext.%s", tail);

    add_file(init, "x07.json", package_project(arena, tail));
    add_file(init, "x07-package.json", package_manifest(arena, package, module));
    add_file(init, "x07.lock.json", empty_lock);
    add_file(init, arena_printf(arena, "modules/ext/%s.x07.json", tail),
             arena_printf(arena, hello_module, module, module, module));
    add_file(init, arena_printf(arena, "modules/ext/%s/tests.x07.json", tail),
             arena_printf(arena, hello_tests, module, module, module, module, module));
    add_file(init, "tests/tests.json",
             tests_manifest(arena, "hello_v1", arena_printf(arena, "%s.tests.test_hello_v1", module)));
    init_say(&init->notes, "Package repo: x07-package.json (publish contract)");
    init_say(&init->next_steps, "Edit x07-package.json: set description/docs; bump version");
    init_say(&init->next_steps, "x07 test --manifest tests/tests.json");
    init_say(&init->next_steps,
             arena_printf(arena, "x07 pkg pack --package . --out dist/%s-0.1.0.x07pkg", package));
    init_say(&init->next_steps, "x07 pkg login --index \"$X07_PKG_INDEX_URL\"");
    init_say(&init->next_steps, "x07 pkg publish --index \"$X07_PKG_INDEX_URL\" --package .");
}
