/* latency.c: see latency.h. The file is X7FL, u16 1, u16 0, u32 default, u32 count, and for each path u32
 * length, the path, u32 ticks. */
#include "latency.h"

#include "../internal.h"
#include "document.h"
#include "path.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER_SIZE = 16, VERSION = 1 };

struct index {
    uint8_t *data; /* of the file; NULL: there is none */
    uint32_t size;
};

static void
index_release(void *data)
{
    free(((struct index *)data)->data);
    free(data);
}

static void
index_read(x07_rt *rt, int fd, struct index *index)
{
    struct stat status;

    if (fstat(fd, &status))
        x07_trap(rt, "fs latency tell failed");
    if (status.st_size > INT32_MAX)
        x07_trap(rt, "fs latency too large");
    index->size = (uint32_t)status.st_size;
    index->data = rt_os_alloc(rt, index->size);
    for (uint32_t got = 0; got < index->size;) {
        ssize_t count = read(fd, index->data + got, index->size - got);

        if (count <= 0)
            x07_trap(rt, "fs latency short read");
        got += (uint32_t)count;
    }
}

/* Walks the entries; the ticks of `path`, or the default's. */
static uint32_t
index_find(x07_rt *rt, const struct index *index, x07_view path, bool check)
{
    const uint8_t *at = index->data + HEADER_SIZE, *end = index->data + index->size;
    uint32_t count = document_u32(index->data + 12);

    for (uint32_t i = 0; i < count; i++) {
        if (end - at < 4)
            x07_trap(rt, "fs latency truncated path_len");
        uint32_t len = document_u32(at);
        at += 4;
        if (len > end - at)
            x07_trap(rt, "fs latency truncated path");
        if (end - at - len < 4)
            x07_trap(rt, "fs latency truncated ticks");
        if (!check && len == path.len && !memcmp(at, path.ptr, len))
            return document_u32(at + len);
        at += len + 4;
    }
    if (at != end)
        x07_trap(rt, "fs latency trailing bytes");
    return document_u32(index->data + 8);
}

static void
index_check(x07_rt *rt, const struct index *index)
{
    if (index->size < HEADER_SIZE)
        x07_trap(rt, "fs latency too short");
    if (memcmp(index->data, "X7FL", 4) != 0)
        x07_trap(rt, "fs latency bad magic");
    if ((index->data[4] | index->data[5] << 8) != VERSION)
        x07_trap(rt, "fs latency bad version");
    index_find(rt, index, X07_EMPTY_VIEW, true);
}

static const struct index *
index_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->latencies;

    if (!state->data) {
        struct index *index = calloc(1, sizeof *index);
        int fd = open(".x07_fs/latency.evfslat", O_RDONLY | O_CLOEXEC);

        if (!index)
            x07_trap(rt, "out of memory");
        *state = (struct native_state){index, index_release};
        if (fd >= 0) {
            index_read(rt, fd, index);
            close(fd);
            index_check(rt, index);
        }
    }
    return state->data;
}

uint32_t
rt_fs_latency(x07_rt *rt, x07_view path)
{
    const struct index *index = index_of(rt);

    return index->data ? index_find(rt, index, path, false) : 0;
}
