/* tree.c: see tree.h. */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int
tree_copy(const char *path)
{
    return (int)syscall(SYS_open_tree, AT_FDCWD, path,
                        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (unsigned)AT_RECURSIVE);
}

int
tree_copy_beneath(const char *above, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    int directory = open(above, O_PATH | O_CLOEXEC | O_DIRECTORY);
    int place = directory < 0 ? -1 : (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
    int tree = place < 0 ? -1
                         : (int)syscall(SYS_open_tree, place, "",
                                        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (unsigned)AT_RECURSIVE |
                                            (unsigned)AT_EMPTY_PATH);
    int number = errno;

    if (directory >= 0)
        close(directory);
    if (place >= 0)
        close(place);
    errno = number;
    return tree;
}

int
tree_restrict(int tree, unsigned allowed, bool recursive)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID};

    if (!(allowed & TREE_WRITE))
        attributes.attr_set |= MOUNT_ATTR_RDONLY;
    if (!(allowed & TREE_EXECUTE))
        attributes.attr_set |= MOUNT_ATTR_NOEXEC;
    if (!(allowed & TREE_DEVICES))
        attributes.attr_set |= MOUNT_ATTR_NODEV;
    return (int)syscall(SYS_mount_setattr, tree, "",
                        (unsigned)AT_EMPTY_PATH | (recursive ? (unsigned)AT_RECURSIVE : 0), &attributes,
                        sizeof attributes);
}

static int
set_option(int context, const char *name, const char *value)
{
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, name, value, 0);
}

/* Turns a configured context into a mount, and closes it. */
static int
mount_context(int context)
{
    int tree = -1;

    if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
        tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
    int number = errno;
    close(context);
    errno = number;
    return tree;
}

int
tree_memory(uint64_t bytes)
{
    char size[32];
    int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

    if (context < 0)
        return -1;
    snprintf(size, sizeof size, "%llu", (unsigned long long)bytes);
    set_option(context, "size", size);
    set_option(context, "nr_inodes", "16384");
    set_option(context, "mode", "0755");
    return mount_context(context);
}

int
tree_processes(void)
{
    int context = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

    if (context < 0)
        return -1;
    set_option(context, "subset", "pid");
    return mount_context(context);
}

int
tree_attach(int tree, int target)
{
    return (int)syscall(SYS_move_mount, tree, "", target, "",
                        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int
tree_inside(int root, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}
