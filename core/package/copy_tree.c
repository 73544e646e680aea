/* copy_tree.c: see copy_tree.h. */
#include "package/copy_tree.h"

#include "base/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct error *
copy_entry(const char *from, const char *to)
{
    struct stat status;

    if (lstat(from, &status) < 0)
        return error_errno("E_FILE_READ", "%s", from);
    if (S_ISREG(status.st_mode))
        return file_copy(from, to);
    if (!S_ISDIR(status.st_mode))
        return error_new("E_COPY", "%s: neither a file nor a directory", from);
    struct error *error = file_make_dirs(to);
    return error ? error : copy_tree(from, to);
}

struct error *
copy_tree(const char *from, const char *to)
{
    DIR *dir = opendir(from);
    struct error *error = NULL;
    const struct dirent *entry;

    if (!dir)
        return error_errno("E_FILE_READ", "%s", from);
    while (!error && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *supply = file_join(from, entry->d_name), *target = file_join(to, entry->d_name);
        error = copy_entry(supply, target);
        free(supply);
        free(target);
    }
    closedir(dir);
    return error;
}
