/* data.c: the calls on open files and folders. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENTRIES_ROOM = 1 << 15 };

/* What getdents64 writes. */
struct entry {
    uint64_t inode;
    int64_t next;
    uint16_t size;
    uint8_t type;
    char name[];
};

static int
reply_handle(struct call *call, int file, bool is_folder)
{
    int64_t handle = handles_add(&call->server->handles, file, call->node->id, is_folder);

    if (handle < 0)
        return (int)handle;
    *(struct fuse_open_out *)(void *)call->out = (struct fuse_open_out){.fh = (uint64_t)handle};
    call->out_size = sizeof(struct fuse_open_out);
    return 0;
}

int
call_open(struct call *call)
{
    const struct fuse_open_in *in = (const void *)call->body;
    int flags = (int)in->flags & (O_ACCMODE | O_TRUNC | O_APPEND);
    struct stat found;

    if (!call->node)
        return -EACCES;
    if (!call->node->root->writable && (flags & (O_ACCMODE | O_TRUNC)))
        return -EROFS;
    int file = beneath_open(call->node, flags | O_NONBLOCK);
    if (file < 0)
        return file;
    if (fstat(file, &found) == 0 && S_ISREG(found.st_mode))
        return reply_handle(call, file, false);
    close(file);
    return -EACCES;
}

int
call_open_folder(struct call *call)
{
    int file = call->node ? beneath_open(call->node, O_RDONLY | O_DIRECTORY) : -EACCES;

    return file < 0 ? file : reply_handle(call, file, true);
}

int
call_read(struct call *call)
{
    const struct fuse_read_in *in = (const void *)call->body;
    int file = handles_file(&call->server->handles, in->fh, call->header->nodeid, false);

    if (file < 0)
        return file;
    if (in->size > FILES_WRITE_MAX || in->offset > INT64_MAX)
        return -EINVAL;
    while (call->out_size < in->size) {
        ssize_t count = pread(file, call->out + call->out_size, in->size - call->out_size,
                              (off_t)(in->offset + call->out_size));
        if (count < 0 && errno != EINTR)
            return -errno;
        if (count == 0)
            break;
        if (count > 0)
            call->out_size += (size_t)count;
    }
    return 0;
}

int
call_write(struct call *call)
{
    const struct fuse_write_in *in = (const void *)call->body;
    struct fuse_write_out *out = (struct fuse_write_out *)(void *)call->out;
    int file = handles_file(&call->server->handles, in->fh, call->header->nodeid, false);

    if (file < 0)
        return file;
    if (in->size != call->body_size - sizeof *in || in->offset > INT64_MAX)
        return -EINVAL;
    ssize_t count;
    do
        count = pwrite(file, call->body + sizeof *in, in->size, (off_t)in->offset);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return -errno;
    *out = (struct fuse_write_out){.size = (uint32_t)count};
    call->out_size = sizeof *out;
    return 0;
}

int
call_release(struct call *call)
{
    const struct fuse_release_in *in = (const void *)call->body;

    handles_close(&call->server->handles, in->fh, call->header->nodeid);
    return 0;
}

int
call_sync(struct call *call)
{
    const struct fuse_fsync_in *in = (const void *)call->body;
    bool is_folder = call->header->opcode == FUSE_FSYNCDIR;
    int file = handles_file(&call->server->handles, in->fh, call->header->nodeid, is_folder);

    if (file < 0)
        return file;
    return (in->fsync_flags & FUSE_FSYNC_FDATASYNC ? fdatasync(file) : fsync(file)) < 0 ? -errno : 0;
}

static bool
is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static void
put_entry(char *at, const struct entry *entry, size_t len)
{
    struct fuse_dirent *out = (struct fuse_dirent *)(void *)at;

    *out = (struct fuse_dirent){
        .ino = entry->inode, .off = (uint64_t)entry->next, .namelen = (uint32_t)len, .type = entry->type};
    memcpy(at + FUSE_NAME_OFFSET, entry->name, len);
}

/* With all that the guest would ask of the entry next. A node of 0 says that it must ask. */
static void
put_entry_plus(struct call *call, int folder, char *at, const struct entry *entry, size_t len)
{
    struct fuse_direntplus *out = (struct fuse_direntplus *)(void *)at;

    if (is_dots(entry->name) || call_entry(call, folder, entry->name, &out->entry_out) < 0)
        memset(&out->entry_out, 0, sizeof out->entry_out);
    put_entry(at + FUSE_NAME_OFFSET_DIRENTPLUS - FUSE_NAME_OFFSET, entry, len);
}

static int
read_folder(struct call *call, bool plus)
{
    const struct fuse_read_in *in = (const void *)call->body;
    size_t head = plus ? FUSE_NAME_OFFSET_DIRENTPLUS : FUSE_NAME_OFFSET;
    size_t room = in->size < FILES_WRITE_MAX ? in->size : FILES_WRITE_MAX;
    _Alignas(struct entry) char buffer[ENTRIES_ROOM];
    int folder = handles_file(&call->server->handles, in->fh, call->header->nodeid, true);

    if (folder < 0)
        return folder;
    if (lseek(folder, (off_t)in->offset, SEEK_SET) < 0)
        return -errno;
    for (;;) {
        long count = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
        if (count < 0)
            return -errno;
        if (count == 0)
            return 0;
        for (long at = 0; at < count;) {
            const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
            size_t len = strlen(entry->name);
            size_t size = FUSE_DIRENT_ALIGN(head + len);
            if (size > room - call->out_size)
                return 0;
            memset(call->out + call->out_size, 0, size);
            if (plus)
                put_entry_plus(call, folder, call->out + call->out_size, entry, len);
            else
                put_entry(call->out + call->out_size, entry, len);
            call->out_size += size;
            at += entry->size;
        }
    }
}

int
call_read_folder(struct call *call)
{
    return read_folder(call, false);
}

int
call_read_folder_plus(struct call *call)
{
    return call->node ? read_folder(call, true) : -EACCES;
}
