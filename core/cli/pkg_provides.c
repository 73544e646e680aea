/* pkg_provides.c: `x07 pkg provides`: who has a module. */
#include "base/file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/pkg.h"
#include "cli/pkg_report.h"
#include "host/host.h"
#include "package/catalog.h"
#include "project/package_manifest.h"
#include "project/paths.h"
#include "project/project.h"
#include "sema/builtin_modules.h"

#include <stdlib.h>
#include <string.h>

enum { EXIT_NONE = 1 };

struct provides_options {
    const char *project;
    struct option_list modules;
};

#define AT(member) offsetof(struct provides_options, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "The project manifest (default x07.json)"},
};

static const struct option_table table = {
    .command = "x07 pkg provides",
    .summary = "Say what provides a module: the library, the project, its dependencies or a known package",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "MODULE_ID",
    .trailing_offset = AT(modules),
    .interleaved = true,
};

struct provider {
    const char *kind, *name, *version, *module_root; /* the last two may be NULL */
};

/* What is being asked. */
struct provides {
    struct arena *arena;
    const char *module;
    struct manifest manifest;
    struct lock lock;
    struct provider *providers;
    size_t count;
};

static void
add(struct provides *provides, const char *kind, const char *name, const char *version, const char *root)
{
    provides->providers[provides->count++] = (struct provider){kind, name, version, root};
}

/* A lock file that is not there is none. */
static struct error *
read_project(struct provides *provides, const char *given)
{
    struct arena *arena = provides->arena;
    char *found = file_find_upward(given ? given : "x07.json");
    struct error *error = manifest_read(arena, arena_copy(arena, found, strlen(found)), &provides->manifest);

    free(found);
    if (error)
        return error_wrap(error, "load project manifest");
    error = lock_read(arena, manifest_lock_path(arena, &provides->manifest), &provides->lock);
    if (error && strcmp(error->code, "E_LOCK_MISSING") == 0) {
        error_free(error);
        return NULL;
    }
    if (error)
        return error_wrap(error, "read lockfile");
    return error_wrap(lock_verify(arena, &provides->manifest, &provides->lock), "verify lockfile");
}

static void
ask_catalog(struct provides *provides)
{
    const char *package = catalog_find(provides->module);
    const char *at = package ? strchr(package, '@') : NULL;

    if (at)
        add(provides, "catalog", arena_copy(provides->arena, package, (size_t)(at - package)), at + 1, NULL);
}

static struct error *
ask_dependencies(struct provides *provides)
{
    struct arena *arena = provides->arena;

    for (size_t i = 0; i < provides->lock.dependencies.count; i++) {
        const struct lock_dependency *dependency = lock_dependency_at(&provides->lock, i);
        const struct json_text *modules = dependency->modules.items;
        for (size_t k = 0; k < dependency->modules.count; k++) {
            const char *folder;
            if (strcmp(modules[k].name, provides->module) != 0)
                continue;
            struct error *error = paths_resolve(arena, provides->manifest.folder, dependency->path, &folder);
            if (error)
                return error;
            add(provides, "dependency", dependency->name, dependency->version,
                paths_join(arena, folder, dependency->module_root));
        }
    }
    return NULL;
}

static void
ask_root(struct provides *provides, const char *kind, const char *root)
{
    const char *file = package_module_file(provides->arena, provides->module);

    if (file_is_regular(paths_join(provides->arena, root, file)))
        add(provides, kind, provides->module, NULL, root);
}

static void
ask_os_library(struct provides *provides)
{
    struct host *host = host_new();
    const char *library;

    error_free(host_find_os_modules(host, &library));
    if (library)
        ask_root(provides, "os-stdlib", arena_copy(provides->arena, library, strlen(library)));
    host_free(host);
}

/* The order of the report is that of kinds, names, versions, roots. */
static int
compare(const void *left, const void *right)
{
    const struct provider *a = left, *b = right;
    const char *const lefts[] = {a->kind, a->name, a->version, a->module_root};
    const char *const rights[] = {b->kind, b->name, b->version, b->module_root};
    int order = 0;

    for (int i = 0; !order && i < 4; i++)
        order = strcmp(lefts[i] ? lefts[i] : "", rights[i] ? rights[i] : "");
    return order;
}

static struct error *
find_providers(struct provides *provides, const char *project)
{
    struct json_strings roots = {0};
    struct error *error = read_project(provides, project);

    if (!error)
        error = project_own_roots(provides->arena, &provides->manifest, &roots);
    if (error)
        return error;
    size_t most = roots.count + 3;
    for (size_t i = 0; i < provides->lock.dependencies.count; i++)
        most += lock_dependency_at(&provides->lock, i)->modules.count;
    provides->providers = ARENA_ARRAY(provides->arena, struct provider, most);
    if (builtin_module_exists(provides->module))
        add(provides, "builtin", provides->module, NULL, NULL);
    ask_catalog(provides);
    for (size_t i = 0; i < roots.count; i++)
        ask_root(provides, "local", roots.items[i]);
    ask_os_library(provides);
    error = ask_dependencies(provides);
    qsort(provides->providers, provides->count, sizeof *provides->providers, compare);
    return error;
}

static void
write_report(const struct provides *provides, struct text *out)
{
    x07_json json = {0};

    x07_json_begin(&json, '{');
    pkg_write_string(&json, "schema_version", "x07.pkg.provides.report@0.1.0");
    x07_json_name(&json, "ok");
    x07_json_bool(&json, provides->count > 0);
    pkg_write_string(&json, "module_id", provides->module);
    x07_json_name(&json, "providers");
    x07_json_begin(&json, '[');
    for (size_t i = 0; i < provides->count; i++) {
        const struct provider *provider = &provides->providers[i];
        x07_json_begin(&json, '{');
        pkg_write_string(&json, "kind", provider->kind);
        pkg_write_string(&json, "name", provider->name);
        if (provider->version)
            pkg_write_string(&json, "version", provider->version);
        if (provider->module_root)
            pkg_write_string(&json, "module_root", provider->module_root);
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, ']');
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}

static int
run(const struct provides_options *settings, struct provides *provides)
{
    struct text report = {0};
    struct error *error = provides->module[0] ? find_providers(provides, settings->project)
                                              : error_new("E_OPTIONS", "module id must be non-empty");

    if (error)
        return output_error(error);
    write_report(provides, &report);
    error = error_wrap(file_write_fd(1, "stdout", report.data, report.len), "write");
    text_free(&report);
    return error ? output_error(error) : provides->count ? 0 : EXIT_NONE;
}

static int
run_provides(int argc, char **argv)
{
    struct provides_options settings = {0};
    struct provides provides = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    provides.module =
        pkg_argument(table.command, table.trailing_name, settings.modules.items, settings.modules.count);
    code = 2;
    if (provides.module) {
        provides.arena = arena_new();
        code = run(&settings, &provides);
        arena_free(provides.arena);
    }
    options_free(&table, &settings);
    return code;
}

const struct command pkg_provides_command = {.name = "provides", .run = run_provides, .options = &table};
