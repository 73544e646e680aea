/* run_check.c: in which world a target is run, by which runner; and which options cannot go with that. */
#include "base/memory.h"
#include "cli/run.h"
#include "project/worlds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct error *
select_world(struct run *run)
{
    const struct run_options *options = &run->options;
    const char *mode = run->settings.runner;
    bool os_world = world_is_os(run->settings.world);

    run->world = run->settings.world;
    run->runner_key = os_world ? "os" : "host";
    if (options->host && options->os)
        return error_new("E_WORLD", "--host and --os are mutually exclusive");
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
    struct error *error = run_settle(run);

    if (!error)
        error = select_world(run);
    if (!error)
        select_sandbox(run);
    return error;
}

struct error *
run_check_rest(struct run *run)
{
    const struct run_options *options = &run->options;

    if (world_is_sandboxed(run->world) && run->target_kind == X07_TARGET_ARTIFACT)
        return error_new("E_TARGET",
                         "run-os-sandboxed does not support --artifact; use --program or --project so "
                         "policy can be enforced at compile time");
    if (options->compile_only && world_is_os(run->world))
        return error_new("E_TARGET", "--compile-only is only valid for deterministic solve worlds");
    if (options->compile_only && run->target_kind == X07_TARGET_ARTIFACT)
        return error_new("E_TARGET", "--compile-only is only valid for --program or --project");
    if (options->module_roots.count && run->target_kind != X07_TARGET_PROGRAM)
        return error_new("E_TARGET", "--module-root is only valid with --program");
    return NULL;
}
