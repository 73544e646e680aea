/* calls.c: the table of calls. What is not in it is not there: the guest's kernel then does without. */
#include "files.h"

#include <errno.h>
#include <string.h>

enum { OLDEST_MINOR = 31, PAGE = 4096 };

static int
call_init(struct call *call)
{
    const struct fuse_init_in *in = (const void *)call->body;
    struct fuse_init_out *out = (struct fuse_init_out *)(void *)call->out;
    const uint32_t wanted = FUSE_ASYNC_READ | FUSE_BIG_WRITES | FUSE_ATOMIC_O_TRUNC | FUSE_MAX_PAGES |
                            FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO | FUSE_PARALLEL_DIROPS |
                            FUSE_HANDLE_KILLPRIV;

    if (in->major != FUSE_KERNEL_VERSION || in->minor < OLDEST_MINOR || call->server->minor)
        return -EPROTO;
    call->server->minor = in->minor;
    *out = (struct fuse_init_out){
        .major = FUSE_KERNEL_VERSION,
        .minor = in->minor < FUSE_KERNEL_MINOR_VERSION ? in->minor : FUSE_KERNEL_MINOR_VERSION,
        .max_readahead = FILES_WRITE_MAX,
        .flags = in->flags & wanted,
        .max_background = 32,
        .congestion_threshold = 24,
        .max_write = FILES_WRITE_MAX,
        .time_gran = 1,
        .max_pages = FILES_WRITE_MAX / PAGE,
    };
    call->out_size = sizeof *out;
    return 0;
}

static int
call_forget(struct call *call)
{
    const struct fuse_forget_in *in = (const void *)call->body;

    nodes_forget(&call->server->nodes, call->header->nodeid, in->nlookup);
    return 0;
}

static int
call_forget_many(struct call *call)
{
    const struct fuse_batch_forget_in *in = (const void *)call->body;
    const struct fuse_forget_one *items = (const void *)(call->body + sizeof *in);
    size_t room = (call->body_size - sizeof *in) / sizeof *items;

    for (size_t i = 0; i < in->count && i < room; i++)
        nodes_forget(&call->server->nodes, items[i].nodeid, items[i].nlookup);
    return 0;
}

/* What one thread has begun it finishes. */
static int
call_nothing(struct call *call)
{
    (void)call;
    return 0;
}

static const struct {
    int (*run)(struct call *call);
    uint32_t least; /* bytes of the body */
    bool is_silent; /* no reply */
} calls[] = {
    [FUSE_LOOKUP] = {call_look_up, 0, false},
    [FUSE_FORGET] = {call_forget, sizeof(struct fuse_forget_in), true},
    [FUSE_GETATTR] = {call_get_attributes, sizeof(struct fuse_getattr_in), false},
    [FUSE_SETATTR] = {call_set_attributes, sizeof(struct fuse_setattr_in), false},
    [FUSE_READLINK] = {call_read_link, 0, false},
    [FUSE_SYMLINK] = {call_symlink, 0, false},
    [FUSE_MKNOD] = {call_make_node, sizeof(struct fuse_mknod_in), false},
    [FUSE_MKDIR] = {call_make_folder, sizeof(struct fuse_mkdir_in), false},
    [FUSE_UNLINK] = {call_unlink, 0, false},
    [FUSE_RMDIR] = {call_remove_folder, 0, false},
    [FUSE_RENAME] = {call_rename, sizeof(struct fuse_rename_in), false},
    [FUSE_LINK] = {call_link, sizeof(struct fuse_link_in), false},
    [FUSE_OPEN] = {call_open, sizeof(struct fuse_open_in), false},
    [FUSE_READ] = {call_read, sizeof(struct fuse_read_in), false},
    [FUSE_WRITE] = {call_write, sizeof(struct fuse_write_in), false},
    [FUSE_STATFS] = {call_space, 0, false},
    [FUSE_RELEASE] = {call_release, sizeof(struct fuse_release_in), false},
    [FUSE_FSYNC] = {call_sync, sizeof(struct fuse_fsync_in), false},
    [FUSE_INIT] = {call_init, sizeof(uint32_t) * 4, false},
    [FUSE_OPENDIR] = {call_open_folder, sizeof(struct fuse_open_in), false},
    [FUSE_READDIR] = {call_read_folder, sizeof(struct fuse_read_in), false},
    [FUSE_RELEASEDIR] = {call_release, sizeof(struct fuse_release_in), false},
    [FUSE_FSYNCDIR] = {call_sync, sizeof(struct fuse_fsync_in), false},
    [FUSE_ACCESS] = {call_access, sizeof(struct fuse_access_in), false},
    [FUSE_CREATE] = {call_create, sizeof(struct fuse_create_in), false},
    [FUSE_INTERRUPT] = {call_nothing, 0, true},
    [FUSE_DESTROY] = {call_nothing, 0, false},
    [FUSE_BATCH_FORGET] = {call_forget_many, sizeof(struct fuse_batch_forget_in), true},
    [FUSE_READDIRPLUS] = {call_read_folder_plus, sizeof(struct fuse_read_in), false},
    [FUSE_RENAME2] = {call_rename2, sizeof(struct fuse_rename2_in), false},
};

enum { CALLS = sizeof calls / sizeof *calls };

int
calls_do(struct call *call)
{
    uint32_t code = call->header->opcode;

    if (code >= CALLS || !calls[code].run)
        return -ENOSYS;
    call->is_silent = calls[code].is_silent;
    if (call->body_size < calls[code].least)
        return -EINVAL;
    if (!call->server->minor && code != FUSE_INIT)
        return -EPROTO;
    call->node = nodes_find(&call->server->nodes, call->header->nodeid);
    if (!call->node && call->header->nodeid != FUSE_ROOT_ID && code != FUSE_INIT && code != FUSE_INTERRUPT &&
        code != FUSE_DESTROY && code != FUSE_BATCH_FORGET)
        return -ESTALE;
    return calls[code].run(call);
}
