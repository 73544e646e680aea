/* namespaces.c: see namespaces.h. */
#include "namespaces.h"

#include "bare.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    uint64_t flag;
    const char *name;
} namespaces[] = {
    {CLONE_NEWUSER, "user-namespace"},     {CLONE_NEWNS, "mount-namespace"}, {CLONE_NEWPID, "pid-namespace"},
    {CLONE_NEWNET, "net-namespace"},       {CLONE_NEWIPC, "ipc-namespace"},  {CLONE_NEWUTS, "uts-namespace"},
    {CLONE_NEWCGROUP, "cgroup-namespace"},
};

static pid_t
clone_with(uint64_t flags)
{
    struct clone_args args = {.flags = flags, .exit_signal = SIGCHLD};

    return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static uint64_t
wanted(const struct plan *plan)
{
    uint64_t flags = 0;

    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        flags |= namespaces[i].flag;
    return plan->network == NETWORK_HOST ? flags & ~(uint64_t)CLONE_NEWNET : flags;
}

static bool
write_to(pid_t child, const char *file, const char *text)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)child, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int number = errno;
    close(fd);
    errno = number;
    return written;
}

/* The ranges that exist here, each mapped to itself. */
static void
same_ranges(const char *own_map, char *out, size_t size)
{
    FILE *file = fopen(own_map, "re");
    unsigned long first;
    unsigned long count;
    size_t used = 0;

    out[0] = '\0';
    while (file && fscanf(file, "%lu %*u %lu", &first, &count) == 2 && used + 64 < size)
        used += (size_t)snprintf(out + used, size - used, "%lu %lu %lu\n", first, first, count);
    if (file)
        fclose(file);
}

static void
map_identities(const struct plan *plan, pid_t child)
{
    char users[4096];
    char groups[4096];

    same_ranges("/proc/self/uid_map", users, sizeof users);
    same_ranges("/proc/self/gid_map", groups, sizeof groups);
    if (geteuid() == 0 && write_to(child, "uid_map", users) && write_to(child, "gid_map", groups))
        return;
    snprintf(users, sizeof users, "%u %u 1\n", geteuid(), geteuid());
    snprintf(groups, sizeof groups, "%u %u 1\n", getegid(), getegid());
    if (!write_to(child, "uid_map", users) || (!write_to(child, "setgroups", "deny") && errno != ENOENT) ||
        !write_to(child, "gid_map", groups))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_NAMESPACES", "cannot map users into the namespace");
}

/* Whether a setting allows no namespaces of a kind at all. */
static bool
is_set_to_none(void)
{
    static const char *const kinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"};
    bool none = false;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !none; i++) {
        char path[64];
        unsigned long most = 1;
        snprintf(path, sizeof path, "/proc/sys/user/max_%s_namespaces", kinds[i]);
        FILE *file = fopen(path, "re");
        none = file && fscanf(file, "%lu", &most) == 1 && most == 0;
        if (file)
            fclose(file);
    }
    return none;
}

/* Whether namespaces are forbidden here for good: what only fails now must not make the boundary weaker. */
static bool
is_forbidden(void)
{
    int number = errno;
    bool forbidden =
        number == EPERM || number == ENOSYS || number == EINVAL || (number == ENOSPC && is_set_to_none());

    errno = number;
    return forbidden;
}

/* The system's root does without a user namespace where they are forbidden; nobody else can. */
pid_t
namespaces_fork(struct plan *plan)
{
    uint64_t flags = wanted(plan);
    pid_t pid = clone_with(flags);

    if (pid < 0 && geteuid() == 0) {
        int number = errno;
        flags &= ~(uint64_t)CLONE_NEWUSER;
        pid = clone_with(flags);
        if (pid > 0)
            report_lack(&plan->report, "user-namespace", strerror(number));
    }
    if (pid < 0 && !is_forbidden())
        report_fail_errno(&plan->report, "E_SANDBOX_OS_NAMESPACES", "namespaces cannot be had");
    if (pid < 0) {
        bare_accept(plan, BARE_OF_NAMESPACES);
        flags = 0;
        pid = fork();
    }
    if (pid < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot start a process");
    for (size_t i = 0; pid > 0 && i < sizeof namespaces / sizeof *namespaces; i++)
        if (flags & namespaces[i].flag)
            report_layer(&plan->report, namespaces[i].name);
    if (pid > 0 && flags & CLONE_NEWUSER)
        map_identities(plan, pid);
    return pid;
}
