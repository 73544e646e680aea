/* process.c: a child within the boundary. It dies with this process: by the kernel when the parent is killed,
 * by process_end else. It inherits the descriptors that it is given and nothing more. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_FDS = 16 };

/* Between fork and exec. fds[i] becomes descriptor i. */
static void
become(const struct words *words, const int *fds, size_t count, pid_t parent, int failure)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    const struct rlimit no_core = {0, 0};
    sigset_t none;
    int high[MOST_FDS];

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || count > MOST_FDS)
        _exit(127);
    failure = fcntl(failure, F_DUPFD_CLOEXEC, MOST_FDS * 2);
    for (size_t i = 0; i < count; i++)
        high[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, MOST_FDS * 2);
    for (size_t i = 0; i < count; i++)
        if (high[i] >= 0)
            dup2(high[i], (int)i);
    setrlimit(RLIMIT_CORE, &no_core);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (chdir("/") == 0)
        execve(words->items[0], words->items, (char *const *)(uintptr_t)environment);
    int number = errno;
    if (write(failure, &number, sizeof number) < 0)
        _exit(126);
    _exit(127);
}

struct process
process_none(const x07_host *host)
{
    return (struct process){.host = host, .handle = -1};
}

x07_status
process_start(struct process *process, const struct words *words, const int *fds, size_t count)
{
    pid_t parent = getpid();
    int failure[2];
    int number;

    if (pipe2(failure, O_CLOEXEC) < 0)
        return vm_fail_errno(process->host, "E_VM_START", "pipe");
    pid_t pid = fork();
    if (pid == 0)
        become(words, fds, count, parent, failure[1]);
    close(failure[1]);
    if (pid < 0) {
        close(failure[0]);
        return vm_fail_errno(process->host, "E_VM_START", "fork");
    }
    setpgid(pid, pid);
    process->pid = pid;
    process->handle = pidfd_open(pid, 0);
    bool failed = read(failure[0], &number, sizeof number) == sizeof number;
    close(failure[0]);
    if (!failed)
        return X07_OK;
    errno = number;
    return vm_fail_errno(process->host, "E_VM_START", "start %s", words->items[0]);
}

void
process_end(struct process *process)
{
    if (process->pid > 0) {
        kill(-process->pid, SIGKILL);
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (process->handle >= 0)
        close(process->handle);
    process->pid = 0;
    process->handle = -1;
}
