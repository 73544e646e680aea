/* init.c: see init.h. */
#include "init.h"

#include "bare.h"
#include "broker.h"
#include "filter.h"
#include "landlock.h"
#include "limits.h"
#include "privileges.h"
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Dies with the process outside, and before it when that has died already. */
static void
follow_parent(const struct plan *plan, int parent)
{
    struct pollfd hangup = {.fd = parent};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot follow the parent");
    if (poll(&hangup, 1, 0) != 0)
        _exit(CONFINE_EXIT_FAILED);
}

static void
wait_for_identity(const struct plan *plan, int parent)
{
    char byte;
    ssize_t got;

    do
        got = read(parent, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
        _exit(CONFINE_EXIT_FAILED);
    /* Signals and ids of a process whose user was unknown so far. */
    if (setsid() < 0 && errno != EPERM)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot start a session");
}

static _Noreturn void
become_program(const struct plan *plan, int parent)
{
    landlock_restrict(plan);
    int listener = filter_install(plan);
    if (listener >= 0)
        broker_offer(plan, parent, listener);
    limits_apply(plan);
    report_running(&plan->report);
    if (plan->check)
        _exit(0);
    execv(plan->program, (char *const *)(uintptr_t)plan->argv);
    report_fail_errno(&plan->report, "E_SANDBOX_OS_EXEC", "cannot execute %s", plan->program);
}

/* Nobody outside waits for these to be closed by anyone but the program. */
static void
leave_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd < 3; fd++)
        if (null < 0 || dup2(null, fd) < 0)
            close(fd);
}

static _Noreturn void
reap_until_end(pid_t program, int parent)
{
    int status;

    for (;;) {
        pid_t pid = waitpid(-1, &status, 0);
        if (pid == program)
            break;
        if (pid < 0 && errno != EINTR)
            _exit(CONFINE_EXIT_FAILED);
    }
    _exit(write(parent, &status, sizeof status) == sizeof status ? 0 : CONFINE_EXIT_FAILED);
}

/* The program's process borrows this one's memory until it executes, as copying that would cost more than all
 * the rest; this one stands still meanwhile. */
static __attribute__((noinline)) pid_t
start_program(const struct plan *plan, int parent)
{
    pid_t init = getpid();
    pid_t pid = vfork();

    if (pid == 0) {
        setsid();
        /* The filter does not let it be taken back. */
        if (plan->shared && (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != init))
            _exit(CONFINE_EXIT_FAILED);
        become_program(plan, parent);
    }
    return pid;
}

void
init_main(struct plan *plan, int parent)
{
    wait_for_identity(plan, parent);
    if (!plan->bare && !view_enter(plan))
        bare_accept(plan, BARE_OF_VIEW);
    if (!plan->bare && sethostname("sandbox", 7))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot hide the name of the host");
    privileges_drop(plan);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the program must not reach what is open here */
    follow_parent(plan, parent);        /* after the last change of rights, which would forget it */
    pid_t program = start_program(plan, parent);
    if (program < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_INIT", "cannot start a process");
    leave_streams();
    close(plan->report.fd);
    reap_until_end(program, parent);
}
