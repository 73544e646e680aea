/* scratch.c: temporary files of one command, all in one directory that ends with the host.
 *
 * A host that is killed leaves it behind. So all of a user's lie in one directory, and each host holds a lock
 * on its own: whoever makes another removes those that nobody holds any more. */
#include "base/file.h"
#include "base/memory.h"
#include "host/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 4, PLACE = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* The directory of all of this user's, made where there is none. NULL: another has taken its name. */
static char *
find_parent(void)
{
    const char *temporary = getenv("TMPDIR");
    struct text path = {0};
    struct stat info;

    text_printf(&path, "%s/x07-scratch-%lu", temporary && temporary[0] ? temporary : "/tmp",
                (unsigned long)geteuid());
    mkdir(text_string(&path), 0700);
    if (lstat(text_string(&path), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
        (info.st_mode & 077) == 0)
        return text_take(&path);
    text_free(&path);
    return NULL;
}

/* A descriptor that holds the directory, or -1: somebody else does, or it is gone. */
static int
hold(int parent, const char *name)
{
    struct stat held;
    struct stat named;
    int fd = openat(parent, name, PLACE);

    if (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &held) ||
                    fstatat(parent, name, &named, AT_SYMLINK_NOFOLLOW) || held.st_ino != named.st_ino)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void
sweep(int parent, const char *path)
{
    int copy = fcntl(parent, F_DUPFD_CLOEXEC, 0);
    DIR *names = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;

    while (names && (entry = readdir(names))) {
        int held = entry->d_name[0] == '.' ? -1 : hold(parent, entry->d_name);
        if (held < 0)
            continue;
        char *left = file_join(path, entry->d_name);
        file_remove_tree(left);
        free(left);
        close(held);
    }
    if (names)
        closedir(names);
}

/* Makes a directory in `parent` and holds it. False: somebody was quicker, or there is no room. */
static bool
make_held(struct host *host, char *parent)
{
    int fd = open(parent, PLACE);
    char *path = file_join(parent, "XXXXXX");

    if (fd >= 0)
        sweep(fd, parent);
    host->scratch_lock = fd >= 0 && mkdtemp(path) ? hold(fd, strrchr(path, '/') + 1) : -1;
    if (host->scratch_lock >= 0) {
        host->scratch = path;
    } else {
        rmdir(path); /* of a file system without locks */
        free(path);
    }
    if (fd >= 0)
        close(fd);
    return host->scratch != NULL;
}

static struct error *
make_scratch(struct host *host)
{
    for (int i = 0; i < TRIES && !host->scratch; i++) {
        char *parent = find_parent();
        if (!parent)
            break;
        make_held(host, parent);
        free(parent);
    }
    return host->scratch ? NULL : file_make_temp_dir(NULL, &host->scratch);
}

void
host_scratch_end(struct host *host)
{
    if (!host->scratch)
        return;
    file_remove_tree(host->scratch);
    if (host->scratch_lock >= 0) {
        close(host->scratch_lock);
        *strrchr(host->scratch, '/') = '\0';
        rmdir(host->scratch); /* where it was the last */
    }
    free(host->scratch);
    host->scratch = NULL;
}

struct error *
host_scratch_path(struct host *host, const char *name, char **path)
{
    struct text file = {0};
    struct error *error = host->scratch ? NULL : make_scratch(host);

    if (error)
        return error_wrap(error, "temporary directory");
    text_printf(&file, "%s/%u-%s", host->scratch, host->scratch_count++, name ? name : "tmp");
    *path = text_take(&file);
    return NULL;
}

static x07_status
make_temporary(const x07_host *table, const char *name, bool directory, char **path)
{
    struct host *host = host_of(table);

    if (!path || (name && strchr(name, '/')))
        return table->fail(table, X07_E_ARGUMENT, "E_TEMPORARY_NAME", "temporary file: bad name");
    struct error *error = host_scratch_path(host, name, path);
    if (error)
        return host_fail_error(host, X07_E_IO, error);
    int made = directory ? mkdir(*path, 0700) : open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        error = error_errno("E_TEMPORARY", "temporary file: %s", *path);
        free(*path);
        *path = NULL;
        return host_fail_error(host, X07_E_IO, error);
    }
    if (!directory)
        close(made);
    return X07_OK;
}

x07_status
host_temporary_file(const x07_host *table, const char *name, char **path)
{
    return make_temporary(table, name, false, path);
}

x07_status
host_temporary_directory(const x07_host *table, const char *name, char **path)
{
    return make_temporary(table, name, true, path);
}
