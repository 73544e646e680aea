/* group.c: see group.h. */
#include "group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "x07-"

enum { TRIES = 200, PAUSE_US = 1000 };

/* Where a controller's limits are set, by the version of its hierarchy, and how it is kept from giving more
 * by another name: memory in swap, where the kernel counts that (of version 1: memory and swap together). */
static const struct controller {
    const char *name;
    const char *file[3];
    const char *more[3];
} controllers[GROUP_DIRECTORIES] = {
    {"pids", {NULL, "pids.max", "pids.max"}, {NULL, NULL, NULL}},
    {"memory",
     {NULL, "memory.limit_in_bytes", "memory.max"},
     {NULL, "memory.memsw.limit_in_bytes", "memory.swap.max"}},
};

static bool
has_word(const char *list, const char *word, const char *separators)
{
    size_t len = strlen(word);

    for (const char *at = list; *at;) {
        size_t size = strcspn(at, separators);
        if (size == len && strncmp(at, word, len) == 0)
            return true;
        at += size;
        at += *at != '\0';
    }
    return false;
}

/* This process's path in the hierarchy of a controller; of version 2 when `controller` is "". */
static bool
own_path(const char *controller, char *path, size_t size)
{
    char line[4096];
    FILE *file = fopen("/proc/self/cgroup", "re");
    bool found = false;

    while (file && !found && fgets(line, sizeof line, file)) {
        char *list = strchr(line, ':');
        char *rest = list ? strchr(list + 1, ':') : NULL;
        if (!rest)
            continue;
        *rest++ = '\0';
        rest[strcspn(rest, "\n")] = '\0';
        found = has_word(list + 1, controller, ",") || (!*controller && !list[1]);
        if (found)
            snprintf(path, size, "%s", strcmp(rest, "/") == 0 ? "" : rest);
    }
    if (file)
        fclose(file);
    return found;
}

/* Where the hierarchy is mounted, with this process's path in it. NULL: nowhere. */
static char *
own_directory(const char *type, const char *controller)
{
    char path[4096];
    FILE *table = setmntent("/proc/self/mounts", "re");
    struct mntent *entry;
    char *directory = NULL;

    while (table && !directory && (entry = getmntent(table)))
        if (strcmp(entry->mnt_type, type) == 0 &&
            (!*controller || has_word(entry->mnt_opts, controller, ",")) &&
            own_path(controller, path, sizeof path))
            directory = plan_format("%s%s", entry->mnt_dir, path);
    if (table)
        endmntent(table);
    return directory;
}

