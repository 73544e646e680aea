/* place.c: see place.h. Knows paths and roots; knows nothing of codes. */
#include "place.h"

#include "../internal.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC, NEW_DIRECTORY_MODE = 0777, NEW_FILE_MODE = 0666 };

/* Shortens the path by a segment, down to "/" or "."; false when it is one of these. */
static bool
drop_segment(char *path)
{
    char *slash = strrchr(path, '/');

    if (!strcmp(path, "/") || !strcmp(path, "."))
        return false;
    if (!slash)
        strcpy(path, ".");
    else
        slash[slash == path] = '\0';
    return true;
}

/* The absolute name: links are resolved as far as the path exists, the rest is appended. NULL: errno. */
static char *
canonical_name(x07_rt *rt, const char *path)
{
    char *prefix = strcpy(rt_os_alloc(rt, strlen(path) + 2), path);
    char *known, *name = NULL;

    while (!(known = realpath(prefix, NULL)) && drop_segment(prefix))
        ;
    if (known) {
        size_t len = strlen(prefix);
        bool is_part = !strncmp(path, prefix, len) && (!path[len] || path[len] == '/' || prefix[0] == '/');
        const char *rest = path + (is_part ? len : 0);

        rest += strspn(rest, "/");
        name = *rest ? rt_path_join(rt, known, rest) : rt_os_text(rt, known, strlen(known));
    }
    free(known);
    free(prefix);
    return name;
}

static bool
is_beneath(const char *name, const char *root)
{
    size_t len = strlen(root);

    if (!strcmp(root, "/"))
        return true;
    return !strncmp(name, root, len) && (!name[len] || name[len] == '/');
}

/* ---- roots ---- */

/* The roots of a policy's list, resolved when they were first asked for: what is put in their place later is
 * not one of them. */
struct roots {
    const char *list; /* whose they are; NULL: a free entry */
    char **names;
    size_t count;
};

enum { LISTS = 3 }; /* to read, to write, directories of children */

static void
roots_release(void *data)
{
    struct roots *lists = data;

    for (size_t i = 0; i < LISTS; i++) {
        for (size_t k = 0; k < lists[i].count; k++)
            free(lists[i].names[k]);
        free(lists[i].names);
    }
    free(lists);
}

static void
roots_read(x07_rt *rt, const char *list, struct roots *roots)
{
    const char *rest = list;
    x07_view element;
    size_t most = 0;

    while (rt_policy_next(&rest, &element))
        most++;
    *roots = (struct roots){.list = list, .names = rt_os_alloc(rt, most * sizeof *roots->names)};
    while (rt_policy_next(&list, &element)) {
        char *text = rt_os_text(rt, (const char *)element.ptr, element.len);
        char *name = canonical_name(rt, text);

        if (name)
            roots->names[roots->count++] = name;
        free(text);
    }
}

static const struct roots *
roots_of(x07_rt *rt, const char *list)
{
    struct native_state *state = &runtime_of(rt)->roots;
    struct roots *lists = state->data;
    size_t i = 0;

    if (!lists) {
        lists = calloc(LISTS, sizeof *lists);
        if (!lists)
            x07_trap(rt, "out of memory");
        *state = (struct native_state){lists, roots_release};
    }
    while (i < LISTS - 1 && lists[i].list && lists[i].list != list)
        i++;
    if (lists[i].list != list)
        roots_read(rt, list, &lists[i]);
    return &lists[i];
}

static bool
is_allowed(x07_rt *rt, const char *name, const char *list)
{
    if (!list)
        return false;
    const struct roots *roots = roots_of(rt, list);
    bool found = false;

    for (size_t i = 0; i < roots->count && !found; i++)
        found = is_beneath(name, roots->names[i]);
    return found;
}

/* ---- ways ---- */

