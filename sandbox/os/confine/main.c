/* x07-confine: runs one program behind a boundary of the operating system. ../README.md says how it is used.
 *
 * Three processes: this one stays outside, waits, and ends the way the program ended; its child is the first
 * process of the new namespaces (init.c); that one's child becomes the program. Whoever kills the first kills
 * them all, and so does the death of whoever started it. */
#include "init.h"
#include "namespaces.h"
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Only the three streams and the report go inside; the report is closed where the program starts. */
static void
close_others(const struct plan *plan)
{
    int report = plan->report.fd;

    if (report > 3)
        close_range(3, (unsigned)report - 1, 0);
    close_range((unsigned)report + 1, ~0U, 0);
}

static void
leave_streams(void)
{
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    for (int fd = 0; fd < 3; fd++)
        open("/dev/null", O_RDWR);
}

/* Ends this process the way the program ended. */
static _Noreturn void
end_like(int status)
{
    struct rlimit no_core = {0, 0};

    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    setrlimit(RLIMIT_CORE, &no_core);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
}

static _Noreturn void
wait_for_end(pid_t init, int child)
{
    int status;
    ssize_t got;

    do
        got = read(child, &status, sizeof status);
    while (got < 0 && errno == EINTR);
    while (waitpid(init, NULL, 0) < 0 && errno == EINTR)
        ;
    if (got != sizeof status)
        _exit(CONFINE_EXIT_FAILED);
    end_like(status);
}

int
main(int argc, char **argv)
{
    struct plan plan;
    pid_t parent = getppid();
    int ends[2];

    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        return CONFINE_EXIT_FAILED;
    plan_read(&plan, argc, argv);
    close_others(&plan);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        report_fail_errno(&plan.report, "E_SANDBOX_OS_INIT", "cannot make a socket pair");
    pid_t init = namespaces_fork(&plan);
    if (init == 0) {
        close(ends[0]);
        init_main(&plan, ends[1]);
    }
    close(ends[1]);
    leave_streams();
    if (write(ends[0], "", 1) != 1)
        report_fail_errno(&plan.report, "E_SANDBOX_OS_INIT", "the first process inside is gone");
    wait_for_end(init, ends[0]);
}
