/* file_tree.c: see file.h. Folders and paths; knows nothing of what is in a file. */
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct error *
file_make_dirs(const char *path)
{
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && file_is_dir(path)))
        return NULL;
    if (errno != ENOENT)
        return error_errno("E_FILE_WRITE", "%s", path);
    char *parent = file_parent(path);
    if (!parent[0] || strcmp(parent, path) == 0) {
        free(parent);
        errno = ENOENT;
        return error_errno("E_FILE_WRITE", "%s", path);
    }
    struct error *error = file_make_dirs(parent);
    free(parent);
    if (!error && mkdir(path, 0777) < 0 && !(errno == EEXIST && file_is_dir(path)))
        error = error_errno("E_FILE_WRITE", "%s", path);
    return error;
}

struct error *
file_make_temp_dir(const char *base, char **path)
{
    const char *dir = base;

    if (!dir)
        dir = getenv("TMPDIR");
    if (!dir || !dir[0])
        dir = "/tmp";
    char *template = file_join(dir, "x07.XXXXXX");
    if (!mkdtemp(template)) {
        struct error *error = error_errno("E_FILE_WRITE", "%s", dir);
        free(template);
        return error;
    }
    *path = template;
    return NULL;
}

static int
remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

/* Folders that their owner may not write to cannot be emptied. */
static int
open_folder(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)where;
    if (kind == FTW_D && (status->st_mode & S_IRWXU) != S_IRWXU)
        chmod(path, status->st_mode | S_IRWXU);
    return 0;
}

void
file_remove_tree(const char *path)
{
    nftw(path, open_folder, 16, FTW_PHYS);
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

bool
file_is_regular(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool
file_is_dir(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

char *
file_find_upward(const char *path)
{
    char *at = path[0] == '/' ? NULL : realpath(".", NULL);

    while (at) {
        char *candidate = file_join(at, path);
        if (access(candidate, F_OK) == 0) {
            free(at);
            return candidate;
        }
        free(candidate);
        char *parent = strcmp(at, "/") == 0 ? NULL : file_parent(at);
        free(at);
        at = parent;
    }
    return memory_string(path);
}

char *
file_join(const char *dir, const char *name)
{
    struct text path = {0};

    text_puts(&path, dir);
    if (path.len && path.data[path.len - 1] != '/')
        text_putc(&path, '/');
    text_puts(&path, name);
    return text_take(&path);
}

char *
file_parent(const char *path)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return memory_copy(path, len);
}
