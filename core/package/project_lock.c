/* project_lock.c: see project_lock.h. */
#include "package/project_lock.h"

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

struct error *
project_lock(const char *folder, int *fd)
{
    static const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

    *fd = open(folder[0] ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return error_errno("E_FILE_READ", "%s", folder[0] ? folder : ".");
    /* The signals are held back, so a lock that waits could not be interrupted. */
    while (flock(*fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
        if (process_pending_signal()) {
            close(*fd);
            *fd = -1;
            return error_new("E_INTERRUPTED", "interrupted");
        }
        nanosleep(&pause, NULL);
    }
    return NULL;
}
