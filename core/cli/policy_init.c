/* policy_init.c: `x07 policy init`: a policy to start from, put where projects keep theirs. A file that says
 * something else stays unless it may be overwritten. */
#include "base/file.h"
#include "base/json_out.h"
#include "base/quote.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "policy/templates.h"
#include "project/paths.h"
#include "project/project.h"

#include <string.h>

enum { EXIT_REFUSED = 2 };

struct policy_init_settings {
    const char *template;
    const char *project;
    const char *policy_id;
    const char *out;
    const char *emit;
    bool force;
    bool mkdir_out;
    struct option_globals globals;
};

#define AT(member) offsetof(struct policy_init_settings, member)

static const char *const emissions[] = {"report", "policy", NULL};

static const struct option options[] = {
    {"template", "TEMPLATE", OPTION_CHOICE, AT(template), .choices = policy_template_names,
     .help = "What the policy is for", .required = true},
    {"project", "PATH", OPTION_VALUE, AT(project),
     .help = "Manifest of the project (default: the nearest x07.json)"},
    {"policy-id", "ID", OPTION_VALUE, AT(policy_id), .help = "Its policy_id (default sandbox.TEMPLATE.base)"},
    {"force", NULL, OPTION_FLAG, AT(force), .help = "Replace a file that says something else"},
    {"emit", "WHAT", OPTION_CHOICE, AT(emit), .choices = emissions, .help = "What to print (default report)"},
    {"out", "PATH", OPTION_VALUE, AT(out),
     .help = "Where to put it (default .x07/policies/base/TEMPLATE.sandbox.base.policy.json)"},
    {"mkdir-out", NULL, OPTION_FLAG, AT(mkdir_out), .help = "Make the directory of --out"},
    OPTION_GLOBAL_REPORT(struct policy_init_settings, globals),
};

static const struct option_table table = {
    .command = "x07 policy init",
    .summary = "Make a policy from a template",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* One policy on its way to its file. */
struct making {
    struct arena *arena;
    const struct policy_init_settings *settings;
    const char *root; /* absolute */
    const char *path; /* absolute */
    const char *policy_id;
    const char *document;
    const char *status;
};

static struct error *
find_root(struct making *making)
{
    const char *project = making->settings->project;

    if (project && !file_is_regular(project))
        return error_new("E_OPTIONS", "--project is not a file: %s", project);
    const char *here = paths_absolute(making->arena, ".");
    const char *manifest = project ? project : project_discover(making->arena, here);
    making->root = manifest ? paths_absolute(making->arena, paths_folder(making->arena, manifest)) : here;
    return NULL;
}

static struct error *
find_path(struct making *making)
{
    const struct policy_init_settings *settings = making->settings;
    const char *path = settings->out
                           ? settings->out
                           : arena_printf(making->arena, ".x07/policies/base/%s.sandbox.base.policy.json",
                                          settings->template);

    making->path = path[0] == '/' ? path : paths_join(making->arena, making->root, path);
    const char *folder = paths_folder(making->arena, making->path);
    if (settings->out && !settings->mkdir_out && !file_is_dir(folder[0] ? folder : "/"))
        return error_new("E_OUT_DIR", "refusing to create output dir %s (pass --mkdir-out to allow)",
                         quote_string(making->arena, folder));
    return NULL;
}

static struct error *
check_id(struct making *making)
{
    const char *id = making->settings->policy_id;
    size_t len = id ? strlen(id) : 1;

    making->policy_id = id ? id : policy_template_id(making->arena, making->settings->template);
    if (!len || len > 64)
        return error_new("E_OPTIONS", "--policy-id must be 1..=64 chars");
    if (!policy_id_is_valid(making->policy_id))
        return error_new("E_OPTIONS", "--policy-id must match ^[a-zA-Z0-9_.-]{1,64}$");
    return NULL;
}

/* Writes the file unless that would lose something. */
static struct error *
put(struct making *making)
{
    struct text old = {0};
    size_t len = strlen(making->document);
    bool there = file_is_regular(making->path);
    struct error *error = there ? file_read(making->path, FILE_NO_LIMIT, &old) : NULL;

    if (!error && there && old.len == len && memcmp(text_string(&old), making->document, len) == 0)
        making->status = "unchanged";
    else if (there)
        making->status = making->settings->force ? "overwritten" : "exists_different";
    else
        making->status = "created";
    text_free(&old);
    if (!error && (!there || strcmp(making->status, "overwritten") == 0))
        error = file_replace(making->path, making->document, len, 0666);
    return error_wrap(error, "write policy");
}

/* The path as the report shows it. */
static const char *
shown_path(const struct making *making)
{
    size_t len = strlen(making->root);

    if (strncmp(making->path, making->root, len) == 0 && making->path[len] == '/')
        return making->path + len + 1;
    return making->path;
}

static void
write_report(const struct making *making, struct text *out)
{
    const struct {
        const char *name, *value;
    } members[] = {
        {"schema_version", "x07.policy.init.report@0.1.0"},
        {"template", making->settings->template},
        {"project_root", making->root},
        {"out", shown_path(making)},
        {"status", making->status},
        {"policy_id", making->policy_id},
    };
    x07_json json = {0};

    x07_json_begin(&json, '{');
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        x07_json_name(&json, members[i].name);
        x07_json_string(&json, members[i].value);
    }
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}

static int
deliver(const struct making *making)
{
    struct text out = {0};

    if (making->settings->emit && strcmp(making->settings->emit, "policy") == 0)
        text_puts(&out, making->document);
    else
        write_report(making, &out);
    int code = output_report(&making->settings->globals, &out);
    text_free(&out);
    return code ? code : strcmp(making->status, "exists_different") == 0 ? EXIT_REFUSED : 0;
}

static int
make(const struct policy_init_settings *settings)
{
    struct making making = {.arena = arena_new(), .settings = settings};
    struct error *error = output_check(&settings->globals);

    if (!error)
        error = check_id(&making);
    if (!error)
        error = find_root(&making);
    if (!error)
        error = find_path(&making);
    if (!error) {
        making.document = policy_template(making.arena, settings->template, making.policy_id);
        error = put(&making);
    }
    int code = error ? output_error(error) : deliver(&making);
    arena_free(making.arena);
    return code;
}

static int
run(int argc, char **argv)
{
    struct policy_init_settings settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    code = make(&settings);
    options_free(&table, &settings);
    return code;
}

const struct command policy_init_command = {.name = "init", .run = run, .options = &table};
