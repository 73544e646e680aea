/* root_names.c: what a policy's root is called in the guest, and which cannot be granted there. */
#include "vm.h"

#include <stdio.h>
#include <string.h>

static bool
is_of_kernel(const char *path)
{
    static const char *const folders[] = {"/proc", "/sys", "/dev"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t len = strlen(folders[i]);
        if (strncmp(path, folders[i], len) == 0 && (path[len] == '/' || !path[len]))
            return true;
    }
    return strcmp(path, "/") == 0;
}

static x07_status
name_root(const x07_host *host, const char *directory, const char *root, char *path)
{
    char joined[PATH_MAX], *rest = joined, *part;
    size_t len = 0;
    x07_status status =
        root[0] == '/' ? vm_path(host, joined, "%s", root) : vm_path(host, joined, "%s/%s", directory, root);

    if (status != X07_OK)
        return status;
    path[0] = 0;
    while ((part = strsep(&rest, "/"))) {
        if (!part[0] || strcmp(part, ".") == 0)
            continue;
        if (strcmp(part, "..") == 0) {
            while (len && path[--len] != '/')
                ;
            path[len] = 0;
        } else {
            len += (size_t)sprintf(path + len, "/%s", part);
        }
    }
    if (!len)
        strcpy(path, "/");
    return X07_OK;
}

x07_status
root_name(const x07_host *host, const char *directory, const char *root, char *path)
{
    x07_status status = name_root(host, directory, root, path);

    if (status == X07_OK && is_of_kernel(path))
        return vm_fail(host, X07_E_POLICY, "E_VM_ROOTS",
                       "the sandbox backend \"vm\" cannot grant the root %s: the guest has its own", path);
    return status;
}

x07_status
root_not_a_folder(const x07_host *host, const char *path)
{
    return vm_fail(host, X07_E_POLICY, "E_VM_ROOTS",
                   "the sandbox backend \"vm\" cannot grant the write root %s: not a directory", path);
}
