/* pkg_remove.c: `x07 pkg remove`. */
#include "base/file.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_project.h"
#include "cli/pkg_report.h"
#include "package/spec.h"

struct remove_options {
    const char *project, *index;
    bool sync;
    struct option_list names;
};

#define AT(member) offsetof(struct remove_options, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "The project manifest (default x07.json)"},
    {"sync", NULL, OPTION_FLAG, AT(sync), .help = "Write the lock file too"},
    {"index", "URL", OPTION_VALUE, AT(index), .help = "Package index (default X07_PKG_INDEX_URL)"},
};

static const struct option_table table = {
    .command = "x07 pkg remove",
    .summary = "Remove a dependency from a project",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "NAME",
    .trailing_offset = AT(names),
    .interleaved = true,
};

static struct error *
write_project(struct pkg_project *project, bool sync, const struct text *text)
{
    const char *bytes = arena_copy(project->arena, text->data, text->len);

    if (!sync)
        return error_wrap(file_replace(project->path, bytes, text->len, 0666), "write");
    struct error *error = locking_run(&project->locking, bytes, text->len);
    return error ? error : locking_commit(&project->locking, true);
}

static void
write_result(const struct pkg_project *project, const char *name, size_t removed, x07_json *json)
{
    x07_json_begin(json, '{');
    pkg_write_string(json, "project", project->path);
    pkg_write_string(json, "name", name);
    x07_json_name(json, "removed");
    x07_json_uint(json, removed);
    if (project->locking.has_result) {
        x07_json_name(json, "lock");
        pkg_write_lock(json, &project->locking);
    }
    x07_json_end(json, '}');
}

static struct error *
run(struct pkg_project *project, const char *given, bool sync, x07_json *result)
{
    struct manifest manifest;
    struct dependencies dependencies;
    struct package_spec spec = {.name = given};
    struct text text = {0};
    struct error *error =
        manifest_parse(project->arena, project->path, project->text, project->len, &manifest);

    if (!error)
        error = manifest_check(&manifest);
    if (error)
        return error_wrap(error, "load project manifest");
    error = spec_check_name(given);
    if (error)
        return error;
    dependencies_read(project->arena, &manifest, &dependencies);
    size_t removed = dependencies_remove(&dependencies, spec.name);
    if (!removed)
        return error_new("X07PKG_DEP_NOT_FOUND", "dependency not found: %s", spec.name);
    dependencies_write(&dependencies, &text);
    error = write_project(project, sync, &text);
    text_free(&text);
    write_result(project, spec.name, removed, result);
    return error;
}

static int
run_remove(int argc, char **argv)
{
    struct remove_options settings = {0};
    struct pkg_project project;
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    const char *name =
        pkg_argument(table.command, table.trailing_name, settings.names.items, settings.names.count);
    code = 2;
    if (name) {
        struct error *error = error_wrap(pkg_project_open(&project, settings.project, settings.index),
                                         "load project manifest: [X07PROJECT_READ] read project");
        if (!error)
            error = run(&project, name, settings.sync, &result);
        pkg_project_close(&project);
        code = pkg_answer("pkg.remove", &result, error);
    }
    options_free(&table, &settings);
    return code;
}

const struct command pkg_remove_command = {.name = "remove", .run = run_remove, .options = &table};
