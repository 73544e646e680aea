/* file.c: see file.h. What is in files; file_tree.c has folders and paths. */
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK = 256 * 1024, SYMLINK_DEPTH = 8, DRAFT_TRIES = 1000 };

static ssize_t
read_some(int fd, void *data, size_t len)
{
    ssize_t got;

    do
        got = read(fd, data, len);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Looks into a pipe opened without waiting, taking nothing from it: its end at once means that nobody writes.
 */
static struct error *
check_pipe_writer(int fd, const char *path)
{
    int scratch[2];

    if (pipe2(scratch, O_CLOEXEC) < 0)
        return error_errno("E_FILE_READ", "%s", path);
    ssize_t seen = tee(fd, scratch[1], 1, SPLICE_F_NONBLOCK);
    close(scratch[0]);
    close(scratch[1]);
    return seen == 0 ? error_new("E_FILE_READ", "%s: the named pipe has no writer", path) : NULL;
}

struct error *
file_open_input(const char *path, int *result, int64_t *size)
{
    struct stat status;
    struct error *error = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return error_errno("E_FILE_READ", "%s", path);
    if (fstat(fd, &status) < 0) {
        error = error_errno("E_FILE_READ", "%s", path);
    } else if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        error = error_errno("E_FILE_READ", "%s", path);
    } else if (S_ISFIFO(status.st_mode)) {
        error = check_pipe_writer(fd, path);
    }
    if (error) {
        close(fd);
        return error;
    }
    /* For a regular file it makes no difference. */
    int flags = S_ISREG(status.st_mode) ? -1 : fcntl(fd, F_GETFL);
    if (flags >= 0)
        fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    *result = fd;
    *size = S_ISREG(status.st_mode) ? (int64_t)status.st_size : -1;
    return NULL;
}

/* `size` of a regular file, or -1. */
static struct error *
read_all(int fd, const char *name, int64_t size, uint64_t limit, struct text *out)
{
    size_t start = out->len, want = READ_CHUNK, whole = 0;

    /* One byte more than the file has, so that the end is seen without growing. */
    if (size > 0 && (uint64_t)size <= limit)
        want = (whole = (size_t)size) + 1;
    for (;;) {
        text_reserve(out, want);
        ssize_t got = read_some(fd, out->data + out->len, want);
        if (got < 0)
            return error_errno("E_FILE_READ", "%s", name);
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        if (out->len - start > limit)
            return error_new("E_FILE_LIMIT", "%s: file is larger than the limit of %llu bytes", name,
                             (unsigned long long)limit);
        /* A regular file that gave one byte less than was asked for has given all. */
        if (got == 0 || (whole && out->len - start == whole))
            return NULL;
        want = out->capacity - out->len > READ_CHUNK ? out->capacity - out->len - 1 : READ_CHUNK;
    }
}

struct error *
file_read_fd(int fd, const char *name, uint64_t limit, struct text *out)
{
    struct stat status;
    bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

    return read_all(fd, name, regular ? (int64_t)status.st_size : -1, limit, out);
}

struct error *
file_read(const char *path, uint64_t limit, struct text *out)
{
    int fd = -1;
    int64_t size = -1;
    struct error *error = file_open_input(path, &fd, &size);

    if (error)
        return error;
    if (size >= 0 && (uint64_t)size > limit)
        error = error_new("E_FILE_LIMIT", "%s: file is larger than the limit of %llu bytes", path,
                          (unsigned long long)limit);
    else
        error = read_all(fd, path, size, limit, out);
    close(fd);
    return error;
}

