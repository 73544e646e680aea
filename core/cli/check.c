/* check.c: the command `x07 check`: everything that can be said about a program without running it. */
#include "cli/check.h"

#include "base/file.h"
#include "cli/check_program.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/output.h"
#include "project/worlds.h"

#include <stdlib.h>
#include <string.h>

enum { EXIT_FINDINGS = 1 };

struct check_settings {
    const char *program, *world;
    struct option_list module_roots;
    struct option_globals globals;
};

#define AT(member) offsetof(struct check_settings, member)

static const struct option options[] = {
    {"program", "PATH", OPTION_VALUE, AT(program), .help = "Check one *.x07.json file and what it imports",
     .required = true},
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

static int
check(const struct check_settings *settings)
{
    struct check_result result = {.arena = arena_new()};
    char *directory = file_parent(settings->program);
    const char *beside[] = {directory[0] ? directory : "."};
    const struct option_list *given = &settings->module_roots;
    struct check_request request = {
        .entry = settings->program,
        .world = settings->world ? settings->world : "run-os",
        .roots = given->count ? given->items : beside,
        .root_count = given->count ? given->count : 1,
    };
    struct text report = {0};

    check_program(&request, &result);
    qsort(result.files, result.file_count, sizeof *result.files, compare_names);
    findings_report(&result.found, result.files, result.file_count, &report);
    text_putc(&report, '\n');
    int code = output_report(&settings->globals, &report);
    if (!code && !diagnostics_ok(&result.found))
        code = EXIT_FINDINGS;
    text_free(&report);
    free(directory);
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
    code = error ? output_error(error) : check(&settings);
    options_free(&table, &settings);
    return code;
}

const struct command check_command = {.name = "check", .run = check_main, .options = &table};
