/* view.h: the file system that the program sees: a root of its own, made of the places of the plan.
 * Knows mounts; knows nothing of what the kernel lets the program do there (landlock.h). */
#ifndef CONFINE_VIEW_H
#define CONFINE_VIEW_H

#include "plan.h"

/* Replaces this process's root by the view, and enters the working directory. To be called as the first
 * process of new mount and process namespaces. False with errno when nothing can be mounted in them; ends the
 * process when a part is impossible. */
bool view_enter(const struct plan *plan);

/* Where a path of the plan is, inside and outside: absolute, without "." and "..", links not followed. */
char *view_path(const struct plan *plan, const char *path);

/* Whether such a path is a directory's or beneath it. */
bool view_is_beneath(const char *path, const char *directory);

#endif
