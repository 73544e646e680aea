/* names.c: the calls on names in a folder. A name is looked at in an open folder that was found beneath its
 * root, so it can only be something in there. */
#include "../links.h"
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *
call_name(const struct call *call, size_t skip, size_t *next)
{
    const char *name = call->body + skip;
    size_t room = call->body_size > skip ? call->body_size - skip : 0;
    size_t len = strnlen(name, room);

    if (len == room || !len || len > FILES_NAME_MAX || memchr(name, '/', len) || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0)
        return NULL;
    if (next)
        *next = skip + len + 1;
    return name;
}

/* The call's folder, to look names up in. */
static int
open_folder(const struct node *node)
{
    return node ? beneath_open(node, O_PATH | O_DIRECTORY) : -EACCES;
}

/* To change what is in it. */
static int
open_folder_to_change(const struct node *node)
{
    return node && !node->root->writable ? -EROFS : open_folder(node);
}

static void
fill_entry(const struct node *node, const struct stat *found, struct fuse_entry_out *entry)
{
    *entry = (struct fuse_entry_out){
        .nodeid = node->id, .entry_valid_nsec = FILES_VALID_NS, .attr_valid_nsec = FILES_VALID_NS};
    call_fill_attributes(found, &entry->attr);
}

int
call_entry(struct call *call, int folder, const char *name, struct fuse_entry_out *entry)
{
    struct stat found;

    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    struct node *node = nodes_look_up(&call->server->nodes, call->node, name, &found);
    if (!node)
        return -ENFILE;
    fill_entry(node, &found, entry);
    return 0;
}

/* The reply is the entry of `name`. */
static int
reply_entry(struct call *call, int folder, const char *name)
{
    call->out_size = sizeof(struct fuse_entry_out);
    return call_entry(call, folder, name, (struct fuse_entry_out *)(void *)call->out);
}

/* Roots are the names "0", "1" and so on of the topmost folder. */
static int
look_up_root(struct call *call, const char *name)
{
    char number[32];
    struct stat found;

    for (size_t i = 0; i < call->server->root_count; i++) {
        snprintf(number, sizeof number, "%zu", i);
        if (strcmp(number, name) != 0)
            continue;
        const struct node *node = nodes_find(&call->server->nodes, FUSE_ROOT_ID + 1 + i);
        int file = beneath_open(node, O_PATH);
        if (file < 0)
            return file;
        int failed = fstat(file, &found) < 0 ? -errno : 0;
        close(file);
        call->out_size = sizeof(struct fuse_entry_out);
        if (!failed)
            fill_entry(node, &found, (struct fuse_entry_out *)(void *)call->out);
        return failed;
    }
    return -ENOENT;
}

int
call_look_up(struct call *call)
{
    const char *name = call_name(call, 0, NULL);

    if (!name)
        return -EINVAL;
    if (!call->node)
        return look_up_root(call, name);
    int folder = open_folder(call->node);
    if (folder < 0)
        return folder;
    int failed = reply_entry(call, folder, name);
    close(folder);
    return failed;
}

int
call_read_link(struct call *call)
{
    int file = call->node ? beneath_open(call->node, O_PATH) : -EINVAL;

    if (file < 0)
        return file;
    ssize_t len = readlinkat(file, "", call->out, PATH_MAX);
    int failed = len < 0 ? -errno : 0;
    close(file);
    call->out_size = len < 0 ? 0 : (size_t)len;
    return failed;
}

/* A link that leads out of its root would lead the host's own programs astray later. */
static bool
may_be_link(const struct node *folder, const char *target)
{
    return link_stays_beneath(beneath_depth(folder), target);
}

int
call_symlink(struct call *call)
{
    size_t next = 0;
    const char *name = call_name(call, 0, &next);
    const char *target = call->body + next;

    if (!name || !memchr(target, 0, call->body_size - next))
        return -EINVAL;
    int folder = open_folder_to_change(call->node);
    if (folder < 0)
        return folder;
    int failed = may_be_link(call->node, target) ? 0 : -EPERM;
    if (!failed && symlinkat(target, folder, name) < 0)
        failed = -errno;
    if (!failed)
        failed = reply_entry(call, folder, name);
    close(folder);
    return failed;
}

/* Files alone: sockets and devices mean nothing in another kernel, and the boundary lets none be made. */
int
call_make_node(struct call *call)
{
    const struct fuse_mknod_in *in = (const void *)call->body;
    const char *name = call_name(call, sizeof *in, NULL);
    int folder = name ? open_folder_to_change(call->node) : -EINVAL;

    if (folder < 0)
        return folder;
    int file =
        S_ISREG(in->mode) ? beneath_open_name(folder, name, O_CREAT | O_EXCL | O_WRONLY, in->mode) : -EPERM;
    int failed = file < 0 ? file : 0;
    if (!failed) {
        close(file);
        failed = reply_entry(call, folder, name);
    }
    close(folder);
    return failed;
}

int
call_make_folder(struct call *call)
{
    const struct fuse_mkdir_in *in = (const void *)call->body;
    const char *name = call_name(call, sizeof *in, NULL);
    int folder = name ? open_folder_to_change(call->node) : -EINVAL;

    if (folder < 0)
        return folder;
    int failed = mkdirat(folder, name, in->mode & 0777) < 0 ? -errno : 0;
    if (!failed)
        failed = reply_entry(call, folder, name);
    close(folder);
    return failed;
}

