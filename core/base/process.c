/* process.c: see process.h. One poll loop over the child's three pipes, its end, and our own signals. */
#include "base/process.h"

#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20, CHUNK = 64 * 1024, BLIND_WAIT_MS = 10, FRAME_PREFIX = 4 };

extern char **environ;

/* A running child and what is still to be moved. */
struct child {
    pid_t pid;
    int exit_fd; /* readable when the child has ended; -1: must be asked */
    int signal_fd;
    int in, out, err; /* our ends of the pipes; -1: closed */
    struct process_input input;
    uint8_t prefix[FRAME_PREFIX];
    size_t prefix_left;
    bool ended;
    bool spliceable;
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t
now_ms(void)
{
    return now_us() / 1000;
}

static void
held_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

void
process_hold_signals(sigset_t *saved)
{
    sigset_t set;

    held_signals(&set);
    sigprocmask(SIG_BLOCK, &set, saved);
}

void
process_release_signals(const sigset_t *saved)
{
    sigprocmask(SIG_SETMASK, saved, NULL);
}

int
process_pending_signal(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;

    sigpending(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigismember(&set, numbers[i]))
            return numbers[i];
    return 0;
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

static struct error *
child_spawn(struct child *child, const struct process_request *request, const sigset_t *mask)
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
        close_fd(&theirs[i]);
    if (error)
        return error;
    child->exit_fd = pidfd_open(child->pid, 0);
    if (child->in >= 0)
        set_nonblocking(child->in);
    set_nonblocking(child->out);
    set_nonblocking(child->err);
    return NULL;
}

/* Moves input bytes once; returns bytes moved, 0 at the end of the source, -1 with errno. */
static ssize_t
move_input(struct child *child)
{
    struct process_input *input = &child->input;
    size_t want = input->len > CHUNK * 16 ? CHUNK * 16 : (size_t)input->len;

    if (child->prefix_left)
        return write(child->in, child->prefix + FRAME_PREFIX - child->prefix_left, child->prefix_left);
    if (input->data)
        return write(child->in, input->data, want);
    if (child->spliceable) {
        ssize_t moved = splice(input->fd, NULL, child->in, NULL, want, SPLICE_F_NONBLOCK);
        if (moved >= 0 || errno != EINVAL)
            return moved;
        child->spliceable = false;
    }
    /* A source that cannot be spliced: whole chunks, so that no byte read is left unwritten. */
    char buffer[PIPE_BUF];
    ssize_t got =
        pread(input->fd, buffer, want > sizeof buffer ? sizeof buffer : want, lseek(input->fd, 0, SEEK_CUR));
    if (got <= 0)
        return got;
    ssize_t written = write(child->in, buffer, (size_t)got);
    if (written > 0)
        lseek(input->fd, written, SEEK_CUR);
    return written;
}

static void
feed(struct child *child)
{
    while (child->in >= 0) {
        if (!child->prefix_left && !child->input.len) {
            close_fd(&child->in);
            return;
        }
        ssize_t moved = move_input(child);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0 && errno == EAGAIN)
            return;
        if (moved <= 0) {
            /* The child reads no more, or the file got shorter meanwhile: the child sees an early end. */
            close_fd(&child->in);
            return;
        }
        if (child->prefix_left) {
            child->prefix_left -= (size_t)moved;
        } else {
            child->input.len -= (uint64_t)moved;
            if (child->input.data)
                child->input.data = (const char *)child->input.data + moved;
        }
    }
}

