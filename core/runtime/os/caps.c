/* caps.c: see caps.h. */
#include "caps.h"

#include "document.h"
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CAPS_SIZE = 24, CAPS_VERSION = 1 };
/* 2, the permission of hidden names, is read by nobody: the policy wins. */
enum { ALLOW_SYMLINKS = 1, CREATE_PARENTS = 4, OVERWRITE = 8, ATOMIC_WRITE = 16 };

static uint32_t
lower(uint32_t asked, uint32_t limit)
{
    return asked && asked < limit ? asked : limit;
}

static bool
read_caps(const struct policy *policy, x07_view caps, struct fs_caps *out)
{
    if (caps.len != CAPS_SIZE || document_u32(caps.ptr) != CAPS_VERSION)
        return false;
    uint32_t flags = document_u32(caps.ptr + 20);

    *out = (struct fs_caps){
        .max_read = lower(document_u32(caps.ptr + 4), policy->max_read_bytes),
        .max_write = lower(document_u32(caps.ptr + 8), policy->max_write_bytes),
        .max_entries = lower(document_u32(caps.ptr + 12), policy->max_entries),
        .max_depth = lower(document_u32(caps.ptr + 16), policy->max_depth),
        .follow_links = flags & ALLOW_SYMLINKS,
        .create_parents = flags & CREATE_PARENTS,
        .overwrite = flags & OVERWRITE,
        .atomic = flags & ATOMIC_WRITE,
    };
    return true;
}

static bool
policy_grants(const struct policy *policy, unsigned needs)
{
    return (!(needs & FS_NEED_MKDIR) || policy->allow_mkdir) &&
           (!(needs & FS_NEED_REMOVE) || policy->allow_remove) &&
           (!(needs & FS_NEED_RENAME) || policy->allow_rename) &&
           (!(needs & FS_NEED_WALK) || policy->allow_walk) && (!(needs & FS_NEED_GLOB) || policy->allow_glob);
}

uint32_t
rt_fs_begin(x07_rt *rt, x07_view caps, unsigned needs, struct fs_caps *out)
{
    const struct policy *policy = rt_policy(rt);

    if (!read_caps(policy, caps, out))
        return FS_BAD_CAPS;
    if (!policy_grants(policy, needs))
        return FS_POLICY_DENY;
    if (out->follow_links && !policy->allow_symlinks && !(needs & FS_LINKS_LATER))
        return FS_SYMLINK_DENIED;
    return FS_OK;
}

uint32_t
rt_fs_begin_write(x07_rt *rt, x07_view caps, bool append, struct fs_caps *out)
{
    uint32_t code = rt_fs_begin(rt, caps, 0, out);

    if (code)
        return code;
    unsigned needs =
        (out->create_parents ? FS_NEED_MKDIR : 0) | (out->atomic && !append ? FS_NEED_RENAME : 0);
    if (!policy_grants(rt_policy(rt), needs))
        return FS_POLICY_DENY;
    return out->atomic && append ? FS_UNSUPPORTED : FS_OK;
}

uint32_t
rt_fs_clean(x07_rt *rt, x07_view path, char **clean)
{
    const struct policy *policy = rt_policy(rt);

    *clean = NULL;
    if (!policy->fs)
        return FS_DISABLED;
    *clean = rt_path_clean(rt, path);
    if (!*clean)
        return FS_BAD_PATH;
    x07_view kept = {(const uint8_t *)*clean, (uint32_t)strlen(*clean)};
    if (!policy->deny_hidden || !rt_path_is_hidden(kept))
        return FS_OK;
    free(*clean);
    *clean = NULL;
    return FS_POLICY_DENY;
}

uint32_t
rt_fs_place(x07_rt *rt, x07_view path, bool writing, bool parents, struct place *place)
{
    const struct policy *policy = rt_policy(rt);
    char *clean;
    uint32_t code = rt_fs_clean(rt, path, &clean);

    if (code)
        return code;
    int error = rt_place_open(rt, clean, writing ? policy->write_roots : policy->read_roots, parents, place);
    free(clean);
    return rt_fs_code(error);
}

uint32_t
rt_fs_place_to_write(x07_rt *rt, x07_view path, const struct fs_caps *caps, uint32_t size,
                     struct place *place)
{
    uint32_t code = rt_fs_place(rt, path, true, false, place);

    if (code && code < FS_NOT_FOUND) /* the path was refused */
        return code;
    if (size > caps->max_write) {
        if (!code)
            rt_place_close(place);
        return FS_TOO_LARGE;
    }
    return code == FS_NOT_FOUND && caps->create_parents ? rt_fs_place(rt, path, true, true, place) : code;
}

bool
rt_fs_links_denied(x07_rt *rt, const struct fs_caps *caps, uint32_t code)
{
    bool refused = code && code < FS_NOT_FOUND;

    return !refused && caps->follow_links && !rt_policy(rt)->allow_symlinks;
}

uint32_t
rt_fs_check_target(const struct place *place, const struct fs_caps *caps, bool directory_counts)
{
    struct stat status;

    if (rt_place_look(place, &status) || (caps->overwrite && !(directory_counts && S_ISDIR(status.st_mode))))
        return FS_OK;
    return S_ISDIR(status.st_mode) ? FS_IS_DIR : FS_ALREADY_EXISTS;
}

uint32_t
rt_fs_code(int error)
{
    switch (error) {
    case 0:
        return FS_OK;
    case PLACE_DENIED:
        return FS_POLICY_DENY;
    case ENOENT:
        return FS_NOT_FOUND;
    case EEXIST:
        return FS_ALREADY_EXISTS;
    case EACCES:
    case EPERM:
        return FS_PERMISSION;
    case EOPNOTSUPP:
    case ENOSYS:
        return FS_UNSUPPORTED;
    default:
        return FS_IO;
    }
}