/* One step down, which may create the directory. */
static int
walk_step(int dir, const char *segment, bool follow, bool create)
{
    int flags = DIRECTORY | (follow ? 0 : O_NOFOLLOW);
    int next = openat(dir, segment, flags);

    if (next < 0 && errno == ENOENT && create &&
        (mkdirat(dir, segment, NEW_DIRECTORY_MODE) == 0 || errno == EEXIST))
        next = openat(dir, segment, flags);
    return next;
}

/* Opens a directory segment by segment; `path` is consumed. -1: errno. */
static int
walk(char *path, bool follow, bool create)
{
    int dir = path[0] == '/' ? open("/", DIRECTORY) : open(".", DIRECTORY);
    char *rest = path;

    for (char *segment; dir >= 0 && (segment = strsep(&rest, "/"));) {
        if (!*segment)
            continue;
        int next = walk_step(dir, segment, follow, create);
        int error = errno;

        close(dir);
        errno = error;
        dir = next;
    }
    return dir;
}

/* Opens a directory whose name holds no link: in one call where the kernel has it and lets us. */
static int
open_strictly(char *path, bool create)
{
    struct open_how how = {.flags = DIRECTORY, .resolve = RESOLVE_NO_SYMLINKS};
    int dir = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);

    if (dir >= 0 || (errno != ENOSYS && errno != EPERM && !create))
        return dir;
    return walk(path, false, create);
}

static int
open_directory(const char *path, size_t len, bool strict, bool create)
{
    char *copy = strndup(path, len);

    if (!copy)
        return -1;
    int dir = strict ? open_strictly(copy, create) : create ? walk(copy, true, true) : open(copy, DIRECTORY);
    int error = errno;
    free(copy);
    errno = error;
    return dir;
}

/* The place of a name that has been checked. Consumes `path`. */
static int
place_split(x07_rt *rt, char *path, bool strict, bool parents, struct place *place)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    int error = 0;

    *place = (struct place){.dir = AT_FDCWD, .follow = !strict};
    if (slash &&
        (place->dir = open_directory(path, slash == path ? 1 : (size_t)(slash - path), strict, parents)) < 0)
        error = errno;
    else
        place->name = rt_os_text(rt, *name ? name : ".", *name ? strlen(name) : 1);
    free(path);
    return error == ELOOP && strict ? PLACE_DENIED : error;
}

int
rt_place_open(x07_rt *rt, const char *path, const char *roots, bool parents, struct place *place)
{
    bool sandboxed = rt_policy(rt)->sandboxed;
    char *name = sandboxed ? canonical_name(rt, path) : rt_os_text(rt, path, strlen(path));

    if (!name)
        return errno;
    if (!sandboxed || is_allowed(rt, name, roots))
        return place_split(rt, name, sandboxed, parents, place);
    free(name);
    return PLACE_DENIED;
}

void
rt_place_close(struct place *place)
{
    if (place->dir >= 0)
        close(place->dir);
    free(place->name);
    *place = (struct place){.dir = AT_FDCWD};
}

int
rt_place_file(const struct place *place, int flags, int *error)
{
    int fd =
        openat(place->dir, place->name, flags | O_CLOEXEC | (place->follow ? 0 : O_NOFOLLOW), NEW_FILE_MODE);

    if (fd < 0)
        *error = errno == ELOOP && !place->follow ? PLACE_DENIED : errno;
    return fd;
}

int
rt_place_directories(x07_rt *rt, const char *path, const char *roots)
{
    struct place place;
    int error = rt_place_open(rt, path, roots, true, &place);
    struct stat status;

    if (error)
        return error;
    if (mkdirat(place.dir, place.name, NEW_DIRECTORY_MODE)) {
        error = errno;
        if (error == EEXIST && !rt_place_look(&place, &status) && S_ISDIR(status.st_mode))
            error = 0;
    }
    rt_place_close(&place);
    return error;
}

int
rt_place_look(const struct place *place, struct stat *status)
{
    return fstatat(place->dir, place->name, status, place->follow ? 0 : AT_SYMLINK_NOFOLLOW) ? errno : 0;
}
