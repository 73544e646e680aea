/* fixture.c: fs.*: files below the working directory. In a sandboxed program the policy's word on files holds
 * for them as for os.fs.*. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "gate.h"
#include "latency.h"
#include "names.h"
#include "path.h"
#include "place.h"
#include "transfer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The traps of a head. */
struct texts {
    const char *unsafe, *hidden, *failed;
};

static const struct texts reading = {"fs.read unsafe path", "fs.read hidden path denied",
                                     "fs.read open failed"};
static const struct texts opening = {"fs.open_read unsafe path", "fs.open_read hidden path denied",
                                     "fs.open_read open failed"};
static const struct texts listing = {"fs.list_dir unsafe path", "fs.list_dir hidden path denied",
                                     "fs.list_dir open failed"};

static int
open_here(x07_rt *rt, const struct texts *texts, x07_view path, int flags)
{
    struct place place;
    int error, fd = -1;

    rt_gate_path(rt, path, texts->unsafe, texts->hidden);
    char *name = rt_os_text(rt, (const char *)path.ptr, path.len);
    if (!rt_place_open(rt, name, rt_policy(rt)->read_roots, false, &place)) {
        fd = rt_place_file(&place, flags, &error);
        rt_place_close(&place);
    }
    free(name);
    if (fd < 0)
        x07_trap(rt, texts->failed);
    return fd;
}

x07_bytes
x07_fs_read(x07_rt *rt, x07_view path)
{
    x07_bytes content;

    runtime_of(rt)->world.fs_reads++;
    if (!rt_sleep(rt, rt_fs_latency(rt, path)))
        return X07_EMPTY_BYTES;
    int fd = open_here(rt, &reading, path, O_RDONLY);
    int error = rt_read_to_end(rt, fd, UINT32_MAX, &content);
    close(fd);
    if (error == TRANSFER_TOO_LARGE || error == EISDIR)
        x07_trap(rt, "fs.read file too large");
    if (error)
        x07_trap(rt, "fs.read short read");
    return content;
}

/* A file that cannot be read any further has ended. */
static uint32_t
read_file(int fd, uint8_t *to, uint32_t cap)
{
    uint32_t got = 0;

    while (got < cap) {
        ssize_t count = read(fd, to + got, cap - got);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        got += (uint32_t)count;
    }
    return got;
}

static void
close_file(int fd)
{
    close(fd);
}

x07_iface
x07_fs_open_read(x07_rt *rt, x07_view path)
{
    static const struct reader_source source = {read_file, close_file};

    runtime_of(rt)->world.fs_reads++;
    int fd = open_here(rt, &opening, path, O_RDONLY);
    return rt_reader_open(rt, &source, fd, rt_fs_latency(rt, path));
}

static bool
is_listed(x07_rt *rt, const char *name)
{
    static const char reserved[] = ".x07_";

    if (!strcmp(name, ".") || !strcmp(name, "..") || !strncmp(name, reserved, strlen(reserved)))
        return false;
    return name[0] != '.' || !rt_policy(rt)->deny_hidden;
}

x07_bytes
x07_fs_list_dir(x07_rt *rt, x07_view path)
{
    struct names names = {0};
    struct dirent *entry;

    runtime_of(rt)->world.fs_lists++;
    DIR *entries = fdopendir(open_here(rt, &listing, path, O_RDONLY | O_DIRECTORY));
    if (!entries)
        x07_trap(rt, listing.failed);
    while ((entry = readdir(entries)))
        if (is_listed(rt, entry->d_name))
            rt_names_add(rt, &names, rt_os_text(rt, entry->d_name, strlen(entry->d_name)));
    closedir(entries);
    x07_bytes lines = names.count ? rt_names_lines(rt, &names) : X07_EMPTY_BYTES;
    rt_names_free(&names);
    return lines;
}
