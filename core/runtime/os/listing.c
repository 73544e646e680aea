/* listing.c: os.fs.list_dir_sorted_text_v1 and os.fs.walk_glob_sorted_text_v1. */
#include "../internal.h"
#include "../utf8.h"
#include "../x07rt_os.h"
#include "caps.h"
#include "glob.h"
#include "names.h"
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static x07_view
text_view(const char *text)
{
    return (x07_view){(const uint8_t *)text, (uint32_t)strlen(text)};
}

/* All names in the directory but "." and "..", sorted. The descriptor is consumed. Returns 0 or an errno. */
static int
read_names(x07_rt *rt, int fd, struct names *names)
{
    DIR *entries = fdopendir(fd);
    struct dirent *entry;
    int error;

    if (!entries) {
        error = errno;
        close(fd);
        return error;
    }
    while ((errno = 0, entry = readdir(entries)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            rt_names_add(rt, names, rt_os_text(rt, entry->d_name, strlen(entry->d_name)));
    error = errno;
    closedir(entries);
    rt_names_sort(names);
    return error;
}

/* Whether a name or relative path may be a result. */
static bool
is_shown(x07_rt *rt, const char *name)
{
    x07_view view = text_view(name);

    return utf8_is_valid(view.ptr, view.len) && !(rt_policy(rt)->deny_hidden && rt_path_is_hidden(view));
}

/* Opens the directory at the place; a code, or FS_OK and a descriptor. */
static uint32_t
open_listed(const struct place *place, int *fd)
{
    struct stat status;
    int error = rt_place_look(place, &status);

    if (error)
        return rt_fs_code(error);
    if (!S_ISDIR(status.st_mode))
        return FS_NOT_DIR;
    *fd = rt_place_file(place, O_RDONLY | O_DIRECTORY, &error);
    return *fd < 0 ? rt_fs_code(error) : FS_OK;
}

static uint32_t
list_place(x07_rt *rt, const struct place *place, const struct fs_caps *caps, struct names *kept)
{
    struct names all = {0};
    int fd;
    uint32_t code = open_listed(place, &fd);

    if (!code)
        code = rt_fs_code(read_names(rt, fd, &all));
    for (uint32_t i = 0; i < all.count && !code; i++) {
        if (!is_shown(rt, all.list[i]))
            continue;
        rt_names_add(rt, kept, all.list[i]);
        all.list[i] = NULL;
        if (kept->count > caps->max_entries)
            code = FS_TOO_MANY_ENTRIES;
    }
    rt_names_free(&all);
    return code;
}

static x07_result_bytes
names_result(x07_rt *rt, uint32_t code, struct names *names)
{
    x07_result_bytes result = code ? fs_failure(code) : (x07_result_bytes){1, 0, rt_names_lines(rt, names)};

    rt_names_free(names);
    return result;
}

x07_result_bytes
x07_os_fs_list_dir_sorted_text_v1(x07_rt *rt, x07_bytes path, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    struct names names = {0};
    uint32_t code = rt_fs_begin(rt, x07_view_of(caps_document), FS_NEED_WALK, &caps);

    if (!code)
        code = rt_fs_place(rt, x07_view_of(path), false, false, &place);
    if (!code) {
        code = list_place(rt, &place, &caps, &names);
        rt_place_close(&place);
    }
    x07_drop_bytes(rt, path);
    x07_drop_bytes(rt, caps_document);
    return names_result(rt, code, &names);
}

/* ---- walking ---- */

/* A directory that is being walked, and those around it: a link to one of them is a loop. */
struct level {
    const struct level *outer;
    dev_t device;
    ino_t inode;
};

struct walk {
    x07_rt *rt;
    const struct fs_caps *caps;
    const struct glob *glob;
    const char *root; /* cleaned path of where the walk began */
    struct names names;
};

static uint32_t walk_directory(struct walk *walk, int fd, const char *path, uint32_t depth,
                               const struct level *outer);

static uint32_t
walk_result(struct walk *walk, const char *path)
{
    if (!is_shown(walk->rt, path) || !rt_glob_matches(walk->rt, walk->glob, text_view(path)))
        return FS_OK;
    rt_names_add(walk->rt, &walk->names, rt_os_text(walk->rt, path, strlen(path)));
    return walk->names.count > walk->caps->max_entries ? FS_TOO_MANY_ENTRIES : FS_OK;
}

/* Follows a link: in a sandboxed program only to where the policy lets it read. */
static uint32_t
walk_link(struct walk *walk, const char *path, uint32_t depth, const struct level *outer)
{
    struct stat status;
    struct place place;
    char *full = rt_path_join(walk->rt, walk->root, path);
    int error = rt_place_open(walk->rt, full, rt_policy(walk->rt)->read_roots, false, &place);
    uint32_t code = FS_IO;
    int fd;

    free(full);
    if (error)
        return error == PLACE_DENIED ? FS_POLICY_DENY : FS_IO;
    if (!rt_place_look(&place, &status)) {
        if (!S_ISDIR(status.st_mode))
            code = walk_result(walk, path);
        else if ((fd = rt_place_file(&place, O_RDONLY | O_DIRECTORY, &error)) >= 0)
            code = walk_directory(walk, fd, path, depth, outer);
    }
    rt_place_close(&place);
    return code;
}

static uint32_t
walk_entry(struct walk *walk, int dir, const char *name, const char *path, uint32_t depth,
           const struct level *outer)
{
    struct stat status;

    if (depth > walk->caps->max_depth)
        return FS_DEPTH_EXCEEDED;
    if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW))
        return FS_IO;
    if (S_ISLNK(status.st_mode) && walk->caps->follow_links)
        return walk_link(walk, path, depth, outer);
    if (!S_ISDIR(status.st_mode))
        return walk_result(walk, path);
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? FS_IO : walk_directory(walk, fd, path, depth, outer);
}

