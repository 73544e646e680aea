/* pkg_project.h: a project in the hands of one command that changes its packages.
 * Knows where the manifest is and that only one command may have it; knows nothing of options or reports. */
#ifndef CLI_PKG_PROJECT_H
#define CLI_PKG_PROJECT_H

#include "package/locking.h"

#include <signal.h>

struct pkg_project {
    struct arena *arena;
    const char *path; /* of the manifest */
    const char *text; /* its bytes */
    size_t len;
    struct locking locking;
    int fd;         /* holds the project */
    sigset_t saved; /* signals wait until the end, so that nothing is left behind */
};

/* Finds the manifest that --project names (NULL: x07.json), here or above, waits for other commands to be
 * done with it, and reads its bytes. Ends with pkg_project_close in any case. Error E_PROJECT_READ "PATH:
 * reason". */
struct error *pkg_project_open(struct pkg_project *project, const char *given, const char *index);

/* Frees everything; a signal that came meanwhile ends the process here. */
void pkg_project_close(struct pkg_project *project);

#endif
