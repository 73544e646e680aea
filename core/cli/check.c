/* check.c: the command `x07 check`: everything that can be said about a program without running it. */
#include "cli/check.h"

#include "base/file.h"
#include "cli/check_program.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/output.h"
#include "host/host.h"
#include "project/paths.h"
#include "project/project.h"
#include "project/worlds.h"

#include <stdlib.h>
#include <string.h>

enum { EXIT_FINDINGS = 1 };

struct check_settings {
    const char *project, *program, *world;
    struct option_list module_roots;
    struct option_globals globals;
};

#define AT(member) offsetof(struct check_settings, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "Check a project: its x07.json",
     .conflicts = {"program", "world", "module-root"}},
    {"program", "PATH", OPTION_VALUE, AT(program), .help = "Check one *.x07.json file and what it imports"},
    {"module-root", "PATH", OPTION_LIST, AT(module_roots), .help = "Where modules are found (repeatable)"},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices, .hidden = true},
    OPTION_GLOBALS(struct check_settings, globals),
};

static const struct option_table table = {
    .command = "x07 check",
    .summary = "Say what is wrong with a program without running it",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static int
compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What is checked: a program by itself, or one that a project names. */
struct subject {
    struct check_request request;
    const char *beside[1]; /* the root of a program that was given none */
    const char *project;   /* path of its manifest, or NULL */
    const char *lock;      /* path of its lock file, or NULL */
};

static void
take_program(struct arena *arena, const struct check_settings *settings, struct subject *subject)
{
    const struct option_list *given = &settings->module_roots;
    const char *folder = paths_folder(arena, settings->program);

    subject->beside[0] = folder[0] ? folder : ".";
    subject->request = (struct check_request){
        .entry = settings->program,
        .world = settings->world ? settings->world : "run-os",
        .roots = given->count ? given->items : subject->beside,
        .root_count = given->count ? given->count : 1,
    };
}

static struct error *
take_project(struct arena *arena, const char *path, struct subject *subject)
{
    struct project *project = ARENA_NEW(arena, struct project);
    struct error *error = error_wrap(manifest_read(arena, path, &project->manifest), "load project manifest");

    if (!error)
        error = project_load_lock(arena, PROJECT_OF_TOOLS, project);
    if (error)
        return error;
    const struct manifest *manifest = &project->manifest;
    subject->project = path;
    subject->lock = project->lock_path;
    subject->request = (struct check_request){
        .entry = arena_printf(arena, "%s/%s", manifest->folder[0] ? manifest->folder : ".", manifest->entry),
        .world = manifest->world,
        .roots = project->roots.items,
        .root_count = project->roots.count,
    };
    return NULL;
}

/* Programs of OS worlds find the toolchain's own modules last. */
static void
add_os_modules(struct arena *arena, struct host *host, struct check_request *request)
{
    const char *library;

    if (!world_is_os(request->world))
        return;
    error_free(host_find_os_modules(host, &library));
    if (!library)
        return;
    const char **roots = ARENA_ARRAY(arena, const char *, request->root_count + 1);
    memcpy(roots, request->roots, request->root_count * sizeof *roots);
    roots[request->root_count++] = request->library = library;
    request->roots = roots;
}

/* The files that the report names. When the entry could not be read there is nothing to sort. */
static void
name_inputs(const struct subject *subject, struct check_result *result)
{
    const char **inputs = ARENA_ARRAY(result->arena, const char *, result->file_count + 2);
    size_t count = 0;

    if (subject->project)
        inputs[count++] = subject->project;
    if (subject->lock && file_is_regular(subject->lock))
        inputs[count++] = subject->lock;
    memcpy(inputs + count, result->files, result->file_count * sizeof *inputs);
    result->files = inputs;
    result->file_count += count;
    if (result->entry_read)
        qsort(inputs, result->file_count, sizeof *inputs, compare_names);
}

static void
check_subject(struct subject *subject, struct check_result *result)
{
    struct host *host = host_new();

    add_os_modules(result->arena, host, &subject->request);
    check_program(&subject->request, result);
    name_inputs(subject, result);
    host_free(host);
}

static int
check(const struct check_settings *settings)
{
    struct check_result result = {.arena = arena_new()};
    struct subject subject = {0};
    struct text report = {0};
    struct error *error = NULL;

    if (settings->project)
        error = take_project(result.arena, settings->project, &subject);
    else
        take_program(result.arena, settings, &subject);
    if (error) {
        result.found.arena = result.arena;
        diagnostics_add(&result.found, "X07-IO-READ-0001", SEVERITY_ERROR, "parse", NULL, "%s",
                        error->message)
            ->ptr = NULL;
        error_free(error);
    } else {
        check_subject(&subject, &result);
    }
    findings_report(&result.found, result.files, result.file_count, &report);
    text_putc(&report, '\n');
    int code = output_report(&settings->globals, &report);
    if (!code && !diagnostics_ok(&result.found))
        code = EXIT_FINDINGS;
    text_free(&report);
    arena_free(result.arena);
    return code;
}

static int
check_main(int argc, char **argv)
{
    struct check_settings settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct error *error = output_check(&settings.globals);
    if (!error && !settings.project && !settings.program)
        error = error_new("E_OPTIONS", "nothing to check (pass --project or --program)");
    code = error ? output_error(error) : check(&settings);
    options_free(&table, &settings);
    return code;
}

const struct command check_command = {.name = "check", .run = check_main, .options = &table};
