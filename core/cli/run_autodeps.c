/* run_autodeps.c: a module that the program lacks and a known package has becomes a dependency of the
 * project. */
#include "cli/pkg_add.h"
#include "cli/run.h"
#include "package/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The module that the report says is unknown, in the arena; or NULL. */
static const char *
missing_module(const struct run *run)
{
    static const char mark[] = "unknown module: \"";
    char *message = run_compile_error(run);
    const char *found = message ? strstr(message, mark) : NULL;
    const char *module = NULL;

    if (found) {
        found += strlen(mark);
        size_t len = strcspn(found, "\"");
        if (found[len] && !memchr(found, '\\', len))
            module = arena_copy(run->arena, found, len);
    }
    free(message);
    return module;
}

static bool
is_wanted(const struct run *run)
{
    return run->target_kind == X07_TARGET_PROJECT && run->result.exit_code != 0 &&
           !(run->options.repair && strcmp(run->options.repair, "off") == 0) &&
           !getenv("X07_INTERNAL_AUTO_DEPS") && run->auto_dep_count < RUN_MAX_AUTO_DEPS;
}

/* The package of a module that was not asked for before. */
static const char *
missing_package(const struct run *run, const char *module)
{
    for (size_t i = 0; i < run->auto_dep_count; i++)
        if (strcmp(run->auto_deps[i], module) == 0)
            return NULL;
    return catalog_find(module);
}

/* The manifest, the lock and the roots as they are now. */
static struct error *
reload(struct run *run)
{
    struct manifest *manifest = &run->project.manifest;

    free(run->module_roots);
    run->module_roots = NULL;
    run->module_root_count = 0;
    run->manifest_read = false;
    run->project = (struct project){0};
    struct error *error =
        manifest_load_text(run->arena, run->manifest_path, &manifest->text, &manifest->text_len);
    return error ? error : run_load_project(run);
}

bool
run_add_missing(struct run *run, struct error **error)
{
    const char *module = is_wanted(run) ? missing_module(run) : NULL;
    const char *package = module ? missing_package(run, module) : NULL;

    *error = NULL;
    if (!package)
        return false;
    run->auto_deps[run->auto_dep_count++] = module;
    fprintf(stderr, "x07 run: auto-adding dependency %s (missing module %s)\n", package, module);
    struct error *failed = pkg_add_synced(run->manifest_path, package);
    if (failed) {
        fprintf(stderr, "x07 run: auto-deps failed: %s\n", failed->message);
        error_free(failed);
        return false;
    }
    run_free_result(run);
    *error = reload(run);
    return true;
}
