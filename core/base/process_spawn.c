/* process_spawn.c: starts a child with its pipes, limits and signal mask. Knows nothing of what goes through
 * the pipes, nor of how the child ends. */
#include "base/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void
process_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Soft and hard limit at once. Where the system holds us to less already, that stays: it is stricter. */
static int
set_limit(const struct process_limit *wanted)
{
    __rlimit_resource_t resource = (__rlimit_resource_t)wanted->resource;
    struct rlimit limit = {.rlim_cur = wanted->value, .rlim_max = wanted->value};
    struct rlimit now;

    if (setrlimit(resource, &limit) == 0)
        return 0;
    if (errno != EPERM || getrlimit(resource, &now) < 0)
        return -1;
    limit.rlim_cur = limit.rlim_max = now.rlim_max;
    return setrlimit(resource, &limit);
}

/* Between vfork and exec: nothing here may allocate, lock, or touch what the parent relies on. `failure` is
 * volatile because the compiler takes a store before _exit for dead, and the parent reads it. */
static void
child_start(const struct process_request *request, const int *fds, const sigset_t *mask, pid_t parent,
            volatile int *failure)
{
    if (!request->input.ours)
        setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    if (getppid() != parent)
        _exit(127);
    for (int i = 0; i < 3; i++)
        if (dup2(fds[i], i) < 0)
            goto failed;
    if (request->cwd && chdir(request->cwd) < 0)
        goto failed;
    for (size_t i = 0; i < request->limit_count; i++)
        if (set_limit(&request->limits[i]) < 0)
            goto failed;
    sigprocmask(SIG_SETMASK, mask, NULL);
    execve(request->path, (char *const *)(uintptr_t)request->argv,
           request->env ? (char *const *)(uintptr_t)request->env : environ);
failed:
    *failure = errno;
    _exit(127);
}

/* vfork, since a fork of a host with a large input in memory would copy its page tables first. */
static __attribute__((noinline)) pid_t
child_fork(const struct process_request *request, const int *fds, const sigset_t *mask, volatile int *failure)
{
    volatile pid_t parent = getpid();
    pid_t pid = vfork();

    if (pid == 0)
        child_start(request, fds, mask, parent, failure);
    return pid;
}

/* Pipe ends for the child must not be 0, 1 or 2, which dup2 is going to overwrite. */
static int
above_standard(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return moved;
}

static int
make_pipe(int *reader, int *writer)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    *reader = above_standard(ends[0]);
    *writer = above_standard(ends[1]);
    return *reader < 0 || *writer < 0 ? -1 : 0;
}

/* What the child reads, and our end of it if it is a pipe. */
static int
open_input(const struct process_request *request, int *theirs, int *ours)
{
    if (!request->input.ours)
        return make_pipe(theirs, ours);
    *theirs = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (*theirs < 0)
        *theirs = above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC));
    return *theirs < 0 ? -1 : 0;
}

static void
set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags >= 0)
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

struct error *
process_spawn(struct child *child, const struct process_request *request, const sigset_t *mask)
{
    int theirs[3] = {-1, -1, -1};
    volatile int failure = 0;
    struct error *error = NULL;

    if (open_input(request, &theirs[0], &child->in) < 0 || make_pipe(&child->out, &theirs[1]) < 0 ||
        make_pipe(&child->err, &theirs[2]) < 0) {
        error = error_errno("E_PROCESS_IO", "pipe");
    } else {
        if (child->in >= 0 && child->input.len > CHUNK)
            fcntl(child->in, F_SETPIPE_SZ, PIPE_SIZE);
        if (request->stdout_cap > PIPE_SIZE)
            fcntl(child->out, F_SETPIPE_SZ, PIPE_SIZE);
        child->pid = child_fork(request, theirs, mask, &failure);
        if (child->pid < 0) {
            error = error_errno("E_PROCESS_START", "%s", request->path);
        } else if (failure) {
            waitpid(child->pid, NULL, 0);
            errno = failure;
            error = error_errno("E_PROCESS_START", "%s", request->path);
        }
    }
    for (int i = 0; i < 3; i++)
        process_close(&theirs[i]);
    if (error)
        return error;
    child->exit_fd = pidfd_open(child->pid, 0);
    if (child->in >= 0)
        set_nonblocking(child->in);
    set_nonblocking(child->out);
    set_nonblocking(child->err);
    return NULL;
}
