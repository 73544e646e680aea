/* directories.c: os.fs.mkdirs_v1, remove_file_v1, remove_dir_all_v1, rename_v1 and stat_v1. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "caps.h"
#include "document.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Ends a head: drops its operands. */
static x07_result_i32
finish(x07_rt *rt, uint32_t code, x07_bytes path, x07_bytes caps)
{
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, caps);
    return fs_result(code, 1);
}

x07_result_i32
x07_os_fs_mkdirs_v1(x07_rt *rt, x07_bytes path, x07_bytes caps_document)
{
    struct fs_caps caps;
    char *clean;
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), FS_NEED_MKDIR, &caps);

    if (!code)
        code = rt_fs_clean(rt, x07_view_of(path), &clean);
    if (!code) {
        code = rt_fs_code(rt_place_directories(rt, clean, rt_policy(rt)->write_roots));
        free(clean);
    }
    return finish(rt, code, path, caps_document);
}

static uint32_t
remove_file(const struct place *place)
{
    struct stat status;
    int error = rt_place_look(place, &status);

    if (error)
        return rt_fs_code(error);
    if (S_ISDIR(status.st_mode))
        return FS_IS_DIR;
    return unlinkat(place->dir, place->name, 0) ? rt_fs_code(errno) : FS_OK;
}

static int remove_tree(int dir, const char *name);

/* Removes what is in the directory, which the call closes. Links in it are removed, never followed. */
static int
remove_entries(int fd)
{
    DIR *entries = fdopendir(fd);
    struct dirent *entry;
    int error = 0;

    if (!entries) {
        error = errno;
        close(fd);
        return error;
    }
    while (!error && (errno = 0, entry = readdir(entries))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (unlinkat(dirfd(entries), entry->d_name, 0)) {
            error = errno;
            if (error == EISDIR)
                error = remove_tree(dirfd(entries), entry->d_name);
        }
    }
    if (!error)
        error = errno;
    closedir(entries);
    return error;
}

static int
remove_tree(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int error = fd < 0 ? errno : remove_entries(fd);

    if (!error && unlinkat(dir, name, AT_REMOVEDIR))
        error = errno;
    return error;
}

static uint32_t
remove_directory(const struct place *place)
{
    struct stat status;
    int error = rt_place_look(place, &status);

    if (error)
        return rt_fs_code(error);
    if (!S_ISDIR(status.st_mode))
        return FS_NOT_DIR;
    /* Of a link to a directory, the link goes. */
    if (!fstatat(place->dir, place->name, &status, AT_SYMLINK_NOFOLLOW) && S_ISLNK(status.st_mode))
        return unlinkat(place->dir, place->name, 0) ? rt_fs_code(errno) : FS_OK;
    return rt_fs_code(remove_tree(place->dir, place->name));
}

static x07_result_i32
remove_with(x07_rt *rt, x07_bytes path, x07_bytes caps_document, uint32_t (*remove)(const struct place *))
{
    struct fs_caps caps;
    struct place place;
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), FS_NEED_REMOVE, &caps);

    if (!code)
        code = rt_fs_place(rt, x07_view_of(path), true, false, &place);
    if (!code) {
        code = remove(&place);
        rt_place_close(&place);
    }
    return finish(rt, code, path, caps_document);
}

x07_result_i32
x07_os_fs_remove_file_v1(x07_rt *rt, x07_bytes path, x07_bytes caps)
{
    return remove_with(rt, path, caps, remove_file);
}

x07_result_i32
x07_os_fs_remove_dir_all_v1(x07_rt *rt, x07_bytes path, x07_bytes caps)
{
    return remove_with(rt, path, caps, remove_directory);
}

/* Both paths are checked before anything is said of what lies there. */
static uint32_t
rename_place(x07_rt *rt, const struct place *from, uint32_t from_code, x07_view to)
{
    struct place place;
    uint32_t code = rt_fs_place(rt, to, true, false, &place);

    if (code)
        return from_code && code >= FS_NOT_FOUND ? from_code : code;
    if (!from_code && renameat(from->dir, from->name, place.dir, place.name))
        from_code = rt_fs_code(errno);
    rt_place_close(&place);
    return from_code;
}

x07_result_i32
x07_os_fs_rename_v1(x07_rt *rt, x07_bytes from, x07_bytes to, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), FS_NEED_RENAME, &caps);

    if (!code) {
        code = rt_fs_place(rt, x07_view_of(from), true, false, &place);
        bool open = !code;

        if (!code || code >= FS_NOT_FOUND)
            code = rename_place(rt, &place, code, x07_view_of(to));
        if (open)
            rt_place_close(&place);
    }
    x07_drop_bytes(rt, to);
    return finish(rt, code, from, caps_document);
}

enum { STAT_VERSION = 1, STAT_SIZE = 16 };
enum { KIND_MISSING, KIND_FILE, KIND_DIRECTORY, KIND_LINK, KIND_OTHER };

static uint32_t
saturated(int64_t value)
{
    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static uint32_t
kind_of(mode_t mode)
{
    return S_ISREG(mode)   ? KIND_FILE
           : S_ISDIR(mode) ? KIND_DIRECTORY
           : S_ISLNK(mode) ? KIND_LINK
                           : KIND_OTHER;
}

static x07_bytes
stat_document(x07_rt *rt, const struct stat *status)
{
    x07_bytes out = x07_bytes_alloc(rt, STAT_SIZE);

    document_put_u32(out.ptr, STAT_VERSION);
    if (!status)
        return out;
    document_put_u32(out.ptr + 4, kind_of(status->st_mode));
    if (S_ISREG(status->st_mode))
        document_put_u32(out.ptr + 8, saturated(status->st_size));
    document_put_u32(out.ptr + 12, saturated(status->st_mtim.tv_sec));
    return out;
}

x07_result_bytes
x07_os_fs_stat_v1(x07_rt *rt, x07_bytes path, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    struct stat status;
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), 0, &caps);

    if (!code)
        code = rt_fs_place(rt, x07_view_of(path), false, false, &place);
    if (!code) {
        if (fstatat(place.dir, place.name, &status, AT_SYMLINK_NOFOLLOW))
            code = rt_fs_code(errno);
        rt_place_close(&place);
    }
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, caps_document);
    if (code && code != FS_NOT_FOUND)
        return fs_failure(code);
    return (x07_result_bytes){1, 0, stat_document(rt, code ? NULL : &status)};
}