static int
remove_name(struct call *call, int flags)
{
    const char *name = call_name(call, 0, NULL);
    int folder = name ? open_folder_to_change(call->node) : -EINVAL;

    if (folder < 0)
        return folder;
    int failed = unlinkat(folder, name, flags) < 0 ? -errno : 0;
    close(folder);
    struct node *node = failed ? NULL : nodes_at(&call->server->nodes, call->node, name);
    if (node)
        nodes_lose(&call->server->nodes, node);
    return failed;
}

int
call_unlink(struct call *call)
{
    return remove_name(call, 0);
}

int
call_remove_folder(struct call *call)
{
    return remove_name(call, AT_REMOVEDIR);
}

/* Whether what is to be moved is a link that would lead out from its new place. */
static bool
is_bad_link(int folder, const char *name, const struct node *there)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(folder, name, target, sizeof target - 1);

    if (len < 0)
        return false;
    target[len] = 0;
    return !may_be_link(there, target);
}

static int
rename_within(struct call *call, int from, const char *name, struct node *there, const char *new_name,
              unsigned flags)
{
    struct nodes *nodes = &call->server->nodes;
    int to = open_folder_to_change(there);
    int failed = to < 0 ? to : 0;

    if (!failed && (is_bad_link(from, name, there) ||
                    (flags & RENAME_EXCHANGE && is_bad_link(to, new_name, call->node))))
        failed = -EPERM;
    if (!failed && renameat2(from, name, to, new_name, flags) < 0)
        failed = -errno;
    if (to >= 0)
        close(to);
    if (failed)
        return failed;
    struct node *moved = nodes_at(nodes, call->node, name);
    struct node *replaced = nodes_at(nodes, there, new_name);
    if (flags & RENAME_EXCHANGE && moved && replaced)
        nodes_exchange(nodes, moved, replaced);
    else if (moved)
        nodes_move(nodes, moved, there, new_name);
    else if (replaced && flags & RENAME_EXCHANGE)
        nodes_move(nodes, replaced, call->node, name);
    else if (replaced)
        nodes_lose(nodes, replaced);
    return 0;
}

static int
rename_to(struct call *call, uint64_t new_folder, size_t skip, unsigned flags)
{
    size_t next = 0;
    const char *name = call_name(call, skip, &next);
    const char *new_name = name ? call_name(call, next, NULL) : NULL;
    struct node *there = nodes_find(&call->server->nodes, new_folder);

    if (!new_name || flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE))
        return -EINVAL;
    if (!there || !call->node || there->root != call->node->root)
        return -EXDEV;
    int from = open_folder_to_change(call->node);
    if (from < 0)
        return from;
    int failed = rename_within(call, from, name, there, new_name, flags);
    close(from);
    return failed;
}

int
call_rename(struct call *call)
{
    const struct fuse_rename_in *in = (const void *)call->body;

    return rename_to(call, in->newdir, sizeof *in, 0);
}

int
call_rename2(struct call *call)
{
    const struct fuse_rename2_in *in = (const void *)call->body;

    return rename_to(call, in->newdir, sizeof *in, in->flags);
}

int
call_link(struct call *call)
{
    const struct fuse_link_in *in = (const void *)call->body;
    const char *name = call_name(call, sizeof *in, NULL);
    const struct node *old = nodes_find(&call->server->nodes, in->oldnodeid);

    if (!name)
        return -EINVAL;
    if (!old || !old->parent || !call->node || old->root != call->node->root)
        return -EXDEV;
    int from = open_folder(old->parent);
    int to = open_folder_to_change(call->node);
    int failed = from < 0 ? from : to < 0 ? to : 0;
    if (!failed && is_bad_link(from, old->name, call->node))
        failed = -EPERM;
    if (!failed && linkat(from, old->name, to, name, 0) < 0)
        failed = -errno;
    if (!failed)
        failed = reply_entry(call, to, name);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return failed;
}

int
call_create(struct call *call)
{
    const struct fuse_create_in *in = (const void *)call->body;
    const char *name = call_name(call, sizeof *in, NULL);
    struct fuse_entry_out *entry = (struct fuse_entry_out *)(void *)call->out;
    struct fuse_open_out *opened = (struct fuse_open_out *)(void *)(call->out + sizeof *entry);
    struct stat found;
    int folder = name ? open_folder_to_change(call->node) : -EINVAL;

    if (folder < 0)
        return folder;
    int file = beneath_open_name(
        folder, name, O_CREAT | O_NONBLOCK | (int)(in->flags & (O_ACCMODE | O_EXCL | O_TRUNC | O_APPEND)),
        in->mode);
    int failed = file < 0 ? file : 0;
    if (!failed && (fstat(file, &found) < 0 || !S_ISREG(found.st_mode)))
        failed = -EPERM;
    if (!failed)
        failed = call_entry(call, folder, name, entry);
    close(folder);
    if (failed && file >= 0)
        close(file);
    if (failed)
        return failed;
    int64_t handle = handles_add(&call->server->handles, file, entry->nodeid, false);
    if (handle < 0) {
        nodes_forget(&call->server->nodes, entry->nodeid, 1);
        return (int)handle;
    }
    *opened = (struct fuse_open_out){.fh = (uint64_t)handle};
    call->out_size = sizeof *entry + sizeof *opened;
    return 0;
}
