/* status.c: the calls on what files are: attributes, access, space. */
#include "../protocol.h"
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096, TIMES_SET = FATTR_ATIME | FATTR_MTIME | FATTR_ATIME_NOW | FATTR_MTIME_NOW };

/* What belongs to us belongs to the guest's program, all else to its root. */
void
call_fill_attributes(const struct stat *found, struct fuse_attr *attributes)
{
    uint32_t owner = found->st_uid == geteuid() ? VM_GUEST_USER : 0;

    *attributes = (struct fuse_attr){
        .ino = found->st_ino,
        .size = (uint64_t)found->st_size,
        .blocks = (uint64_t)found->st_blocks,
        .atime = (uint64_t)found->st_atim.tv_sec,
        .mtime = (uint64_t)found->st_mtim.tv_sec,
        .ctime = (uint64_t)found->st_ctim.tv_sec,
        .atimensec = (uint32_t)found->st_atim.tv_nsec,
        .mtimensec = (uint32_t)found->st_mtim.tv_nsec,
        .ctimensec = (uint32_t)found->st_ctim.tv_nsec,
        .mode = found->st_mode & (S_IFMT | 0777),
        .nlink = (uint32_t)found->st_nlink,
        .uid = owner,
        .gid = owner,
        .blksize = BLOCK,
    };
}

static int
reply_attributes(struct call *call, const struct stat *found)
{
    struct fuse_attr_out *out = (struct fuse_attr_out *)(void *)call->out;

    *out = (struct fuse_attr_out){.attr_valid_nsec = FILES_VALID_NS};
    call_fill_attributes(found, &out->attr);
    call->out_size = sizeof *out;
    return 0;
}

/* The folder of all roots; only the guest's init sees it. */
static int
reply_topmost(struct call *call)
{
    const struct stat topmost = {.st_ino = FUSE_ROOT_ID, .st_mode = S_IFDIR | 0555, .st_nlink = 2};

    return reply_attributes(call, &topmost);
}

int
call_get_attributes(struct call *call)
{
    const struct fuse_getattr_in *in = (const void *)call->body;
    struct stat found;
    int file = -1;

    if (!call->node)
        return reply_topmost(call);
    if (in->getattr_flags & FUSE_GETATTR_FH)
        file = handles_file(&call->server->handles, in->fh, call->node->id, false);
    if (file < 0 && call->node->name && !call->node->parent)
        file = handles_of(&call->server->handles, call->node->id);
    if (file >= 0)
        return fstat(file, &found) < 0 ? -errno : reply_attributes(call, &found);
    file = beneath_open(call->node, O_PATH);
    if (file < 0)
        return file;
    int failed = fstat(file, &found) < 0 ? -errno : reply_attributes(call, &found);
    close(file);
    return failed;
}

static int
set_mode(int file, uint32_t mode)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return chmod(path, mode & 0777) < 0 ? -errno : 0;
}

static int
set_times(int file, const struct fuse_setattr_in *in)
{
    struct timespec times[2] = {{.tv_sec = (time_t)in->atime, .tv_nsec = in->atimensec},
                                {.tv_sec = (time_t)in->mtime, .tv_nsec = in->mtimensec}};

    if (!(in->valid & FATTR_ATIME))
        times[0].tv_nsec = UTIME_OMIT;
    if (!(in->valid & FATTR_MTIME))
        times[1].tv_nsec = UTIME_OMIT;
    if (in->valid & FATTR_ATIME_NOW)
        times[0].tv_nsec = UTIME_NOW;
    if (in->valid & FATTR_MTIME_NOW)
        times[1].tv_nsec = UTIME_NOW;
    return utimensat(file, "", times, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

/* An open file serves even when nothing leads to it any more. */
static int
set_size(struct call *call, const struct fuse_setattr_in *in)
{
    int file =
        in->valid & FATTR_FH ? handles_file(&call->server->handles, in->fh, call->node->id, false) : -1;

    if (in->size > INT64_MAX)
        return -EINVAL;
    if (file >= 0)
        return ftruncate(file, (off_t)in->size) < 0 ? -errno : 0;
    file = beneath_open(call->node, O_WRONLY | O_NONBLOCK);
    if (file < 0)
        return file;
    int failed = ftruncate(file, (off_t)in->size) < 0 ? -errno : 0;
    close(file);
    return failed;
}

static int
set_on(int file, const struct fuse_setattr_in *in)
{
    struct stat found;
    int failed = 0;

    if (fstat(file, &found) < 0)
        return -errno;
    uint32_t owner = found.st_uid == geteuid() ? VM_GUEST_USER : 0;
    if (((in->valid & FATTR_UID) && in->uid != owner) || ((in->valid & FATTR_GID) && in->gid != owner))
        return -EPERM;
    if (in->valid & FATTR_MODE)
        failed = set_mode(file, in->mode);
    if (!failed && (in->valid & TIMES_SET))
        failed = set_times(file, in);
    return failed;
}

int
call_set_attributes(struct call *call)
{
    const struct fuse_setattr_in *in = (const void *)call->body;
    struct stat found;
    int failed = 0;

    if (!call->node || !call->node->root->writable)
        return -EROFS;
    if (in->valid & FATTR_SIZE)
        failed = set_size(call, in);
    if (failed)
        return failed;
    int file = beneath_open(call->node, O_PATH);
    if (file < 0) { /* it is open, and gone by its name */
        int open_file = handles_of(&call->server->handles, call->node->id);
        file = open_file < 0 ? file : fcntl(open_file, F_DUPFD_CLOEXEC, 0);
    }
    if (file < 0)
        return file;
    failed = set_on(file, in);
    if (!failed)
        failed = fstat(file, &found) < 0 ? -errno : reply_attributes(call, &found);
    close(file);
    return failed;
}

int
call_access(struct call *call)
{
    const struct fuse_access_in *in = (const void *)call->body;

    if (!call->node)
        return 0;
    if ((in->mask & W_OK) && !call->node->root->writable)
        return -EROFS;
    int file = beneath_open(call->node, O_PATH);
    if (file < 0)
        return file;
    int failed = faccessat(file, "", (int)(in->mask & (R_OK | W_OK | X_OK)), AT_EMPTY_PATH | AT_EACCESS) < 0
                     ? -errno
                     : 0;
    close(file);
    return failed;
}

int
call_space(struct call *call)
{
    struct fuse_statfs_out *out = (struct fuse_statfs_out *)(void *)call->out;
    struct statfs found;
    int file = call->node ? beneath_open(call->node, O_PATH) : -ENOENT;

    *out = (struct fuse_statfs_out){.st = {.bsize = BLOCK, .frsize = BLOCK, .namelen = FILES_NAME_MAX}};
    call->out_size = sizeof *out;
    if (file < 0)
        return 0;
    if (fstatfs(file, &found) == 0)
        out->st = (struct fuse_kstatfs){.blocks = found.f_blocks,
                                        .bfree = found.f_bfree,
                                        .bavail = found.f_bavail,
                                        .files = found.f_files,
                                        .ffree = found.f_ffree,
                                        .bsize = (uint32_t)found.f_bsize,
                                        .frsize = (uint32_t)found.f_frsize,
                                        .namelen = FILES_NAME_MAX};
    close(file);
    return 0;
}
