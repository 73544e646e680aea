/* run_project.c: what is to be run, and the project that it belongs to. */
#include "base/file.h"
#include "base/memory.h"
#include "cli/run.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *
discover_here(struct arena *arena)
{
    char *folder = getcwd(NULL, 0);
    const char *found = folder ? project_discover(arena, folder) : NULL;

    free(folder);
    return found;
}

static struct error *
select_target(struct run *run)
{
    const struct run_options *options = &run->options;
    int given = (options->project != NULL) + (options->program != NULL) + (options->artifact != NULL);

    if (given > 1)
        return error_new("E_TARGET", "set exactly one of --project, --program, or --artifact");
    if (options->program) {
        run->target_kind = X07_TARGET_PROGRAM;
        run->target_path = run->program_path = options->program;
        run->manifest_path = project_discover(run->arena, paths_folder(run->arena, options->program));
    } else if (options->artifact) {
        run->target_kind = X07_TARGET_ARTIFACT;
        run->target_path = options->artifact;
    } else {
        run->target_kind = X07_TARGET_PROJECT;
        run->manifest_path =
            options->project ? project_of_option(run->arena, options->project) : discover_here(run->arena);
        run->target_path = run->manifest_path;
    }
    if (!run->target_path)
        return error_new("E_TARGET", "no project found (pass --project, --program, or --artifact)");
    return NULL;
}

static struct error *
select_profile(struct run *run)
{
    struct manifest *manifest = &run->project.manifest;
    struct profiles profiles;

    if (!run->manifest_path)
        return run->options.profile
                   ? error_new("E_PROFILE",
                               "--profile requires a project manifest (--project or a discovered x07.json)")
                   : NULL;
    struct error *error =
        manifest_load_text(run->arena, run->manifest_path, &manifest->text, &manifest->text_len);
    if (!error)
        error = profiles_parse(run->arena, run->manifest_path, manifest->text, manifest->text_len, &profiles);
    return error ? error : profiles_select(run->arena, &profiles, run->options.profile, &run->profile);
}

struct error *
run_find_target(struct run *run)
{
    struct error *error = select_target(run);

    if (error)
        return error;
    run->project_root =
        paths_absolute(run->arena, run->manifest_path ? paths_folder(run->arena, run->manifest_path) : "");
    return select_profile(run);
}

struct error *
run_read_manifest(struct run *run)
{
    struct manifest *manifest = &run->project.manifest;

    if (run->manifest_read)
        return NULL;
    struct error *error =
        manifest_parse(run->arena, run->manifest_path, manifest->text, manifest->text_len, manifest);
    if (!error)
        error = manifest_check(manifest);
    run->manifest_read = !error;
    return error;
}

/* ---- module roots ---- */

static struct error *
load_lock(struct run *run)
{
    struct error *error = run_read_manifest(run);

    return error ? error : project_load_lock(run->arena, PROJECT_OF_RUN, &run->project);
}

static void
set_roots(struct run *run, const char *const *roots, size_t count)
{
    run->module_roots = memory_alloc((count + 2) * sizeof *run->module_roots);
    run->module_root_count = count;
    for (size_t i = 0; i < count; i++)
        run->module_roots[i] = roots[i];
}

/* A program takes the roots that it is given, else those of the project it lies in if that is in order, else
 * its own folder. */
static void
set_program_roots(struct run *run)
{
    const struct option_list *given = &run->options.module_roots;
    const char *folder = paths_folder(run->arena, run->target_path);
    const char *beside = folder[0] ? folder : ".";
    const struct json_strings *roots = &run->project.roots;
    struct error *error = run->manifest_path ? load_lock(run) : NULL;

    if (given->count)
        set_roots(run, given->items, given->count);
    else if (run->manifest_path && !error)
        set_roots(run, roots->items, roots->count);
    else
        set_roots(run, &beside, 1);
    error_free(error);
}

struct error *
run_load_project(struct run *run)
{
    if (run->target_kind == X07_TARGET_PROGRAM) {
        set_program_roots(run);
    } else if (run->target_kind == X07_TARGET_ARTIFACT) {
        set_roots(run, NULL, 0);
    } else {
        struct error *error = load_lock(run);
        if (error)
            return error;
        run->program_path = run->project.entry_path;
        set_roots(run, run->project.roots.items, run->project.roots.count);
    }
    return NULL;
}
