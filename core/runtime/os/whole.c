/* whole.c: os.fs.read_file and os.fs.write_file. In a sandboxed program the path is meant below each root in
 * turn. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "gate.h"
#include "path.h"
#include "place.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* What differs between the heads. */
struct access {
    const char *const texts[3]; /* traps: NUL, unsafe, hidden */
    int flags;
};

static const struct access reading = {{"os.fs.read_file path contains NUL", "os.fs.read_file unsafe path",
                                       "os.fs.read_file hidden path denied"},
                                      O_RDONLY};
static const struct access writing = {{"os.fs.write_file path contains NUL", "os.fs.write_file unsafe path",
                                       "os.fs.write_file hidden path denied"},
                                      O_WRONLY | O_CREAT | O_TRUNC};

/* "out/x" below the root "out" is out/x, not out/out/x. */
static char *
name_below(x07_rt *rt, x07_view root, const char *path)
{
    uint32_t len = root.len;

    while (len && (root.ptr[len - 1] == '/' || root.ptr[len - 1] == '\\'))
        len--;
    if (!strncmp(path, (const char *)root.ptr, len) && path[len] == '/')
        path += len + 1;
    char *first = rt_os_text(rt, (const char *)root.ptr, root.len);
    char *name = rt_path_join(rt, first, path);
    free(first);
    return name;
}

/* Opens a name that lies below a root, unless a link leads it out of all of them. */
static int
open_below(x07_rt *rt, const char *name, const char *roots, int flags, int *error)
{
    struct place place;
    int fd = -1;

    *error = rt_place_open(rt, name, roots, false, &place);
    if (*error)
        return -1;
    fd = rt_place_file(&place, flags, error);
    rt_place_close(&place);
    return fd;
}

static int
open_sandboxed(x07_rt *rt, const struct access *access, const char *path, int *error)
{
    const struct policy *policy = rt_policy(rt);
    const char *roots = access == &writing ? policy->write_roots : policy->read_roots;
    const char *rest = roots;
    x07_view root;
    int fd = -1;

    *error = EACCES;
    while (fd < 0 && rt_policy_next(&rest, &root)) {
        char *name = name_below(rt, root, path);

        fd = open_below(rt, name, roots, access->flags, error);
        free(name);
    }
    if (*error == PLACE_DENIED)
        *error = EACCES;
    return fd;
}

static int
open_plain(const char *path, int flags, int *error)
{
    int fd = open(path, flags | O_CLOEXEC, 0666);

    if (fd < 0)
        *error = errno;
    return fd;
}

/* -1 and an errno when nothing could be opened. Consumes the path. */
static int
open_whole(x07_rt *rt, const struct access *access, x07_bytes path, int *error)
{
    bool sandboxed = rt_policy(rt)->sandboxed;

    if (sandboxed)
        rt_gate_path(rt, x07_view_of(path), access->texts[1], access->texts[2]);
    if (memchr(path.ptr, 0, path.len))
        x07_trap(rt, access->texts[0]);
    char *text = rt_os_text(rt, (const char *)path.ptr, path.len);
    int fd = sandboxed ? open_sandboxed(rt, access, text, error) : open_plain(text, access->flags, error);
    free(text);
    x07_drop_bytes(rt, path);
    return fd;
}

x07_bytes
x07_os_fs_read_file(x07_rt *rt, x07_bytes path)
{
    x07_bytes content;
    int error;
    int fd = open_whole(rt, &reading, path, &error);

    if (fd < 0)
        x07_trap(rt, "os.fs.read_file open failed");
    error = rt_read_to_end(rt, fd, UINT32_MAX, &content);
    close(fd);
    if (error == TRANSFER_TOO_LARGE || error == EISDIR)
        x07_trap(rt, "os.fs.read_file file too large");
    if (error)
        x07_trap(rt, "os.fs.read_file short read");
    return content;
}

uint32_t
x07_os_fs_write_file(x07_rt *rt, x07_bytes path, x07_bytes data)
{
    int error = 0;
    int fd = open_whole(rt, &writing, path, &error);

    if (fd >= 0) {
        error = rt_write_all(fd, x07_view_of(data));
        if (close(fd) && !error)
            error = errno;
    }
    x07_drop_bytes(rt, data);
    return (uint32_t)error;
}
