/* trust.c: see trust.h. The walk resolves links itself, since a link's own directory counts as much as the
 * one that it leads to. */
#include "registry/trust.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MOST_LINKS = 40 };

/* A group that can hold nobody but the user: root's, or the user's private one (same name, no other members).
 */
static bool
group_is_private(gid_t gid)
{
    if (gid == 0)
        return true;
    struct passwd *user = getpwuid(geteuid());
    if (!user || user->pw_gid != gid)
        return false;
    char *name = memory_string(user->pw_name);
    struct group *group = getgrgid(gid);
    bool alone = group && !strcmp(group->gr_name, name);

    for (char **member = alone ? group->gr_mem : NULL; member && *member; member++)
        alone = alone && !strcmp(*member, name);
    free(name);
    return alone;
}

/* With an access control list the group bits are its mask and say nothing of who may write. */
static bool
has_access_list(const char *path)
{
    return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

static struct error *
trust_mode(const char *path, const struct stat *info)
{
    bool sticky = S_ISDIR(info->st_mode) && (info->st_mode & S_ISVTX);

    if (info->st_uid != 0 && info->st_uid != geteuid())
        return error_new("E_PLUGIN_TRUST", "%s belongs to user %u", path, (unsigned)info->st_uid);
    if (S_ISLNK(info->st_mode) || sticky)
        return NULL;
    if (info->st_mode & S_IWOTH)
        return error_new("E_PLUGIN_TRUST", "%s can be written by everyone", path);
    if ((info->st_mode & S_IWGRP) && (has_access_list(path) || !group_is_private(info->st_gid)))
        return error_new("E_PLUGIN_TRUST", "%s can be written by group %u", path, (unsigned)info->st_gid);
    return NULL;
}

/* The walk: `done` has been checked and holds no links; `rest` remains. */
struct walk {
    struct text done;
    struct text rest;
    int links;
};

/* Takes the first name off `rest`. Returns false when none is left. */
static bool
walk_next(struct walk *walk, struct text *name)
{
    const char *rest = text_string(&walk->rest);
    size_t start = strspn(rest, "/");
    size_t len = strcspn(rest + start, "/");

    text_clear(name);
    text_append(name, rest + start, len);
    char *remaining = memory_string(rest + start + len);
    text_clear(&walk->rest);
    text_puts(&walk->rest, remaining);
    free(remaining);
    return len > 0;
}

static void
walk_up(struct walk *walk)
{
    while (walk->done.len && walk->done.data[walk->done.len - 1] != '/')
        walk->done.len--;
    if (walk->done.len)
        walk->done.len--;
    if (walk->done.data)
        walk->done.data[walk->done.len] = '\0';
}

/* Puts a link's target before what remains. */
static struct error *
walk_follow(struct walk *walk, const char *link)
{
    char target[PATH_MAX];
    ssize_t len = readlink(link, target, sizeof target - 1);

    if (len < 0)
        return error_errno("E_PLUGIN_IO", "cannot read the link %s", link);
    if (++walk->links > MOST_LINKS)
        return error_new("E_PLUGIN_IO", "too many symbolic links at %s", link);
    target[len] = '\0';
    struct text rest = {0};
    text_printf(&rest, "%s/%s", target, text_string(&walk->rest));
    text_free(&walk->rest);
    walk->rest = rest;
    if (target[0] == '/')
        text_clear(&walk->done);
    return NULL;
}

static struct error *
walk_enter(struct walk *walk, const char *name, struct stat *info)
{
    struct text path = {0};
    struct error *error = NULL;

    text_printf(&path, "%s/%s", text_string(&walk->done), name);
    if (lstat(path.data, info))
        error = error_errno("E_PLUGIN_IO", "cannot look at %s", path.data);
    else
        error = trust_mode(path.data, info);
    if (!error && S_ISLNK(info->st_mode))
        error = walk_follow(walk, path.data);
    else if (!error) {
        text_clear(&walk->done);
        text_puts(&walk->done, path.data);
    }
    text_free(&path);
    return error;
}

static struct error *
walk_all(struct walk *walk, struct stat *info)
{
    struct text name = {0};
    struct error *error = NULL;

    if (lstat("/", info))
        error = error_errno("E_PLUGIN_IO", "cannot look at /");
    else
        error = trust_mode("/", info);
    while (!error && walk_next(walk, &name)) {
        if (!strcmp(name.data, "."))
            continue;
        if (!strcmp(name.data, ".."))
            walk_up(walk);
        else
            error = walk_enter(walk, name.data, info);
    }
    text_free(&name);
    return error;
}

static struct error *
trust_check_kind(const char *path, mode_t kind, const char *name)
{
    struct walk walk = {0};
    struct stat info;

    text_puts(&walk.rest, path);
    struct error *error = walk_all(&walk, &info);
    if (!error && (info.st_mode & S_IFMT) != kind)
        error = error_new("E_PLUGIN_TRUST", "%s is not a %s", path, name);
    text_free(&walk.done);
    text_free(&walk.rest);
    return error;
}

struct error *
trust_check(const char *path)
{
    return trust_check_kind(path, S_IFREG, "regular file");
}

struct error *
trust_check_directory(const char *path)
{
    return trust_check_kind(path, S_IFDIR, "directory");
}
