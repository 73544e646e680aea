/* transfer.c: see transfer.h. Regular files are read into a block of their size, so that a program's figures
 * do not depend on how the system hands them out; what has no size grows. */
#include "transfer.h"

#include "../internal.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 4096 };

struct content {
    uint8_t *data;
    uint32_t len, room;
};

static int
read_some(int fd, uint8_t *to, size_t room, uint32_t *got)
{
    ssize_t count;

    *got = 0;
    while ((count = read(fd, to, room)) < 0 && errno == EINTR)
        ;
    if (count < 0)
        return errno;
    *got = (uint32_t)count;
    return 0;
}

static void
content_grow(x07_rt *rt, struct content *content, uint32_t limit)
{
    uint64_t room = content->room ? (uint64_t)content->room * 2 : FIRST_ROOM;

    if (room > limit)
        room = limit;
    content->data = rt_memory_grow(rt, content->data, content->room, content->len, (uint32_t)room);
    content->room = (uint32_t)room;
}

/* Whether nothing is left: 0, an errno, or TRANSFER_TOO_LARGE when there is a byte more than the limit. */
static int
expect_end(int fd)
{
    uint8_t byte;
    uint32_t got;
    int error = read_some(fd, &byte, 1, &got);

    return error || !got ? error : TRANSFER_TOO_LARGE;
}

/* Reads until the end or `limit`. */
static int
read_rest(x07_rt *rt, int fd, uint32_t limit, struct content *content)
{
    uint32_t got;
    int error = 0;

    do {
        if (content->len == limit)
            return expect_end(fd);
        if (content->len == content->room) {
            uint8_t byte; /* do not double for the sake of seeing the end */

            error = read_some(fd, &byte, 1, &got);
            if (error || !got)
                return error;
            content_grow(rt, content, limit);
            content->data[content->len++] = byte;
        }
        error = read_some(fd, content->data + content->len, content->room - content->len, &got);
        if (!error)
            content->len += got;
    } while (!error && (got || content->len == content->room));
    return error;
}

static uint32_t
file_size(int fd, uint32_t limit)
{
    struct stat status;

    if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_size <= 0)
        return 0;
    return (uint64_t)status.st_size < limit ? (uint32_t)status.st_size : limit;
}

int
rt_read_to_end(x07_rt *rt, int fd, uint32_t limit, x07_bytes *content)
{
    uint32_t size = file_size(fd, limit);
    struct content whole = {size ? rt_memory_take(rt, size) : x07_nothing, 0, size};
    int error = read_rest(rt, fd, limit, &whole);

    if (whole.room && (error || !whole.len))
        rt_memory_free(rt, whole.data);
    *content = error || !whole.len ? X07_EMPTY_BYTES : (x07_bytes){whole.data, whole.len};
    return error;
}

int
rt_write_all(int fd, x07_view data)
{
    while (data.len) {
        ssize_t count = write(fd, data.ptr, data.len);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        data.ptr += count;
        data.len -= (uint32_t)count;
    }
    return 0;
}