/* Takes what is there; closes at the end. Returns true when the child wrote more than `cap`. */
static bool
capture(const struct process_request *request, bool is_stderr, int *fd, struct text *text)
{
    uint64_t cap = is_stderr ? request->stderr_cap : request->stdout_cap;

    while (*fd >= 0) {
        char extra;
        bool full = text->len >= cap;
        uint64_t room = cap - text->len;
        size_t want = full ? 1 : room > CHUNK ? CHUNK : (size_t)room;
        if (!full)
            text_reserve(text, want);
        ssize_t got = read(*fd, full ? &extra : text->data + text->len, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return false;
        if (got <= 0) {
            close_fd(fd);
            return false;
        }
        if (full)
            return true;
        text->len += (size_t)got;
        text->data[text->len] = '\0';
        if (request->listener)
            request->listener(request->listener_context, is_stderr, text->data + text->len - got,
                              (size_t)got);
    }
    return false;
}

/* Has the child ended? It is not reaped yet, so that its process group cannot be anyone else's. */
static bool
child_ended(const struct child *child)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

static int
wait_ms(const struct child *child, int64_t deadline)
{
    int64_t left = deadline < 0 ? -1 : deadline - now_ms();

    if (deadline >= 0 && left < 0)
        left = 0;
    if (child->exit_fd < 0 && (left < 0 || left > BLIND_WAIT_MS))
        left = BLIND_WAIT_MS;
    return left > INT_MAX ? INT_MAX : (int)left;
}

static void
watch(struct child *child, const struct process_request *request, struct process_result *result)
{
    int64_t deadline = request->wall_ms ? now_ms() + (int64_t)request->wall_ms : -1;

    for (;;) {
        struct pollfd fds[] = {
            {.fd = child->in, .events = POLLOUT},       {.fd = child->out, .events = POLLIN},
            {.fd = child->err, .events = POLLIN},       {.fd = child->exit_fd, .events = POLLIN},
            {.fd = child->signal_fd, .events = POLLIN},
        };
        poll(fds, sizeof fds / sizeof *fds, wait_ms(child, deadline));
        child->ended = child_ended(child);
        feed(child);
        result->err_capped = capture(request, true, &child->err, &result->err);
        result->out_capped = capture(request, false, &child->out, &result->out);
        if (child->ended || result->out_capped || result->err_capped)
            return;
        result->interrupted = process_pending_signal();
        if (result->interrupted)
            return;
        if (deadline >= 0 && now_ms() >= deadline) {
            result->timed_out = true;
            return;
        }
    }
}

static uint64_t
time_us(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static void
finish(struct child *child, struct process_result *result)
{
    struct rusage usage = {0};
    int status = 0;

    kill(-child->pid, SIGKILL);
    kill(child->pid, SIGKILL);
    while (wait4(child->pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result->user_us = time_us(usage.ru_utime);
    result->system_us = time_us(usage.ru_stime);
    result->peak_memory = (uint64_t)usage.ru_maxrss * 1024;
}

/* Takes away the SIGPIPE that a child which did not read its input has caused. */
static void
discard_sigpipe(const sigset_t *pipe_set, bool was_pending)
{
    struct timespec zero = {0};

    if (!was_pending)
        while (sigtimedwait(pipe_set, NULL, &zero) < 0 && errno == EINTR)
            ;
}

static void
child_prepare(struct child *child, const struct process_request *request)
{
    sigset_t set;

    *child = (struct child){.pid = -1, .exit_fd = -1, .in = -1, .out = -1, .err = -1, .spliceable = true};
    child->input = request->input;
    held_signals(&set);
    child->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (!request->input.framed)
        return;
    child->prefix_left = FRAME_PREFIX;
    for (int i = 0; i < FRAME_PREFIX; i++)
        child->prefix[i] = (uint8_t)(request->input.len >> (8 * i));
}

/* The child gets the mask that we had, without what a caller of ours may be holding back. */
static void
child_mask(const sigset_t *saved, sigset_t *mask)
{
    *mask = *saved;
    sigdelset(mask, SIGINT);
    sigdelset(mask, SIGTERM);
    sigdelset(mask, SIGHUP);
}

struct error *
process_run(const struct process_request *request, struct process_result *result)
{
    struct child child;
    sigset_t saved;
    sigset_t mask;
    sigset_t pipe_set;
    sigset_t pending;

    *result = (struct process_result){.exit_code = -1};
    if (request->input.framed && request->input.len > UINT32_MAX)
        return error_new("E_PROCESS_IO", "input of %llu bytes does not fit a 32-bit length",
                         (unsigned long long)request->input.len);
    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    process_hold_signals(&saved);
    sigprocmask(SIG_BLOCK, &pipe_set, NULL);
    sigpending(&pending);

    child_prepare(&child, request);
    child_mask(&saved, &mask);
    struct error *error = child_spawn(&child, request, &mask);
    if (!error) {
        int64_t start = now_us();
        watch(&child, request, result);
        finish(&child, result);
        result->wall_us = (uint64_t)(now_us() - start);
    }
    close_fd(&child.in);
    close_fd(&child.out);
    close_fd(&child.err);
    close_fd(&child.exit_fd);
    close_fd(&child.signal_fd);
    discard_sigpipe(&pipe_set, sigismember(&pending, SIGPIPE) == 1);
    process_release_signals(&saved);
    return error;
}

void
process_result_free(struct process_result *result)
{
    text_free(&result->out);
    text_free(&result->err);
    *result = (struct process_result){.exit_code = -1};
}

char *
process_find(const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/'))
        return access(name, X_OK) == 0 && file_is_regular(name) ? memory_string(name) : NULL;
    if (!path)
        path = "/usr/local/bin:/usr/bin:/bin";
    while (name[0]) {
        size_t len = strcspn(path, ":");
        char *dir = memory_copy(path, len);
        char *candidate = file_join(len ? dir : ".", name);
        free(dir);
        if (access(candidate, X_OK) == 0 && file_is_regular(candidate))
            return candidate;
        free(candidate);
        if (!path[len])
            break;
        path += len + 1;
    }
    return NULL;
}

char *
process_self(void)
{
    return realpath("/proc/self/exe", NULL);
}
