/* pkg_add.c: `x07 pkg add`. */
#include "cli/pkg_add.h"

#include "base/file.h"
#include "base/quote.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_project.h"
#include "cli/pkg_report.h"
#include "package/spec.h"

#include <stdlib.h>
#include <string.h>

struct add_options {
    const char *project, *index, *path;
    bool sync, closure;
    struct option_list specs;
};

#define AT(member) offsetof(struct add_options, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "The project manifest (default x07.json)"},
    {"sync", NULL, OPTION_FLAG, AT(sync), .help = "Fetch what is missing and write the lock file too"},
    {"with-closure", NULL, OPTION_FLAG, AT(closure),
     .help = "Add what the package requires, and what that requires, too"},
    {"index", "URL", OPTION_VALUE, AT(index), .help = "Package index (default X07_PKG_INDEX_URL)"},
    {"path", "PATH", OPTION_VALUE, AT(path), .help = "Where the package is (default .x07/deps/NAME/VERSION)"},
};

static const struct option_table table = {
    .command = "x07 pkg add",
    .summary = "Add a dependency to a project: SPEC is NAME or NAME@VERSION",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "SPEC",
    .trailing_offset = AT(specs),
    .interleaved = true,
};

/* One addition on its way. */
struct add {
    const struct add_options *settings;
    struct pkg_project project;
    struct package_spec spec;
    struct manifest manifest;
    struct dependencies dependencies;
    const char *path; /* of the dependency */
    bool done;        /* far enough for a result */
    bool closed;      /* what is required may be shown */
};

static struct error *
fail_exists(const struct add *add, const struct dependency *present)
{
    struct arena *arena = add->project.arena;
    const char *name = add->spec.name, *version = add->spec.version, *path = add->settings->path;

    if (version && strcmp(version, present->version) != 0)
        return error_new("X07PKG_DEP_EXISTS",
                         "dependency already exists: %s@%s (requested %s@%s); hint: run `x07 pkg remove %s "
                         "--sync` then `x07 pkg add %s@%s --sync`",
                         name, present->version, name, version, name, name, version);
    if (path && strcmp(path, present->path) != 0)
        return error_new("X07PKG_DEP_EXISTS",
                         "dependency already exists: %s@%s with path %s (requested path %s)", name,
                         present->version, quote_string(arena, present->path), quote_string(arena, path));
    return NULL;
}

static struct error *
find_version(struct add *add)
{
    struct supply *supply = &add->project.locking.supply;
    const struct index_entries *entries;
    struct error *error = supply_open(supply);

    if (!error)
        error = supply_entries(supply, add->spec.name, &entries);
    if (error)
        return error;
    const struct index_entry *entry = entries_latest(entries, add->spec.name);
    if (!entry)
        return error_new("X07PKG_INDEX_NO_MATCH", "no non-yanked semver versions found for %s",
                         quote_string(add->project.arena, add->spec.name));
    add->spec.version = entry->version;
    return NULL;
}

/* The manifest with the dependency, which is checked as if it had been read. */
static struct error *
extend(struct add *add, struct text *text)
{
    struct arena *arena = add->project.arena;
    struct manifest changed;

    add->path = add->settings->path ? add->settings->path
                                    : dependencies_default_path(arena, add->spec.name, add->spec.version);
    dependencies_add(&add->dependencies, add->spec.name, add->spec.version, add->path);
    dependencies_write(&add->dependencies, text);
    struct error *error = manifest_parse(arena, add->project.path, arena_copy(arena, text->data, text->len),
                                         text->len, &changed);
    return error ? error : manifest_check(&changed);
}

/* Nothing is written before everything has succeeded. */
static struct error *
apply(struct add *add, const struct text *text, bool changed)
{
    struct locking *locking = &add->project.locking;
    const char *bytes = arena_copy(add->project.arena, text_string(text), text->len);
    struct error *error;

    add->done = true;
    if (add->settings->sync) {
        error = locking_run(locking, bytes, text->len);
    } else if (add->settings->closure && changed) {
        error = locking_complete(locking, bytes, text->len);
    } else if (changed) {
        return error_wrap(file_replace(add->project.path, bytes, text->len, 0666), "write");
    } else {
        return NULL;
    }
    if (error)
        return error;
    add->closed = add->settings->closure && changed;
    return locking_commit(locking, changed || locking->manifest_changed);
}

static struct error *
run(struct add *add, const char *spec)
{
    struct pkg_project *project = &add->project;
    struct text text = {0};
    struct error *error =
        manifest_parse(project->arena, project->path, project->text, project->len, &add->manifest);

    if (!error)
        error = manifest_check(&add->manifest);
    if (error)
        return error_wrap(error, "load project manifest");
    error = spec_read(project->arena, spec, &add->spec);
    if (error)
        return error;
    dependencies_read(project->arena, &add->manifest, &add->dependencies);
    const struct dependency *present = dependencies_find(&add->dependencies, add->spec.name);
    if (present) {
        error = fail_exists(add, present);
        add->spec.version = present->version;
        add->path = present->path;
        text_append(&text, project->text, project->len);
    } else {
        if (!add->spec.version)
            error = find_version(add);
        if (!error)
            error = extend(add, &text);
    }
    if (!error)
        error = apply(add, &text, !present);
    text_free(&text);
    return error;
}

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void
write_result(const struct add *add, x07_json *json)
{
    struct json_strings added = add->project.locking.added;

    if (!add->done)
        return;
    x07_json_begin(json, '{');
    pkg_write_string(json, "project", add->project.path);
    pkg_write_string(json, "name", add->spec.name);
    pkg_write_string(json, "version", add->spec.version);
    pkg_write_string(json, "path", add->path);
    if (add->project.locking.has_result) {
        x07_json_name(json, "lock");
        pkg_write_lock(json, &add->project.locking);
    }
    if (add->closed && added.count) {
        qsort(added.items, added.count, sizeof *added.items, compare_strings);
        pkg_write_strings(json, "transitive_added", &added);
    }
    x07_json_end(json, '}');
}

static struct error *
add_package(const struct add_options *settings, const char *spec, x07_json *result)
{
    struct add add = {.settings = settings};
    struct error *error = error_wrap(pkg_project_open(&add.project, settings->project, settings->index),
                                     "load project manifest: [X07PROJECT_READ] read project");

    if (!error)
        error = run(&add, spec);
    write_result(&add, result);
    pkg_project_close(&add.project);
    return error;
}

struct error *
pkg_add_synced(const char *manifest, const char *spec)
{
    struct add_options settings = {.project = manifest, .sync = true};
    x07_json result = {0};
    struct error *error = add_package(&settings, spec, &result);

    x07_json_free(&result);
    return error;
}

static int
run_add(int argc, char **argv)
{
    struct add_options settings = {0};
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    const char *spec =
        pkg_argument(table.command, table.trailing_name, settings.specs.items, settings.specs.count);
    code = 2;
    if (spec) {
        struct error *error = add_package(&settings, spec, &result);
        code = pkg_answer("pkg.add", &result, error);
    }
    options_free(&table, &settings);
    return code;
}

const struct command pkg_add_command = {.name = "add", .run = run_add, .options = &table};
