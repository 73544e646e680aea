/* sweep.c: what template builders leave in the cache when they are killed: folders "build-PID-...". */
#include "vm.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_building(const char *name)
{
    return strncmp(name, "build-", 6) == 0;
}

bool
template_is_being_built(const char *name)
{
    long pid = is_building(name) ? strtol(name + 6, NULL, 10) : 0;

    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

void
template_sweep(const struct settings *settings)
{
    DIR *directory = opendir(settings->cache);
    char path[PATH_MAX];

    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (is_building(entry->d_name) && !template_is_being_built(entry->d_name) &&
            snprintf(path, sizeof path, "%s/%s", settings->cache, entry->d_name) < (int)sizeof path)
            vm_remove_tree(path);
    if (directory)
        closedir(directory);
}
