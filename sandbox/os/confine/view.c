/* view.c: see view.h.
 *
 * All sources are copied as detached mounts first, from the file system that the caller sees; then a new root
 * in memory is put together from the copies. A source that changes meanwhile changes nothing. */
#include "view.h"

#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROOT_BYTES = 4 << 20 };

/* A place on its way into the view. */
struct part {
    const char *source;
    char *target;
    unsigned allows;        /* TREE_... */
    const char *above;      /* the source of what may be written and has this part in it, or NULL */
    const char *from_above; /* the path from there */
    int tree;
    bool directory;
};

struct view {
    const struct plan *plan;
    struct part *parts; /* a part comes after those that it lies beneath */
    size_t part_count;
    int root;
    int processes; /* -1: none */
};

#define MOUNT_FAILED "E_SANDBOX_OS_MOUNT"

static const unsigned allowed_by[] = {
    [PLACE_READ] = 0,
    [PLACE_WRITE] = TREE_WRITE,
    [PLACE_RUN] = TREE_EXECUTE,
    [PLACE_LIBRARY] = TREE_EXECUTE,
    [PLACE_DEVICE] = TREE_DEVICES | TREE_WRITE,
};

char *
view_path(const struct plan *plan, const char *path)
{
    char *all = path[0] == '/' ? plan_format("%s", path) : plan_format("%s/%s", plan->directory, path);
    char *out = plan_alloc(strlen(all) + 2);
    size_t len = 0;

    for (char *name = strtok(all, "/"); name; name = strtok(NULL, "/")) {
        if (strcmp(name, ".") == 0)
            continue;
        if (strcmp(name, "..") == 0) {
            while (len && out[--len] != '/')
                ;
            continue;
        }
        out[len++] = '/';
        memcpy(out + len, name, strlen(name));
        len += strlen(name);
    }
    out[len] = '\0';
    if (!len)
        out[0] = '/';
    free(all);
    return out;
}

