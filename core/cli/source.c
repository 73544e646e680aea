/* source.c: see source.h. */
#include "cli/source.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

struct error *
source_read(struct source *source, const char *path)
{
    int fd;
    int64_t size;
    struct error *error = file_open_input(path, &fd, &size);

    source->path = path;
    if (error)
        return error;
    if (fstat(fd, &source->status) < 0)
        error = error_errno("E_FILE_READ", "%s", path);
    else
        error = file_read_fd(fd, path, FILE_NO_LIMIT, &source->text);
    close(fd);
    return error;
}

static bool
same_file(const struct stat *left, const struct stat *right)
{
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino &&
           left->st_size == right->st_size && left->st_mtim.tv_sec == right->st_mtim.tv_sec &&
           left->st_mtim.tv_nsec == right->st_mtim.tv_nsec;
}

/* Whether the file may still be replaced. */
static struct error *
check_target(const struct source *source)
{
    struct stat now;

    if (stat(source->path, &now) < 0 || faccessat(AT_FDCWD, source->path, W_OK, AT_EACCESS) < 0)
        return error_errno("E_FILE_WRITE", "%s", source->path);
    if (!S_ISREG(now.st_mode))
        return error_new("E_FILE_WRITE", "%s: not a regular file", source->path);
    if (!same_file(&now, &source->status))
        return error_new("E_FILE_CHANGED", "%s: changed while it was being worked on", source->path);
    return NULL;
}

/* Owner first: changing it may clear bits of the mode. */
static struct error *
keep_owner(const struct source *source, int fd)
{
    const struct stat *was = &source->status;
    struct stat now;

    if (fstat(fd, &now) < 0)
        return error_errno("E_FILE_WRITE", "%s", source->path);
    if (now.st_uid == was->st_uid && now.st_gid == was->st_gid)
        return NULL;
    if (fchown(fd, was->st_uid, was->st_gid) < 0)
        return error_errno("E_FILE_WRITE", "%s: cannot keep its owner", source->path);
    if (fchmod(fd, was->st_mode & 07777) < 0)
        return error_errno("E_FILE_WRITE", "%s", source->path);
    return NULL;
}

struct error *
source_replace(const struct source *source, const char *data, size_t len)
{
    struct file_draft draft;
    struct error *error = check_target(source);

    if (!error)
        error = file_draft_open(&draft, source->path, 0666);
    if (error)
        return error;
    error = keep_owner(source, draft.fd);
    if (!error)
        error = file_write_fd(draft.fd, source->path, data, len);
    if (!error)
        error = check_target(source);
    if (!error)
        return file_draft_commit(&draft, true);
    file_draft_discard(&draft);
    return error;
}

void
source_free(struct source *source)
{
    text_free(&source->text);
}