/* Walks a directory at `depth`, whose descriptor is consumed. `path` is relative to the root, "" for it. */
static uint32_t
walk_directory(struct walk *walk, int fd, const char *path, uint32_t depth, const struct level *outer)
{
    struct names names = {0};
    struct stat status;
    int dir = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* reading the names closes the other */
    uint32_t code = dir < 0 || fstat(fd, &status) ? FS_IO : FS_OK;

    for (const struct level *level = outer; level && !code; level = level->outer)
        if (level->device == status.st_dev && level->inode == status.st_ino)
            code = FS_IO;
    if (code)
        close(fd);
    else if (read_names(walk->rt, fd, &names))
        code = FS_IO;
    struct level level = {outer, code ? 0 : status.st_dev, code ? 0 : status.st_ino};
    for (uint32_t i = 0; i < names.count && !code; i++) {
        char *name = names.list[i];
        char *below = *path ? rt_path_join(walk->rt, path, name) : rt_os_text(walk->rt, name, strlen(name));

        code = walk_entry(walk, dir, name, below, depth + 1, &level);
        free(below);
    }
    if (dir >= 0)
        close(dir);
    rt_names_free(&names);
    return code;
}

/* Everything from the open root on; the glob is read after the root was looked at. */
static uint32_t
walk_place(x07_rt *rt, const struct place *place, const char *root, x07_view pattern,
           const struct fs_caps *caps, struct names *names)
{
    struct walk walk = {.rt = rt, .caps = caps, .root = root};
    struct glob *glob = NULL;
    int fd;
    uint32_t code = open_listed(place, &fd);

    if (code)
        return code;
    if (!utf8_is_valid(pattern.ptr, pattern.len) || !(glob = rt_glob_compile(rt, pattern)))
        code = FS_BAD_PATH;
    else if (rt_fs_links_denied(rt, caps, FS_OK))
        code = FS_SYMLINK_DENIED;
    walk.glob = glob;
    if (code)
        close(fd);
    else
        code = walk_directory(&walk, fd, "", 0, NULL);
    rt_glob_free(glob);
    *names = walk.names;
    return code;
}

x07_result_bytes
x07_os_fs_walk_glob_sorted_text_v1(x07_rt *rt, x07_bytes root, x07_bytes pattern, x07_bytes caps_document)
{
    struct fs_caps caps;
    struct place place;
    struct names names = {0};
    char *clean = NULL;
    uint32_t code =
        rt_fs_begin(rt, x07_view_of(caps_document), FS_NEED_WALK | FS_NEED_GLOB | FS_LINKS_LATER, &caps);

    if (!code)
        code = rt_fs_clean(rt, x07_view_of(root), &clean);
    if (!code && !(code = rt_fs_code(rt_place_open(rt, clean, rt_policy(rt)->read_roots, false, &place)))) {
        code = walk_place(rt, &place, clean, x07_view_of(pattern), &caps, &names);
        rt_place_close(&place);
    }
    free(clean);
    x07_drop_bytes(rt, root);
    x07_drop_bytes(rt, pattern);
    x07_drop_bytes(rt, caps_document);
    return names_result(rt, code, &names);
}
