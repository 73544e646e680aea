/* place.h: where a path leads, and whether the program may go there.
 *
 * A place is an open directory and a name in it. In a sandboxed program the directory is reached from the
 * root of the file system without following any symbolic link, along a name that was resolved before and lies
 * beneath a root of the policy; who operates on the last name must not follow it either. So whatever others
 * rename or link meanwhile, the operation happens beneath the roots or fails. */
#ifndef RUNTIME_OS_PLACE_H
#define RUNTIME_OS_PLACE_H

#include "policy.h"

#include <sys/stat.h>

struct place {
    int dir; /* AT_FDCWD or a descriptor of this place's own */
    char *name;
    bool follow; /* whether a symbolic link of that name is followed */
};

/* Beside errno values: the policy has no root that the path lies beneath. */
enum { PLACE_DENIED = -1 };

/* Opens the place of `path` below the roots in `roots` (a policy's list; not asked outside the sandbox). With
 * `parents`, missing directories above the name are created. Returns 0, PLACE_DENIED or an errno; then
 * nothing is open. Close it with rt_place_close. */
int rt_place_open(x07_rt *rt, const char *path, const char *roots, bool parents, struct place *place);
void rt_place_close(struct place *place);

/* Opens the file itself: openat with what `place` demands added to `flags`. Returns a descriptor, or -1 and
 * sets `*error` to an errno or to PLACE_DENIED. */
int rt_place_file(const struct place *place, int flags, int *error);

/* Creates the directory at `path`, and those above it; an existing directory is fine. Errors as above. */
int rt_place_directories(x07_rt *rt, const char *path, const char *roots);

/* Looks at what lies there, following links where the place does; 0 or an errno. */
int rt_place_look(const struct place *place, struct stat *status);

#endif
