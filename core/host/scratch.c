/* scratch.c: temporary files of one command, all in one directory that ends with the host. */
#include "base/file.h"
#include "base/memory.h"
#include "host/internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct error *
host_scratch_path(struct host *host, const char *name, char **path)
{
    struct text file = {0};
    struct error *error = host->scratch ? NULL : file_make_temp_dir(NULL, &host->scratch);

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
