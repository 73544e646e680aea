/* child.c: see child.h. */
#include "registry/child.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* An exit code of work that came back. One that calls exit() itself will rarely choose it, and a caller that
 * must be sure looks at the output. */
enum { GOOD_END = 113, OUTPUT_FD = 3, SLICE_MS = 10 };

void
child_write(int out, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(out, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        data += n;
        len -= (size_t)n;
    }
}

/* Handlers of the host (or of a sanitizer) would turn a crash into something else. */
static void
child_default_signals(void)
{
    static const int signals[] = {SIGHUP, SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                                  SIGFPE, SIGSEGV, SIGPIPE, SIGALRM, SIGTERM, SIGSYS,  SIGCHLD};
    sigset_t none;

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
child_main(child_work work, void *context, int out)
{
    struct rlimit no_core = {0, 0};
    int null = open("/dev/null", O_RDWR);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &no_core);
    child_default_signals();
    int pipe_fd = fcntl(out, F_DUPFD, 10); /* out of the way of what comes next */
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    dup2(pipe_fd, OUTPUT_FD);
    close_range(OUTPUT_FD + 1, ~0U, 0);
    work(context, OUTPUT_FD);
    _exit(GOOD_END);
}

/* Takes a part of what the pipe holds. Returns its length, 0 at the pipe's end, -1 when it is empty for now.
 */
static ssize_t
child_read(int fd, struct text *output)
{
    ssize_t n;

    text_reserve(output, 4096);
    do
        n = read(fd, output->data + output->len, 4096);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        output->len += (size_t)n;
    output->data[output->len] = '\0'; /* also when nothing came: the reserved room holds anything */
    return n;
}

static bool
child_has_ended(pid_t pid)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

/* Takes what was written before the child ended. */
static enum child_how
child_drain(int fd, const struct child_limits *limits, struct text *output)
{
    while (child_read(fd, output) > 0)
        if (output->len > limits->output_bytes)
            return CHILD_TOO_MUCH;
    return CHILD_DONE;
}

/* Collects output until the child ends or breaks a limit. A grandchild may hold the pipe open, so its end
 * alone says nothing: the child's does. */
static enum child_how
child_collect(pid_t pid, int fd, const struct child_limits *limits, struct text *output)
{
    int64_t start = clock_ms();
    int64_t heard = start;
    bool open = true;

    for (;;) {
        struct pollfd waiting = {.fd = open ? fd : -1, .events = POLLIN};

        if (poll(&waiting, 1, open ? SLICE_MS : 1) > 0) {
            open = child_read(fd, output) != 0;
            heard = clock_ms();
            if (output->len > limits->output_bytes)
                return CHILD_TOO_MUCH;
            continue;
        }
        if (child_has_ended(pid))
            return child_drain(fd, limits, output);
        int64_t now = clock_ms();
        if (now - heard > limits->silence_ms || now - start > limits->total_ms)
            return CHILD_TIMED_OUT;
    }
}

static void
child_judge(int status, struct child_end *end)
{
    if (WIFSIGNALED(status)) {
        end->how = CHILD_SIGNALLED;
        end->number = WTERMSIG(status);
    } else if (WEXITSTATUS(status) != GOOD_END) {
        end->how = CHILD_EXITED;
        end->number = WEXITSTATUS(status);
    }
}

struct error *
child_run(child_work work, void *context, const struct child_limits *limits, struct text *output,
          struct child_end *end)
{
    int ends[2];
    int status = 0;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
        return error_errno("E_CHILD", "cannot make a pipe");
    fcntl(ends[1], F_SETFL, 0); /* the writer waits for the reader, not the other way round */
    pid_t pid = fork();
    if (pid < 0) {
        struct error *error = error_errno("E_CHILD", "cannot start a child process");

        close(ends[0]);
        close(ends[1]);
        return error;
    }
    if (pid == 0)
        child_main(work, context, ends[1]);
    setpgid(pid, pid); /* whoever is first: the group must exist before it is killed */
    close(ends[1]);
    *end = (struct child_end){.how = child_collect(pid, ends[0], limits, output)};
    close(ends[0]);
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (end->how == CHILD_DONE)
        child_judge(status, end);
    return NULL;
}

void
child_end_text(const struct child_end *end, const struct child_limits *limits, struct text *out)
{
    switch (end->how) {
    case CHILD_DONE:
        text_puts(out, "ended well");
        break;
    case CHILD_EXITED:
        text_printf(out, "ended the process with exit code %d", end->number);
        break;
    case CHILD_SIGNALLED:
        text_printf(out, "died by signal %d (%s)", end->number, strsignal(end->number));
        break;
    case CHILD_TIMED_OUT:
        text_printf(out, "took longer than %u ms and was killed", limits->silence_ms);
        break;
    case CHILD_TOO_MUCH:
        text_puts(out, "wrote too much and was killed");
        break;
    }
}
