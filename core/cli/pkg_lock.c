/* pkg_lock.c: `x07 pkg lock`. */
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_project.h"
#include "cli/pkg_report.h"

struct lock_options {
    const char *project, *index;
    bool check, offline, allow_yanked, allow_advisories;
};

#define AT(member) offsetof(struct lock_options, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "The project manifest (default x07.json)"},
    {"index", "URL", OPTION_VALUE, AT(index), .help = "Package index (default X07_PKG_INDEX_URL)"},
    {"check", NULL, OPTION_FLAG, AT(check), .help = "Only say whether the lock file is up to date"},
    {"offline", NULL, OPTION_FLAG, AT(offline), .help = "Ask no index and fetch nothing"},
    {"allow-yanked", NULL, OPTION_FLAG, AT(allow_yanked), .help = "With --check: accept yanked versions"},
    {"allow-advisories", NULL, OPTION_FLAG, AT(allow_advisories),
     .help = "With --check: accept versions with active advisories"},
};

static const struct option_table table = {
    .command = "x07 pkg lock",
    .summary = "Complete a project's dependencies, fetch them and write the lock file",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static struct error *
run(const struct lock_options *settings, struct pkg_project *project, x07_json *result)
{
    struct locking *locking = &project->locking;

    locking->check = settings->check;
    locking->offline = settings->offline;
    locking->allow_yanked = settings->allow_yanked;
    locking->allow_advisories = settings->allow_advisories;
    struct error *error = locking_run(locking, project->text, project->len);
    if (!error && !settings->check)
        error = locking_commit(locking, locking->manifest_changed);
    if (locking->has_result)
        pkg_write_lock(result, locking);
    return error;
}

static int
run_lock(int argc, char **argv)
{
    struct lock_options settings = {0};
    struct pkg_project project;
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    struct error *error = error_wrap(pkg_project_open(&project, settings.project, settings.index), "read");
    if (!error)
        error = run(&settings, &project, &result);
    pkg_project_close(&project);
    return pkg_answer("pkg.lock", &result, error);
}

const struct command pkg_lock_command = {.name = "lock", .run = run_lock, .options = &table};
