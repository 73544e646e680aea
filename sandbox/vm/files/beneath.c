/* beneath.c: from a node to an open file. The kernel resolves the whole path beneath the root, through no
 * link, whatever lies there by now. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static int
open_beneath(int folder, const char *path, int flags, mode_t mode)
{
    struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
                           .mode = flags & O_CREAT ? mode & 0777 : 0,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    long file;

    do /* something was renamed meanwhile: EAGAIN */
        file = syscall(SYS_openat2, folder, path, &how, sizeof how);
    while (file < 0 && (errno == EAGAIN || errno == EINTR));
    return file < 0 ? -errno : (int)file;
}

/* The node's path within its root, at the end of `room`. NULL: it leads nowhere, or is too long. */
static const char *
path_of(const struct node *node, char *room)
{
    char *at = room + PATH_ROOM - 1;

    *at = 0;
    if (!node->name)
        return node->root->file ? node->root->file : ".";
    for (; node->name; node = node->parent) {
        size_t len = strlen(node->name);
        if (!node->parent || (size_t)(at - room) < len + 1)
            return NULL;
        if (*at)
            *--at = '/';
        at -= len;
        memcpy(at, node->name, len);
    }
    return at;
}

int
beneath_open(const struct node *node, int flags)
{
    char room[PATH_ROOM];
    const char *path = path_of(node, room);

    if (node->root->folder < 0)
        return -ENOENT;
    return path ? open_beneath(node->root->folder, path, flags, 0) : -ESTALE;
}

int
beneath_open_name(int folder, const char *name, int flags, mode_t mode)
{
    return open_beneath(folder, name, flags, mode);
}

unsigned
beneath_depth(const struct node *node)
{
    unsigned depth = 0;

    for (; node->parent; node = node->parent)
        depth++;
    return depth;
}
