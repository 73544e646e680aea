/* init_lock.c: the packages of a template: fetched, and locked. */
#include "cli/init_parts.h"
#include "cli/pkg_project.h"

#include <string.h>

/* The error as the report of `x07 init` has it. What is no outcome of locking stays what it is. */
static struct error *
describe(struct error *error)
{
    if (!error || strncmp(error->code, "X07PKG_", 7) != 0)
        return error;
    struct error *described = error_new("X07INIT_PKG_LOCK", "%s: %s", error->code, error->message);
    error_free(error);
    return described;
}

struct error *
init_lock(struct init *init)
{
    struct pkg_project project;
    struct error *error = error_wrap(pkg_project_open(&project, "x07.json", NULL), "read");

    if (!error)
        error = locking_run(&project.locking, project.text, project.len);
    if (!error)
        error = locking_commit(&project.locking, project.locking.manifest_changed);
    pkg_project_close(&project);
    error = describe(error);
    if (error && strcmp(error->code, "X07INIT_PKG_LOCK") == 0) {
        struct text made = {0};
        for (size_t i = 0; i < init->created.count; i++)
            text_printf(&made, "%s%s", i ? ", " : "Created paths: ", init->created.items[i]);
        init_say(&init->next_steps, "x07 pkg lock --project x07.json");
        init_say(&init->next_steps, arena_copy(init->arena, text_string(&made), made.len));
        text_free(&made);
    }
    return error;
}
