/* links.c: see links.h. Part of the plugin and of x07-vm-files. */
#include "links.h"

#include <string.h>

bool
link_stays_beneath(unsigned depth, const char *target)
{
    long left = depth;

    if (!target[0] || target[0] == '/')
        return false;
    for (const char *at = target; *at;) {
        size_t len = strcspn(at, "/");
        if (len == 2 && at[0] == '.' && at[1] == '.')
            left--;
        else if (len && !(len == 1 && at[0] == '.'))
            left++;
        if (left < 0)
            return false;
        at += len + (at[len] == '/');
    }
    return true;
}
