/* attempt_processes.c: starting processes that were not granted, and reaching those of others. */
#include "attempt.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child ends at once, the parent takes what came of it. */
static int
child_or_refusal(long pid)
{
    if (pid < 0)
        return errno;
    if (pid == 0)
        _exit(0);
    waitpid((pid_t)pid, NULL, 0);
    return 0;
}

static int
start_by_fork(void)
{
    return child_or_refusal(syscall(SYS_fork));
}

static int
start_by_clone(void)
{
    return child_or_refusal(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int
start_by_clone3(void)
{
    struct clone_args args = {.exit_signal = SIGCHLD};

    return child_or_refusal(syscall(SYS_clone3, &args, sizeof args));
}

static int
start_by_vfork(void)
{
    pid_t pid = vfork();

    if (pid == 0)
        _exit(0);
    return outcome(pid);
}

static void *
nothing(void *argument)
{
    return argument;
}

static int
start_thread(void)
{
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, nothing, NULL);

    if (!failure)
        pthread_join(thread, NULL);
    return failure;
}

static int
execute_other(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return errno;
}

static int
execute_granted(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        execl("/usr/bin/env", "env", "/bin/echo", "granted", (char *)NULL);
        _exit(100);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return errno;
    return status ? EACCES : 0;
}

static int
execute_by_loader(void)
{
    execl("/lib64/ld-linux-x86-64.so.2", "ld.so", "/bin/true", (char *)NULL);
    return errno;
}

static int
copy_self(int to)
{
    int from = open("/proc/self/exe", O_RDONLY);
    struct stat info;

    if (from < 0 || fstat(from, &info))
        return errno;
    while (info.st_size > 0) {
        ssize_t moved = sendfile(to, from, NULL, (size_t)info.st_size);
        if (moved <= 0)
            return errno;
        info.st_size -= moved;
    }
    return 0;
}

/* What is executed is this program with an attempt that reaches its aim everywhere. */
static int
execute_written(void)
{
    int fd = open("out/program", O_WRONLY | O_CREAT | O_TRUNC, 0755);
    int failure = fd < 0 ? errno : copy_self(fd);

    close(fd);
    if (failure)
        return failure;
    execl("out/program", "program", "always", (char *)NULL);
    return errno;
}

static int
execute_from_memory(void)
{
    int fd = (int)syscall(SYS_memfd_create, "program", 0);
    char *const argv[] = {"program", "always", NULL};
    int failure = fd < 0 ? errno : copy_self(fd);

    if (failure)
        return failure;
    syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
    return errno;
}

static int
always(void)
{
    return 0;
}

/* In its own session, away from the group that a time limit kills. */
static int
outlive(void)
{
    pid_t pid = fork();

    if (pid < 0)
        return errno;
    if (pid == 0) {
        setsid();
        if (fork() == 0)
            sleep(60);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    return 0;
}

/* A whole crowd that never ends by itself; so does the first of them. */
static int
crowd(void)
{
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            signal(SIGTERM, SIG_IGN);
        }
    sleep(60);
    return 0;
}

static int
signal_host(void)
{
    return outcome(kill(aim_number("HOST_PID"), 0));
}

static int
signal_host_by_descriptor(void)
{
    int process = (int)syscall(SYS_pidfd_open, aim_number("HOST_PID"), 0);

    return process < 0 ? errno : outcome(syscall(SYS_pidfd_send_signal, process, 0, NULL, 0));
}

static int
signal_parent(void)
{
    return outcome(kill(getppid(), 0));
}

static int
signal_everyone(void)
{
    return outcome(kill(-1, 0));
}

static int
trace_host(void)
{
    return outcome(ptrace(PTRACE_SEIZE, aim_number("HOST_PID"), NULL, NULL));
}

static int
trace_first_process(void)
{
    return outcome(ptrace(PTRACE_SEIZE, 1, NULL, NULL));
}

static int
trace_parent(void)
{
    return outcome(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
}

static int
read_memory_of_host(void)
{
    char byte;
    struct iovec local = {&byte, 1};
    struct iovec remote = {(void *)16, 1};
    long got = syscall(SYS_process_vm_readv, aim_number("HOST_PID"), &local, 1, &remote, 1, 0);

    return got < 0 && errno == EFAULT ? 0 : outcome(got); /* the address is wrong, the right was there */
}

static int
limits_of_host(void)
{
    struct rlimit limit;

    return outcome(prlimit(aim_number("HOST_PID"), RLIMIT_CORE, NULL, &limit));
}

static int
run_before_others(void)
{
    struct sched_param first = {.sched_priority = 1};

    return outcome(sched_setscheduler(0, SCHED_FIFO, &first));
}

static int
become_other(void)
{
    return outcome(setresuid(12345, 12345, 12345));
}

static int
join_other_groups(void)
{
    gid_t group = 12345;

    return outcome(syscall(SYS_setgroups, 1, &group));
}

const struct attempt process_attempts[] = {
    {"always", always},
    {"start-by-fork", start_by_fork},
    {"start-by-clone", start_by_clone},
    {"start-by-clone3", start_by_clone3},
    {"start-by-vfork", start_by_vfork},
    {"start-thread", start_thread},
    {"execute-other", execute_other},
    {"execute-granted", execute_granted},
    {"execute-by-loader", execute_by_loader},
    {"execute-written", execute_written},
    {"execute-from-memory", execute_from_memory},
    {"outlive", outlive},
    {"crowd", crowd},
    {"signal-host", signal_host},
    {"signal-host-by-descriptor", signal_host_by_descriptor},
    {"signal-parent", signal_parent},
    {"signal-everyone", signal_everyone},
    {"trace-host", trace_host},
    {"trace-first-process", trace_first_process},
    {"trace-parent", trace_parent},
    {"read-memory-of-host", read_memory_of_host},
    {"limits-of-host", limits_of_host},
    {"run-before-others", run_before_others},
    {"become-other", become_other},
    {"join-other-groups", join_other_groups},
    {NULL, NULL},
};
