/* init.c: the command `x07 init`: a new project or package in the current folder. Nothing is overwritten;
 * what is in the way is said before anything is written. */
#include "cli/init.h"

#include "base/file.h"
#include "base/json_out.h"
#include "cli/init_parts.h"
#include "cli/output.h"
#include "policy/templates.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_REFUSED = 20 };

struct init_settings {
    const char *template;
    bool package;
    struct option_globals globals;
};

#define AT(member) offsetof(struct init_settings, member)

static const struct option options[] = {
    {"template", "TEMPLATE", OPTION_CHOICE, AT(template), .choices = init_template_names,
     .help = "Start from a template instead of a plain project"},
    {"package", NULL, OPTION_FLAG, AT(package), .help = "Start a package that others can depend on"},
    OPTION_GLOBALS(struct init_settings, globals),
};

static const struct option_table table = {
    .command = "x07 init",
    .summary = "Start a project or a package in the current directory",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* ---- what is in the way ---- */

static bool
is_there(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

static const char *
policy_path(const struct init *init)
{
    return arena_printf(init->arena, ".x07/policies/base/%s.sandbox.base.policy.json", init->kind->name);
}

static struct error *
check_free(const struct init *init)
{
    static const char *const others[] = {"x07-toolchain.toml", ".agent/docs", "AGENT.md", ".agent/skills"};
    struct text found = {0};

    for (size_t i = 0; i < init->file_count; i++)
        if (is_there(init->files[i].path))
            text_printf(&found, "%s%s", found.len ? ", " : "", init->files[i].path);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_there(others[i]))
            text_printf(&found, "%s%s", found.len ? ", " : "", others[i]);
    if (init->kind && init->kind->sandboxed && is_there(policy_path(init)))
        text_printf(&found, "%s%s", found.len ? ", " : "", policy_path(init));
    struct error *error = found.len ? error_new("X07INIT_EXISTS", "refusing to overwrite existing paths: %s",
                                                text_string(&found))
                                    : NULL;
    text_free(&found);
    return error;
}

/* Folders that files are put into must not be something else. */
static struct error *
check_folders(const struct init *init)
{
    static const struct {
        const char *path, *code;
    } folders[] = {{"src", "X07INIT_SRC"},
                   {"tests", "X07INIT_TESTS"},
                   {"modules", "X07INIT_MODULES"},
                   {".agent", "X07INIT_AGENT_DIR"}};

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        bool used = strcmp(folders[i].path, init->kind ? "modules" : "src") != 0;
        if (used && is_there(folders[i].path) && !file_is_dir(folders[i].path))
            return error_new(folders[i].code, "%s exists but is not a directory: %s", folders[i].path,
                             folders[i].path);
    }
    return NULL;
}

/* ---- making it ---- */

static struct error *
check_kind(const struct init_settings *settings, const struct init *init)
{
    if (settings->package && settings->template)
        return error_new(
            "X07INIT_ARGS",
            "x07 init --package does not support --template (use x07 init --template ... for app "
            "scaffolds, or x07 init --package for a publishable package scaffold)");
    if (init->kind && init->kind->incomplete)
        return error_new("X07INIT_TEMPLATE",
                         "the program of template %s is not available in this version yet (x07 init starts a "
                         "plain project, x07 pkg add adds packages to it)",
                         init->kind->name);
    return NULL;
}

static struct error *
write_policy(struct init *init)
{
    return init_write(init, policy_path(init), policy_template(init->arena, init->kind->name, NULL));
}

static struct error *
make(struct init *init)
{
    struct error *error = init_find_kit(init);

    if (init->kind && init->kind->elsewhere) {
        if (!error)
            error = init_mcp(init);
        return error ? error : init_kit(init);
    }
    if (init->kind)
        init_project_files(init);
    else
        init_package_files(init);
    if (!error)
        error = check_free(init);
    if (!error)
        error = check_folders(init);
    for (size_t i = 0; i < init->file_count && !error; i++)
        error = init_write(init, init->files[i].path, init->files[i].text);
    if (!error)
        error = init_ignore_file(init);
    if (!error)
        error = init_kit(init);
    if (!error && init->kind && init->kind->dependencies[0])
        error = init_lock(init);
    if (!error && init->kind && init->kind->sandboxed)
        error = write_policy(init);
    if (!error && init->kind) {
        init_say(&init->next_steps, "x07 run");
        init_say(&init->next_steps, "x07 test --manifest tests/tests.json");
    }
    return error;
}

/* ---- the report ---- */

static void
write_lines(x07_json *json, const char *name, const struct init_lines *lines, bool always)
{
    if (!lines->count && !always)
        return;
    x07_json_name(json, name);
    x07_json_begin(json, '[');
    for (size_t i = 0; i < lines->count; i++)
        x07_json_string(json, lines->items[i]);
    x07_json_end(json, ']');
}

/* Errors that leave something to do. */
static bool
has_next_steps(const struct error *error)
{
    return !error || strcmp(error->code, "X07INIT_MCP_MISSING") == 0 ||
           strcmp(error->code, "X07INIT_PKG_LOCK") == 0;
}

static void
write_report(const struct init *init, const struct error *error, struct text *out)
{
    x07_json json = {0};
    const struct init_lines none = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "ok");
    x07_json_bool(&json, !error);
    x07_json_name(&json, "command");
    x07_json_string(&json, "init");
    x07_json_name(&json, "root");
    x07_json_string(&json, init->root);
    write_lines(&json, "created", &init->created, true);
    write_lines(&json, "notes", error ? &none : &init->notes, false);
    write_lines(&json, "next_steps", has_next_steps(error) ? &init->next_steps : &none, false);
    if (error) {
        x07_json_name(&json, "error");
        x07_json_begin(&json, '{');
        x07_json_name(&json, "code");
        x07_json_string(&json, error->code);
        x07_json_name(&json, "message");
        x07_json_string(&json, error->message);
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}

static int
run(const struct init_settings *settings)
{
    struct init init = {.arena = arena_new(), .root = ""};
    struct text report = {0};
    char *root = getcwd(NULL, 0);
    struct error *error = NULL;

    if (!root)
        error = error_errno("X07INIT_CWD", "get current dir");
    else
        init.root = arena_copy(init.arena, root, strlen(root));
    init.kind = settings->package ? NULL : init_template_find(settings->template);
    if (!error)
        error = check_kind(settings, &init);
    if (!error)
        error = make(&init);
    if (error && strncmp(error->code, "X07INIT_", 8) != 0) {
        arena_free(init.arena);
        free(root);
        return output_error(error);
    }
    write_report(&init, error, &report);
    int code = output_report(&settings->globals, &report);
    if (!code && error)
        code = EXIT_REFUSED;
    error_free(error);
    text_free(&report);
    free(root);
    arena_free(init.arena);
    return code;
}

static int
init_main(int argc, char **argv)
{
    struct init_settings settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct error *error = output_check(&settings.globals);
    code = error ? output_error(error) : run(&settings);
    options_free(&table, &settings);
    return code;
}

const struct command init_command = {.name = "init", .run = init_main, .options = &table};