bool
view_is_beneath(const char *path, const char *directory)
{
    size_t len = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

    return strncmp(path, directory, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static int
compare_parts(const void *a, const void *b)
{
    const struct part *left = a;
    const struct part *right = b;

    return strcmp(left->target, right->target);
}

/* What may be written above a part may be written in it, too. Then an earlier run may have made the path to
 * it, out of links to anywhere: none of them is followed. */
static void
note_writer(struct part *part, const struct part *above)
{
    size_t len = strcmp(above->target, "/") == 0 ? 0 : strlen(above->target);

    if (!(above->allows & TREE_WRITE) || (above->allows & TREE_DEVICES) || !part->target[len])
        return;
    part->allows |= TREE_WRITE;
    part->above = above->above ? above->above : above->source;
    part->from_above = part->target + (above->above ? (size_t)(above->from_above - above->target) : len + 1);
}

/* Whether a part would add nothing to the ones that are kept so far. */
static bool
is_covered(const struct view *view, size_t count, struct part *part)
{
    for (size_t i = count; i-- > 0;) {
        struct part *above = &view->parts[i];
        if (!view_is_beneath(part->target, above->target))
            continue;
        note_writer(part, above);
        if (strcmp(part->target, above->target) == 0)
            above->allows |= part->allows;
        return (part->allows & ~above->allows) == 0;
    }
    return false;
}

static void
plan_parts(struct view *view)
{
    const struct plan *plan = view->plan;
    size_t kept = 0;

    view->parts = plan_alloc(sizeof *view->parts * plan->place_count);
    for (size_t i = 0; i < plan->place_count; i++) {
        struct part part = {.source = plan->places[i].source ? plan->places[i].source : plan->places[i].path,
                            .target = view_path(plan, plan->places[i].path),
                            .allows = allowed_by[plan->places[i].kind],
                            .tree = -1};
        if (!view_is_beneath(part.target, "/proc"))
            view->parts[view->part_count++] = part;
    }
    qsort(view->parts, view->part_count, sizeof *view->parts, compare_parts);
    for (size_t i = 0; i < view->part_count; i++)
        if (!is_covered(view, kept, &view->parts[i]))
            view->parts[kept++] = view->parts[i];
    view->part_count = kept;
}

/* A place that this user cannot reach grants nothing. */
static bool
is_absence(int number)
{
    return number == ENOENT || number == ENOTDIR || number == EACCES || number == ELOOP ||
           number == ENAMETOOLONG || number == EXDEV;
}

static void
copy_source(const struct view *view, struct part *part)
{
    struct stat info;

    part->tree = part->above ? tree_copy_beneath(part->above, part->from_above) : tree_copy(part->source);
    if (part->tree < 0 && is_absence(errno))
        return;
    if (part->tree < 0 || fstat(part->tree, &info))
        report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot bind %s", part->source);
    part->directory = S_ISDIR(info.st_mode);
    if (tree_restrict(part->tree, part->allows, true))
        report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot restrict %s", part->source);
}

/* A link at the top of the file system stays one, since names like /lib/x are written into programs. */
static bool
keep_link(const struct view *view, const struct part *part)
{
    char value[256];
    ssize_t len = strchr(part->source + 1, '/') ? -1 : readlink(part->source, value, sizeof value - 1);

    if (len <= 0)
        return false;
    value[len] = '\0';
    return symlinkat(value, view->root, part->target + 1) == 0 || errno == EEXIST;
}

/* The directory of a path inside, made where the view has none. -1 when it cannot be made. */
static int
make_directory(const struct view *view, const char *path)
{
    int fd = tree_inside(view->root, path);

    if (fd >= 0 || errno != ENOENT || strcmp(path, "/") == 0)
        return fd;
    const char *name = strrchr(path, '/') + 1;
    char *parent = plan_format("%.*s", name - path > 1 ? (int)(name - path - 1) : 1, path);
    int above = make_directory(view, parent);
    free(parent);
    if (above < 0)
        return -1;
    int made = mkdirat(above, name, 0755);
    int number = errno;
    close(above);
    errno = number;
    return made == 0 ? tree_inside(view->root, path) : -1;
}

static int
make_file(const struct view *view, const char *path)
{
    int fd = tree_inside(view->root, path);
    const char *name = strrchr(path, '/') + 1;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    char *parent = plan_format("%.*s", name - path > 1 ? (int)(name - path - 1) : 1, path);
    int above = make_directory(view, parent);
    free(parent);
    if (above < 0)
        return -1;
    int made = openat(above, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
    int number = errno;
    close(above);
    if (made >= 0)
        close(made);
    errno = number;
    return made >= 0 ? tree_inside(view->root, path) : -1;
}

/* Where a link of the plan leads elsewhere inside, the place cannot be put: it grants nothing. */
static void
put_part(const struct view *view, struct part *part)
{
    if (part->tree < 0 || (part->allows == TREE_EXECUTE && part->directory && keep_link(view, part)))
        return;
    int target = part->directory ? make_directory(view, part->target) : make_file(view, part->target);
    if (target < 0 || tree_attach(part->tree, target)) {
        if (errno != EROFS && !is_absence(errno))
            report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot put %s into the view", part->target);
    }
    if (target >= 0)
        close(target);
    close(part->tree);
}

static void
put_new(const struct view *view, const char *path, int tree, unsigned allows)
{
    int target = make_directory(view, path);

    if (target < 0 || tree_restrict(tree, allows, false) || tree_attach(tree, target))
        report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot put %s into the view", path);
    close(target);
    close(tree);
}

/* A part that is the whole file system takes the place of the empty root. */
static void
make_root(struct view *view)
{
    bool whole = view->part_count && strcmp(view->parts[0].target, "/") == 0 && view->parts[0].tree >= 0;

    view->root = whole ? view->parts[0].tree : tree_memory(ROOT_BYTES);
    /* Anywhere will do: what it hides is of no use from now on, and it becomes the root at once. */
    int target = open("/proc", O_PATH | O_CLOEXEC);
    if (view->root < 0 || target < 0 || tree_attach(view->root, target))
        report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot make a root");
    close(target);
    if (whole)
        view->parts[0].tree = -1;
}

static void
make_links(const struct view *view)
{
    static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
                                           {"/proc/self/fd/0", "dev/stdin"},
                                           {"/proc/self/fd/1", "dev/stdout"},
                                           {"/proc/self/fd/2", "dev/stderr"}};

    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlinkat(links[i][0], view->root, links[i][1]) && errno != EEXIST && errno != EROFS)
            report_fail_errno(&view->plan->report, MOUNT_FAILED, "cannot make %s", links[i][1]);
}

static void
fill_root(const struct view *view)
{
    const struct plan *plan = view->plan;

    if (plan->temporary)
        put_new(view, "/tmp", tree_memory(plan->temporary), TREE_WRITE);
    for (size_t i = 0; i < view->part_count; i++)
        put_part(view, &view->parts[i]);
    if (view->processes >= 0)
        put_new(view, "/proc", view->processes, 0);
    make_links(view);
    int directory = make_directory(view, plan->directory);
    if (directory < 0)
        report_fail_errno(&plan->report, MOUNT_FAILED, "cannot make the working directory %s",
                          plan->directory);
    close(directory);
}

static void
change_root(const struct view *view)
{
    const struct plan *plan = view->plan;

    if (fchdir(view->root) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) ||
        chdir(plan->directory))
        report_fail_errno(&plan->report, MOUNT_FAILED, "cannot change the root");
    close(view->root);
}

bool
view_enter(const struct plan *plan)
{
    struct view view = {.plan = plan};

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
        if (errno == EPERM || errno == EACCES)
            return false;
        report_fail_errno(&plan->report, MOUNT_FAILED, "cannot part from the mounts of the host");
    }
    plan_parts(&view);
    for (size_t i = 0; i < view.part_count; i++)
        copy_source(&view, &view.parts[i]);
    view.processes = tree_processes();
    if (view.processes < 0)
        report_lack(&plan->report, "proc", strerror(errno));
    make_root(&view);
    bool in_memory = view.part_count == 0 || strcmp(view.parts[0].target, "/") != 0;
    fill_root(&view);
    if (in_memory && tree_restrict(view.root, 0, false))
        report_fail_errno(&plan->report, MOUNT_FAILED, "cannot make the root read-only");
    change_root(&view);
    report_layer(&plan->report, "mount-view");
    return true;
}
