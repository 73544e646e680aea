/* x07-confine: runs one program behind a boundary of the operating system. ../README.md says how it is used.
 *
 * Three processes: this one stays outside, waits, and ends the way the program ended; its child is the first
 * process of the new namespaces (init.c); that one's child becomes the program. Whoever kills the first kills
 * them all, and so does the death of whoever started it. */
#include "broker.h"
#include "group.h"
#include "init.h"
#include "namespaces.h"
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
close_between(unsigned first, unsigned end)
{
    if (first < end)
        close_range(first, end - 1, 0);
}

/* Only the three streams, what is to be kept, and the report go inside; the report is closed where the
 * program starts. */
static void
close_others(const struct plan *plan)
{
    unsigned report = (unsigned)plan->report.fd;

    close_between(plan->keep, report);
    close_range(report < plan->keep ? plan->keep : report + 1, ~0U, 0);
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
    sigset_t none;

    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    setrlimit(RLIMIT_CORE, &no_core);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
}

/* Takes the ends of the broker's processes, but not that of the first process inside. Returns how many. */
static unsigned
reap_others(pid_t init)
{
    siginfo_t info;
    unsigned count = 0;

    for (;;) {
        info.si_pid = 0;
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == 0 || info.si_pid == init)
            return count;
        waitpid(info.si_pid, NULL, 0);
        count++;
    }
}

/* The wait status of the program, or -1 when everything inside ended without it, or when whoever started this
 * process died: then everything inside is killed. Until then the broker answers. */
static int
wait_inside(const struct plan *plan, pid_t init, int child, int death)
{
    enum { STATUS, DEATH, CALL };
    struct pollfd waiting[] = {[STATUS] = {.fd = child, .events = POLLIN},
                               [DEATH] = {.fd = death, .events = POLLIN},
                               [CALL] = {.fd = -1, .events = POLLIN}};
    unsigned answering = 0;
    int status = -1;

    if (plan->network == NETWORK_BROKER)
        waiting[CALL].fd = broker_accept(plan, child);
    while (!waiting[STATUS].revents && !waiting[DEATH].revents) {
        if (poll(waiting, 3, -1) < 0)
            continue;
        if (waiting[CALL].revents)
            answering -= reap_others(init);
        if (waiting[CALL].revents & POLLIN)
            answering += broker_answer(plan, waiting[CALL].fd, answering);
        else if (waiting[CALL].revents)
            waiting[CALL].fd = -1; /* nobody is left who could ask */
    }
    if (waiting[DEATH].revents)
        kill(init, SIGKILL);
    else if (read(child, &status, sizeof status) != sizeof status)
        status = -1;
    while (waitpid(init, NULL, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* A descriptor that tells when whoever started this process dies. Until now that kills it; from now on it
 * must clean up. */
static int
watch_parent(const struct plan *plan, pid_t parent)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (fd < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot watch the parent");
    if (getppid() != parent)
        _exit(CONFINE_EXIT_FAILED);
    return fd;
}

int
main(int argc, char **argv)
{
    struct plan plan;
    struct group group;
    pid_t parent = getppid();
    int ends[2];

    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        return CONFINE_EXIT_FAILED;
    plan_read(&plan, argc, argv);
    close_others(&plan);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        report_fail_errno(&plan.report, "E_SANDBOX_OS_INIT", "cannot make a socket pair");
    pid_t init = namespaces_fork(&plan);
    if (init == 0) {
        close(ends[0]);
        init_main(&plan, ends[1]);
    }
    close(ends[1]);
    close_between(3, plan.keep);
    leave_streams();
    int death = watch_parent(&plan, parent);
    group_make(&plan, init, &group);
    if (plan.network != NETWORK_BROKER && write(ends[0], "", 1) != 1)
        report_fail_errno(&plan.report, "E_SANDBOX_OS_INIT", "the first process inside is gone");
    int status = wait_inside(&plan, init, ends[0], death);
    group_remove(&group);
    if (status == -1)
        return CONFINE_EXIT_FAILED;
    end_like(status);
}
