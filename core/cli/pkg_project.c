/* pkg_project.c: see pkg_project.h. */
#include "cli/pkg_project.h"

#include "base/file.h"
#include "base/process.h"
#include "base/utf8.h"
#include "package/project_lock.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct error *
pkg_project_open(struct pkg_project *project, const char *given, const char *index)
{
    struct text bytes = {0};

    *project = (struct pkg_project){.arena = arena_new(), .fd = -1};
    process_hold_signals(&project->saved);
    char *found = file_find_upward(given ? given : "x07.json");
    project->path = arena_copy(project->arena, found, strlen(found));
    free(found);
    locking_init(&project->locking, project->arena, project->path, index);
    struct error *error = NULL;
    if (utf8_prefix(project->path, strlen(project->path)) != strlen(project->path))
        error = error_new("E_PROJECT_READ", "the path of the project is not UTF-8");
    /* A manifest that is not there is said to be missing, not its folder. */
    if (!error && file_is_regular(project->path))
        error = project_lock(paths_folder(project->arena, project->path), &project->fd);
    if (!error)
        error = file_read(project->path, FILE_NO_LIMIT, &bytes);
    if (!error) {
        project->len = bytes.len;
        project->text = arena_copy(project->arena, text_string(&bytes), bytes.len);
    }
    text_free(&bytes);
    return error;
}

void
pkg_project_close(struct pkg_project *project)
{
    locking_free(&project->locking);
    if (project->fd >= 0)
        close(project->fd);
    arena_free(project->arena);
    process_release_signals(&project->saved);
}
