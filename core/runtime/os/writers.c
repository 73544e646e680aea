/* writers.c: os.fs.stream_*_v1: files that are written piece by piece. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "caps.h"
#include "replace.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum state { WRITER_FREE, WRITER_OPEN, WRITER_CLOSED };

struct writer {
    enum state state;
    bool atomic;
    struct place place;
    struct replacement replacement; /* of an atomic one, which owns fd */
    int fd;
    uint32_t written, max_write;
};

struct writers {
    struct writer **slots; /* by handle - 1; they do not move, since replacements point at their places */
    uint32_t count;
};

static void
writer_end(struct writer *writer, int *error)
{
    if (writer->state != WRITER_OPEN)
        return;
    if (writer->atomic)
        *error = rt_replace_end(&writer->replacement, *error);
    else if (close(writer->fd) && !*error)
        *error = errno;
    rt_place_close(&writer->place);
    writer->state = WRITER_CLOSED;
}

static void
writers_release(void *data)
{
    struct writers *writers = data;

    for (uint32_t i = 0; i < writers->count; i++) {
        int error = ECANCELED; /* what is not closed does not count */

        writer_end(writers->slots[i], &error);
        free(writers->slots[i]);
    }
    free(writers->slots);
    free(writers);
}

static struct writers *
writers_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->files;

    if (!state->data) {
        state->data = calloc(1, sizeof(struct writers));
        state->release = writers_release;
    }
    if (!state->data)
        x07_trap(rt, "out of memory");
    return state->data;
}

static struct writer *
writer_of(x07_rt *rt, uint32_t handle)
{
    const struct writers *writers = writers_of(rt);

    if (!handle || handle > writers->count || writers->slots[handle - 1]->state == WRITER_FREE)
        return NULL;
    return writers->slots[handle - 1];
}

/* The lowest free slot; its handle is stored. */
static struct writer *
writer_new(x07_rt *rt, uint32_t *handle)
{
    struct writers *writers = writers_of(rt);
    uint32_t index = 0;

    while (index < writers->count && writers->slots[index]->state != WRITER_FREE)
        index++;
    if (index == writers->count) {
        struct writer **slots = realloc(writers->slots, (writers->count + 1) * sizeof *slots);
        struct writer *writer = calloc(1, sizeof *writer);

        if (slots)
            writers->slots = slots;
        if (!slots || !writer)
            x07_trap(rt, "out of memory");
        slots[writers->count++] = writer;
    }
    *handle = index + 1;
    return writers->slots[index];
}

/* Opens the file at the writer's place. */
static uint32_t
writer_open(x07_rt *rt, struct writer *writer, const struct fs_caps *caps)
{
    uint32_t code = rt_fs_check_target(&writer->place, caps, true);
    int error = 0;

    if (code)
        return code;
    writer->atomic = caps->atomic;
    if (caps->atomic)
        error = rt_replace_open(rt, &writer->place, &writer->replacement);
    else
        writer->fd =
            rt_place_file(&writer->place, O_WRONLY | O_CREAT | (caps->overwrite ? O_TRUNC : O_EXCL), &error);
    if (error)
        return rt_fs_code(error);
    if (caps->atomic)
        writer->fd = writer->replacement.fd;
    writer->state = WRITER_OPEN;
    writer->written = 0;
    writer->max_write = caps->max_write;
    return FS_OK;
}

x07_result_i32
x07_os_fs_stream_open_write_v1(x07_rt *rt, x07_bytes path, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    uint32_t handle = 0;
    uint32_t code = rt_fs_begin_write(rt, x07_view_of(caps_document), false, &caps);

    if (!code)
        code = rt_fs_place_to_write(rt, x07_view_of(path), &caps, 0, &place);
    if (!code) {
        struct writer *writer = writer_new(rt, &handle);

        writer->place = place;
        code = writer_open(rt, writer, &caps);
        if (code)
            rt_place_close(&writer->place);
    }
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, caps_document);
    return fs_result(code, handle);
}

x07_result_i32
x07_os_fs_stream_write_all_v1(x07_rt *rt, uint32_t handle, x07_view data)
{
    struct writer *writer = writer_of(rt, handle);

    if (!writer || writer->state != WRITER_OPEN)
        return fs_result(FS_BAD_HANDLE, 0);
    if (data.len > writer->max_write - writer->written)
        return fs_result(FS_TOO_LARGE, 0);
    int error = rt_write_all(writer->fd, data);
    if (!error)
        writer->written += data.len;
    return fs_result(rt_fs_code(error), data.len);
}

x07_result_i32
x07_os_fs_stream_close_v1(x07_rt *rt, uint32_t handle)
{
    struct writer *writer = writer_of(rt, handle);
    int error = 0;

    if (!writer)
        return fs_result(FS_BAD_HANDLE, 0);
    writer_end(writer, &error);
    return fs_result(rt_fs_code(error), 1);
}

uint32_t
x07_os_fs_stream_drop_v1(x07_rt *rt, uint32_t handle)
{
    struct writer *writer = writer_of(rt, handle);
    int error = ECANCELED;

    if (writer) {
        writer_end(writer, &error);
        writer->state = WRITER_FREE;
    }
    return 1;
}
