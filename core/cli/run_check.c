/* run_check.c: what is to be run, in which world, by which runner; and which options cannot go with that. */
#include "base/file.h"
#include "base/memory.h"
#include "cli/run.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_os_world(const char *world)
{
    return strcmp(world, "run-os") == 0 || strcmp(world, "run-os-sandboxed") == 0;
}

/* Whether x07.json is in the current directory or above it. */
static bool
project_is_near(void)
{
    char *dir = getcwd(NULL, 0);
    bool found = false;

    while (dir && !found) {
        char *manifest = file_join(dir, "x07.json");
        char *parent = file_parent(dir);
        found = file_is_regular(manifest);
        bool last = strcmp(parent, dir) == 0 || !parent[0];
        free(manifest);
        free(dir);
        dir = last ? NULL : parent;
        if (last)
            free(parent);
    }
    free(dir);
    return found;
}

static struct error *
select_target(struct run *run)
{
    const struct run_options *options = &run->options;
    int given = (options->project != NULL) + (options->program != NULL) + (options->artifact != NULL);

    if (given > 1)
        return error_new("E_TARGET", "set exactly one of --project, --program, or --artifact");
    if (!given && !project_is_near())
        return error_new("E_TARGET", "no project found (pass --project, --program, or --artifact)");
    run->target_kind = options->program    ? X07_TARGET_PROGRAM
                       : options->artifact ? X07_TARGET_ARTIFACT
                                           : X07_TARGET_PROJECT;
    run->target_path = options->program ? options->program : options->artifact;
    return NULL;
}

static struct error *
select_world(struct run *run)
{
    const struct run_options *options = &run->options;
    const char *mode = options->runner;

    if (options->host && options->os)
        return error_new("E_WORLD", "--host and --os are mutually exclusive");
    run->world = options->world ? options->world : options->host ? "solve-pure" : "run-os";
    if (!mode)
        mode = options->host ? "host" : options->os ? "os" : "auto";
    bool os_world = is_os_world(run->world);
    run->runner_key = os_world ? "os" : "host";
    if (strcmp(mode, "auto") != 0 && strcmp(mode, run->runner_key) != 0)
        return error_new("E_WORLD", "%s runner is incompatible with --world %s", mode, run->world);
    if (!os_world && (options->sandbox_backend || options->accept_weaker))
        return error_new("E_WORLD",
                         "--sandbox-backend/--i-accept-weaker-isolation are only supported for OS worlds");
    return NULL;
}

/* The backend's key from the option, else from the environment; "auto" leaves it to the registry. */
static void
select_sandbox(struct run *run)
{
    const char *key = run->options.sandbox_backend;
    const char *setting = getenv("X07_SANDBOX_BACKEND");

    if (!key && setting) {
        while (isspace((unsigned char)*setting))
            setting++;
        run->sandbox_setting = memory_string(setting);
        size_t len = strlen(setting);
        while (len && isspace((unsigned char)setting[len - 1]))
            len--;
        run->sandbox_setting[len] = '\0';
        for (char *c = run->sandbox_setting; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        key = run->sandbox_setting;
    }
    if (key && strcmp(key, "native") == 0)
        key = "os";
    run->sandbox_key = key && key[0] && strcmp(key, "auto") != 0 ? key : NULL;
}

struct error *
run_check_target(struct run *run)
{
    struct error *error = select_target(run);

    if (!error && run->options.profile && run->target_kind != X07_TARGET_PROJECT)
        error = error_new("E_PROFILE",
                          "--profile requires a project manifest (--project or a discovered x07.json)");
    if (!error)
        error = select_world(run);
    if (!error)
        select_sandbox(run);
    return error;
}

struct error *
run_check_rest(const struct run *run)
{
    const struct run_options *options = &run->options;
    bool sandboxed = strcmp(run->world, "run-os-sandboxed") == 0;
    size_t overrides = options->allow_hosts.count + options->deny_hosts.count +
                       options->allow_host_files.count + options->deny_host_files.count +
                       options->allow_read_roots.count + options->allow_write_roots.count;

    if (overrides && !sandboxed)
        return error_new("E_POLICY", "--allow-host/--deny-host/--allow-read-root/--allow-write-root requires "
                                     "run-os-sandboxed (policy-enforced OS world)");
    if (options->policy && !sandboxed)
        return error_new("E_POLICY", "--policy is only valid for --world run-os-sandboxed");
    if (sandboxed && !options->policy)
        return error_new("E_POLICY", "run-os-sandboxed requires a policy file (--policy or profile policy)");
    if (sandboxed && run->target_kind == X07_TARGET_ARTIFACT)
        return error_new("E_TARGET",
                         "run-os-sandboxed does not support --artifact; use --program or --project so "
                         "policy can be enforced at compile time");
    if (options->compile_only && is_os_world(run->world))
        return error_new("E_TARGET", "--compile-only is only valid for deterministic solve worlds");
    if (options->compile_only && run->target_kind == X07_TARGET_ARTIFACT)
        return error_new("E_TARGET", "--compile-only is only valid for --program or --project");
    if (options->module_roots.count && run->target_kind != X07_TARGET_PROGRAM)
        return error_new("E_TARGET", "--module-root is only valid with --program");
    if (run->target_kind == X07_TARGET_PROJECT)
        return error_new("E_NOT_YET", "projects are not available yet (pass --program or --artifact)");
    return NULL;
}
