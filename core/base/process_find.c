/* process_find.c: where executables are: those on PATH, and our own. */
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
process_find(const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/'))
        return access(name, X_OK) == 0 && file_is_regular(name) ? memory_string(name) : NULL;
    if (!path)
        path = "/usr/local/bin:/usr/bin:/bin";
    while (name[0]) {
        size_t len = strcspn(path, ":");
        char *dir = memory_copy(path, len);
        char *candidate = file_join(len ? dir : ".", name);
        free(dir);
        if (access(candidate, X_OK) == 0 && file_is_regular(candidate))
            return candidate;
        free(candidate);
        if (!path[len])
            break;
        path += len + 1;
    }
    return NULL;
}

char *
process_self(void)
{
    return realpath("/proc/self/exe", NULL);
}