struct error *
file_write_fd(int fd, const char *name, const void *data, size_t len)
{
    const char *next = data;

    while (len) {
        ssize_t written = write(fd, next, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_errno("E_FILE_WRITE", "%s", name);
        next += written;
        len -= (size_t)written;
    }
    return NULL;
}

/* The path behind `path` when it is a symbolic link, dangling or not; otherwise a copy of it. */
static char *
follow_links(const char *path)
{
    char *current = memory_string(path);

    for (int depth = 0; depth < SYMLINK_DEPTH; depth++) {
        char link[4096];
        ssize_t len = readlink(current, link, sizeof link - 1);
        if (len < 0)
            break;
        link[len] = '\0';
        char *dir = link[0] == '/' ? memory_string("") : file_parent(current);
        char *next = file_join(dir, link);
        free(dir);
        free(current);
        current = next;
    }
    return current;
}

static struct error *
draft_create(struct file_draft *draft, mode_t mode)
{
    char *dir = file_parent(draft->target);
    struct error *error = dir[0] ? file_make_dirs(dir) : NULL;
    const char *slash = strrchr(draft->target, '/');
    const char *name = slash ? slash + 1 : draft->target;

    for (int n = 0; !error && draft->fd < 0 && n < DRAFT_TRIES; n++) {
        struct text path = {0};
        if (slash)
            text_append(&path, draft->target, (size_t)(slash + 1 - draft->target));
        text_printf(&path, ".%s.%ld.%d.tmp", name, (long)getpid(), n);
        draft->fd = open(text_string(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (draft->fd >= 0)
            draft->temporary = text_take(&path);
        else if (errno != EEXIST || n == DRAFT_TRIES - 1)
            error = error_errno("E_FILE_WRITE", "%s", draft->target);
        text_free(&path);
    }
    free(dir);
    return error;
}

struct error *
file_draft_open(struct file_draft *draft, const char *target, mode_t mode)
{
    struct stat status;
    struct error *error = NULL;
    bool exists = stat(target, &status) == 0;

    *draft = (struct file_draft){.fd = -1, .target = follow_links(target)};
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        error = error_errno("E_FILE_WRITE", "%s", target);
    } else if (exists && !S_ISREG(status.st_mode)) {
        draft->fd = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (draft->fd < 0)
            error = error_errno("E_FILE_WRITE", "%s", target);
        else
            fcntl(draft->fd, F_SETFL, fcntl(draft->fd, F_GETFL) & ~O_NONBLOCK);
    } else {
        error = draft_create(draft, mode);
        if (!error && exists)
            fchmod(draft->fd, status.st_mode & 07777);
    }
    if (error)
        file_draft_discard(draft);
    return error;
}

struct error *
file_draft_commit(struct file_draft *draft, bool durable)
{
    struct error *error = NULL;

    if (draft->temporary && durable && fsync(draft->fd) < 0)
        error = error_errno("E_FILE_WRITE", "%s", draft->target);
    int closed = close(draft->fd);
    draft->fd = -1;
    if (!error && closed < 0)
        error = error_errno("E_FILE_WRITE", "%s", draft->target);
    if (!error && draft->temporary) {
        if (rename(draft->temporary, draft->target) < 0) {
            error = error_errno("E_FILE_WRITE", "%s", draft->target);
        } else {
            free(draft->temporary);
            draft->temporary = NULL;
        }
    }
    file_draft_discard(draft);
    return error;
}

void
file_draft_discard(struct file_draft *draft)
{
    if (draft->fd >= 0)
        close(draft->fd);
    if (draft->temporary)
        unlink(draft->temporary);
    free(draft->temporary);
    free(draft->target);
    *draft = (struct file_draft){.fd = -1};
}

struct error *
file_replace(const char *target, const void *data, size_t len, mode_t mode)
{
    struct file_draft draft;
    struct error *error = file_draft_open(&draft, target, mode);

    if (error)
        return error;
    error = file_write_fd(draft.fd, target, data, len);
    if (error) {
        file_draft_discard(&draft);
        return error;
    }
    return file_draft_commit(&draft, true);
}

static struct error *
copy_bytes(int from, int to, const char *name)
{
    for (;;) {
        ssize_t sent = sendfile(to, from, NULL, 1 << 30);
        if (sent == 0)
            return NULL;
        if (sent < 0 && errno != EINTR)
            return error_errno("E_FILE_WRITE", "%s", name);
    }
}

struct error *
file_copy(const char *from, const char *to)
{
    struct stat status;
    struct file_draft draft;
    int fd = -1;
    int64_t size = -1;
    struct error *error = file_open_input(from, &fd, &size);

    if (error)
        return error;
    if (fstat(fd, &status) < 0)
        status.st_mode = 0600;
    error = file_draft_open(&draft, to, status.st_mode & 0777);
    if (!error) {
        error = copy_bytes(fd, draft.fd, to);
        if (error) {
            file_draft_discard(&draft);
        } else {
            fchmod(draft.fd, status.st_mode & 0777);
            error = file_draft_commit(&draft, false);
        }
    }
    close(fd);
    return error;
}
