/* executables.c: what may be executed in the guest: the program, and what the policy lets it start, each with
 * the libraries that it needs. A prefix is the beginning of a path's text; what it matches now is what is
 * granted. */
#include "vm.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The disk holds more, but the guest would spend seconds on unpacking it. */
#define EXECUTABLES_MOST ((off_t)192 << 20)

static x07_status
add(struct payload *payload, struct libraries *libraries, const char *path)
{
    struct stat found;

    if (stat(path, &found) < 0 || !S_ISREG(found.st_mode) || access(path, X_OK) < 0)
        return X07_OK; /* a path that is not there grants nothing */
    x07_status status = libraries_add(payload, libraries, path);
    if (status == X07_OK)
        status = payload_add_place(payload, VM_PLACE_RUN, path);
    if (status == X07_OK && payload->end - libraries->start > EXECUTABLES_MOST)
        return vm_fail(
            payload->host, X07_E_POLICY, "E_VM_POLICY",
            "the executables that the policy grants take more than %lld MiB (at %s): the sandbox backend "
            "\"vm\" copies them into the guest",
            (long long)EXECUTABLES_MOST >> 20, path);
    return status;
}

/* The executables of one folder whose paths begin with the prefix. */
static x07_status
add_prefix(struct payload *payload, struct libraries *libraries, const char *prefix)
{
    const char *slash = strrchr(prefix, '/');
    int folder_len = slash ? (int)(slash - prefix + 1) : 0;
    const char *begin = prefix + folder_len;
    char folder[PATH_MAX], path[PATH_MAX];
    x07_status status = vm_path(payload->host, folder, "%.*s", folder_len, prefix);
    DIR *directory = status == X07_OK ? opendir(folder[0] ? folder : ".") : NULL;

    for (struct dirent *entry; directory && status == X07_OK && (entry = readdir(directory));)
        if (strncmp(entry->d_name, begin, strlen(begin)) == 0 &&
            snprintf(path, sizeof path, "%s%s", folder, entry->d_name) < (int)sizeof path)
            status = add(payload, libraries, path);
    if (directory)
        closedir(directory);
    return status;
}

static x07_status
add_grants(struct payload *payload, struct libraries *libraries, const x07_grants *grants)
{
    x07_status status = X07_OK;

    for (size_t i = 0; status == X07_OK && grants->executables[i]; i++)
        status = add(payload, libraries, grants->executables[i]);
    for (size_t i = 0; status == X07_OK && grants->executable_prefixes[i]; i++)
        status = add_prefix(payload, libraries, grants->executable_prefixes[i]);
    return status;
}

x07_status
executables_add(struct payload *payload, const x07_grants *grants, const char *program)
{
    struct libraries *libraries = calloc(1, sizeof *libraries);

    if (!libraries)
        abort();
    libraries->start = payload->end;
    x07_status status = libraries_add(payload, libraries, program);
    if (status == X07_OK)
        status = payload_add_place(payload, VM_PLACE_RUN, program);
    if (status == X07_OK && grants && grants->flags & X07_GRANT_SPAWN)
        status = add_grants(payload, libraries, grants);
    libraries_free(libraries);
    free(libraries);
    return status;
}
