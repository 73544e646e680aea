/* project_lock.h: keeps two commands from changing the packages of one project at once.
 * Knows folders; knows nothing of packages. */
#ifndef PACKAGE_PROJECT_LOCK_H
#define PACKAGE_PROJECT_LOCK_H

#include "base/error.h"

/* Waits until no other process holds the folder ("" for the current one), and holds it until *fd is closed.
 * No file is made. Error E_INTERRUPTED when one of the held-back signals comes (base/process.h), E_FILE_READ
 * when there is no such folder. A file system that knows no locks is taken as it is. */
struct error *project_lock(const char *folder, int *fd);

#endif
