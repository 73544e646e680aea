/* run_check.c: in which world a target is run, by which runner; and which options cannot go with that. */
#include "cli/run.h"
#include "project/worlds.h"

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

struct error *
run_check_target(struct run *run)
{
    struct error *error = run_settle(run);

    return error ? error : select_world(run);
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
