/* files.c: os.fs.read_all_v1, write_all_v1, append_all_v1: files of bytes under caps. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "caps.h"
#include "replace.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t
read_place(x07_rt *rt, const struct place *place, const struct fs_caps *caps, x07_bytes *content)
{
    struct stat status;
    int error = rt_place_look(place, &status);

    if (error)
        return rt_fs_code(error);
    if (S_ISDIR(status.st_mode))
        return FS_IS_DIR;
    if ((uint64_t)status.st_size > caps->max_read)
        return FS_TOO_LARGE;
    int fd = rt_place_file(place, O_RDONLY, &error);
    if (fd < 0)
        return rt_fs_code(error);
    error = rt_read_to_end(rt, fd, caps->max_read, content);
    close(fd);
    return error == TRANSFER_TOO_LARGE ? FS_TOO_LARGE : rt_fs_code(error);
}

x07_result_bytes
x07_os_fs_read_all_v1(x07_rt *rt, x07_bytes path, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    x07_bytes content = X07_EMPTY_BYTES;
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), FS_LINKS_LATER, &caps);

    if (!code)
        code = rt_fs_place(rt, x07_view_of(path), false, false, &place);
    bool open = !code;
    if (rt_fs_links_denied(rt, &caps, code))
        code = FS_SYMLINK_DENIED;
    if (!code)
        code = read_place(rt, &place, &caps, &content);
    if (open)
        rt_place_close(&place);
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, caps_document);
    return code ? fs_failure(code) : (x07_result_bytes){1, 0, content};
}

static uint32_t
write_plain(const struct place *place, x07_view data, int flags)
{
    int error = 0;
    int fd = rt_place_file(place, O_WRONLY | O_CREAT | flags, &error);

    if (fd < 0)
        return rt_fs_code(error);
    error = rt_write_all(fd, data);
    if (close(fd) && !error)
        error = errno;
    return rt_fs_code(error);
}

static uint32_t
write_atomic(x07_rt *rt, const struct place *place, x07_view data)
{
    struct replacement replacement;
    int error = rt_replace_open(rt, place, &replacement);

    if (error)
        return rt_fs_code(error);
    error = rt_write_all(replacement.fd, data);
    if (!error && fsync(replacement.fd))
        error = errno;
    return rt_fs_code(rt_replace_end(&replacement, error));
}

static uint32_t
write_place(x07_rt *rt, const struct place *place, const struct fs_caps *caps, x07_view data)
{
    uint32_t code = rt_fs_check_target(place, caps, false);

    if (code)
        return code;
    return caps->atomic ? write_atomic(rt, place, data)
                        : write_plain(place, data, caps->overwrite ? O_TRUNC : O_EXCL);
}

static uint32_t
append_place(const struct place *place, x07_view data)
{
    struct stat status;

    if (!rt_place_look(place, &status) && S_ISDIR(status.st_mode))
        return FS_IS_DIR;
    return write_plain(place, data, O_APPEND);
}

/* What both heads do: all checks that come before the file, then `append` or not. */
static x07_result_i32
put(x07_rt *rt, x07_bytes path, x07_bytes data, x07_bytes caps_document, bool append)
{
    struct fs_caps caps;
    struct place place;
    uint32_t len = data.len;
    uint32_t code = rt_fs_begin_write(rt, x07_view_of(caps_document), append, &caps);

    if (!code)
        code = rt_fs_place_to_write(rt, x07_view_of(path), &caps, len, &place);
    if (!code) {
        code = append ? append_place(&place, x07_view_of(data))
                      : write_place(rt, &place, &caps, x07_view_of(data));
        rt_place_close(&place);
    }
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, data);
    x07_drop_bytes(rt, caps_document);
    return fs_result(code, len);
}

x07_result_i32
x07_os_fs_write_all_v1(x07_rt *rt, x07_bytes path, x07_bytes data, x07_bytes caps)
{
    return put(rt, path, data, caps, false);
}

x07_result_i32
x07_os_fs_append_all_v1(x07_rt *rt, x07_bytes path, x07_bytes data, x07_bytes caps)
{
    return put(rt, path, data, caps, true);
}
