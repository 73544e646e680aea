/* replace.c: see replace.h. */
#include "replace.h"

#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MODE = 0666, NUMBER_ROOM = 32 };

int
rt_replace_open(x07_rt *rt, const struct place *place, struct replacement *replacement)
{
    size_t size = strlen(place->name) + NUMBER_ROOM;
    char *name = rt_os_alloc(rt, size);
    unsigned number = 0;
    int fd;

    do {
        snprintf(name, size, "%s.x07_tmp_%u", place->name, number);
        fd = openat(place->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
    } while (fd < 0 && errno == EEXIST && ++number);
    if (fd < 0) {
        int error = errno;

        free(name);
        return error;
    }
    *replacement = (struct replacement){fd, place, name};
    return 0;
}

int
rt_replace_end(struct replacement *replacement, int error)
{
    const struct place *place = replacement->place;

    if (close(replacement->fd) && !error)
        error = errno;
    if (!error && renameat(place->dir, replacement->temporary, place->dir, place->name))
        error = errno;
    if (error)
        unlinkat(place->dir, replacement->temporary, 0);
    free(replacement->temporary);
    *replacement = (struct replacement){.fd = -1};
    return error;
}