static bool
write_file(const char *directory, const char *name, const char *text)
{
    char *path = plan_format("%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int number = errno;

    if (fd >= 0)
        close(fd);
    free(path);
    errno = number;
    return written;
}

static bool
lists(const char *directory, const char *name, const char *controller)
{
    char text[1024];
    char *path = plan_format("%s/%s", directory, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    free(path);
    text[got > 0 ? got : 0] = '\0';
    return has_word(text, controller, " \n");
}

/* Whether a directory is the top of all groups, the only one without a type. */
static bool
is_top(const char *directory)
{
    char *type = plan_format("%s/cgroup.type", directory);
    bool top = access(type, F_OK) != 0;

    free(type);
    return top;
}

/* Whether groups in a directory of version 2 have the controller. At the top, where nobody else keeps groups,
 * that is for this process to say; it stays so, since others may rely on it by then. */
static bool
offers(const char *directory, const char *controller)
{
    static const char file[] = "cgroup.subtree_control";
    char *enable = plan_format("+%s", controller);
    bool offered = lists(directory, file, controller) ||
                   (is_top(directory) && lists(directory, "cgroup.controllers", controller) &&
                    write_file(directory, file, enable));

    free(enable);
    return offered && access(directory, W_OK) == 0;
}

/* Groups whose makers were killed together with those who would have cleaned up. */
static void
sweep(const char *directory)
{
    DIR *names = opendir(directory);
    struct dirent *entry;

    while (names && (entry = readdir(names))) {
        int pid =
            strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 ? atoi(entry->d_name + strlen(PREFIX)) : 0;
        if (pid > 0 && kill(pid, 0) && errno == ESRCH)
            unlinkat(dirfd(names), entry->d_name, AT_REMOVEDIR);
    }
    if (names)
        closedir(names);
}

/* Where a group with the controller can be made, and the version of its hierarchy; NULL: nowhere. In version
 * 2 a group that has processes offers nothing to others, but the one above it may. */
static char *
find_place(const char *controller, int *version)
{
    char *directory = own_directory("cgroup", controller);

    *version = 1;
    if (directory && access(directory, W_OK) == 0)
        return directory;
    *version = 2;
    directory = own_directory("cgroup2", "");
    if (directory && offers(directory, controller))
        return directory;
    char *slash = directory ? strrchr(directory, '/') : NULL;
    if (!slash || slash == directory)
        return NULL;
    *slash = '\0';
    return offers(directory, controller) ? directory : NULL;
}

/* Returns the group's directory, or NULL with errno. */
static char *
make_limited(const struct controller *controller, uint64_t limit, pid_t init)
{
    char number[32];
    int version;
    char *place = find_place(controller->name, &version);

    if (!place) {
        errno = EACCES;
        return NULL;
    }
    sweep(place);
    char *directory = plan_format("%s/" PREFIX "%d", place, (int)getpid());
    bool made = mkdir(directory, 0755) == 0 || errno == EEXIST;
    snprintf(number, sizeof number, "%llu", (unsigned long long)limit);
    made = made && write_file(directory, controller->file[version], number);
    if (made && controller->more[version])
        write_file(directory, controller->more[version], version == 1 ? number : "0");
    snprintf(number, sizeof number, "%d", (int)init);
    made = made && write_file(directory, "cgroup.procs", number);
    if (made)
        return directory;
    int failure = errno;
    rmdir(directory);
    errno = failure;
    return NULL;
}

/* Whether this user's processes are not counted against RLIMIT_NPROC: the system's root. */
static bool
is_uncounted(void)
{
    FILE *map = fopen("/proc/self/uid_map", "re");
    unsigned long inside = 1;
    unsigned long outside = 1;
    bool known = map && fscanf(map, "%lu %lu", &inside, &outside) == 2;

    if (map)
        fclose(map);
    return geteuid() == 0 && (!known || (inside == 0 && outside == 0));
}

static uint64_t
most_processes(const struct plan *plan)
{
    for (size_t i = 0; i < plan->limit_count; i++)
        if (plan->limits[i].resource == RLIMIT_NPROC)
            return plan->limits[i].value;
    return UINT64_MAX;
}

void
group_make(const struct plan *plan, pid_t init, struct group *group)
{
    uint64_t processes = most_processes(plan);
    bool needed = processes != UINT64_MAX && (plan->spawn || plan->threads) && is_uncounted();

    *group = (struct group){0};
    if (!needed && !plan->group)
        return;
    /* The first process inside counts, and the program itself must be able to start. */
    if (processes < UINT64_MAX)
        group->directories[0] = make_limited(&controllers[0], (processes ? processes : 1) + 1, init);
    if (!group->directories[0] && needed)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_PROCESSES",
                          "processes of root can only be limited by a control group, and none can be made");
    if (plan->group_memory)
        group->directories[1] = make_limited(&controllers[1], plan->group_memory, init);
    if (group->directories[0])
        report_layer(&plan->report, "cgroup-pids");
    if (group->directories[1])
        report_layer(&plan->report, "cgroup-memory");
    if (!group->directories[0] && !group->directories[1])
        report_note(&plan->report, "no control group can be made here");
    for (int i = 0; i < GROUP_DIRECTORIES; i++)
        if (group->directories[i])
            report_group(&plan->report, group->directories[i]);
}

void
group_remove(const struct group *group)
{
    for (int i = 0; i < GROUP_DIRECTORIES; i++)
        for (int tries = 0; group->directories[i] && tries < TRIES; tries++) {
            if (rmdir(group->directories[i]) == 0 || errno != EBUSY)
                break;
            usleep(PAUSE_US);
        }
}
