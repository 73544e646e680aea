/* replace.h: a file that is written beside the one it replaces, and renamed when it is complete. */
#ifndef RUNTIME_OS_REPLACE_H
#define RUNTIME_OS_REPLACE_H

#include "place.h"

struct replacement {
    int fd;                    /* to write to */
    const struct place *place; /* of the final name; stays the caller's and must outlive this */
    char *temporary;
};

/* Creates `<name>.x07_tmp_<n>` with the first n that is free. Returns 0 or an errno. */
int rt_replace_open(x07_rt *rt, const struct place *place, struct replacement *replacement);

/* Closes the file; renames it if `error` is 0, else removes it. Returns the first error of all, or 0. */
int rt_replace_end(struct replacement *replacement, int error);

#endif
