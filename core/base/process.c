/* process.c: see process.h. One poll loop over the child's three pipes, its end, and our own signals. */
#include "base/process.h"

#include "base/clock.h"
#include "base/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLIND_WAIT_MS = 10 };

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
            process_close(&child->in);
            return;
        }
        ssize_t moved = move_input(child);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0 && errno == EAGAIN)
            return;
        if (moved <= 0) {
            /* The child reads no more, or the file got shorter meanwhile: the child sees an early end. */
            process_close(&child->in);
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
            process_close(fd);
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
    int64_t left = deadline < 0 ? -1 : deadline - clock_ms();

    if (deadline >= 0 && left < 0)
        left = 0;
    if (child->exit_fd < 0 && (left < 0 || left > BLIND_WAIT_MS))
        left = BLIND_WAIT_MS;
    return left > INT_MAX ? INT_MAX : (int)left;
}

static void
watch(struct child *child, const struct process_request *request, struct process_result *result)
{
    int64_t deadline = request->wall_ms ? clock_ms() + (int64_t)request->wall_ms : -1;

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
        if (deadline >= 0 && clock_ms() >= deadline) {
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
    process_signals(&set);
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
    struct error *error = process_spawn(&child, request, &mask);
    if (!error) {
        int64_t start = clock_us();
        watch(&child, request, result);
        finish(&child, result);
        result->wall_us = (uint64_t)(clock_us() - start);
    }
    process_close(&child.in);
    process_close(&child.out);
    process_close(&child.err);
    process_close(&child.exit_fd);
    process_close(&child.signal_fd);
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
