/* machine.c: one QEMU process. It dies with this process: by the kernel when the parent is killed, by
 * machine_end else. It inherits four descriptors and nothing more. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_SHOWN = 600 };

/* Between fork and exec. fds[i] becomes descriptor i. */
static void
become_qemu(const struct words *words, const int *fds, pid_t parent, int failure)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    const struct rlimit no_core = {0, 0};
    sigset_t none;
    int high[MACHINE_FDS];

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    failure = fcntl(failure, F_DUPFD_CLOEXEC, MACHINE_FDS * 2);
    for (int i = 0; i < MACHINE_FDS; i++)
        high[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, MACHINE_FDS * 2);
    for (int i = 0; i < MACHINE_FDS; i++)
        if (high[i] >= 0)
            dup2(high[i], i);
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

/* Starts the process; on success it has passed exec. */
static x07_status
start(struct machine *machine, const struct words *words, const int *fds)
{
    pid_t parent = getpid();
    int failure[2];
    int number;

    if (pipe2(failure, O_CLOEXEC) < 0)
        return vm_fail_errno(machine->host, "E_VM_START", "pipe");
    pid_t pid = fork();
    if (pid == 0)
        become_qemu(words, fds, parent, failure[1]);
    close(failure[1]);
    if (pid < 0) {
        close(failure[0]);
        return vm_fail_errno(machine->host, "E_VM_START", "fork");
    }
    setpgid(pid, pid);
    machine->pid = pid;
    machine->process = pidfd_open(pid, 0);
    bool failed = read(failure[0], &number, sizeof number) == sizeof number;
    close(failure[0]);
    if (!failed)
        return X07_OK;
    errno = number;
    return vm_fail_errno(machine->host, "E_VM_START", "start %s", words->items[0]);
}

/* Another description of the same memory file, for one way of access only: QEMU takes no other. */
static int
reopen(int file, int flags)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return open(path, flags | O_CLOEXEC);
}

/* The payload to read, or an empty disk of the same size. */
static int
open_disk(int given)
{
    if (given >= 0)
        return reopen(given, O_RDONLY);
    int empty = memfd_create("x07-payload", MFD_CLOEXEC);
    int disk = empty >= 0 && ftruncate(empty, MACHINE_PAYLOAD_SIZE) == 0 ? reopen(empty, O_RDONLY) : -1;
    if (empty >= 0)
        close(empty);
    return disk;
}

static void
close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* What the process inherits, in the order of its descriptors, but for the sockets. */
static bool
open_inherited(const struct machine_plan *plan, int log, int *fds)
{
    fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    fds[1] = dup(log);
    fds[2] = dup(log);
    fds[MACHINE_FD_PAYLOAD] = open_disk(plan->payload);
    fds[MACHINE_FD_CONSOLE] = reopen(log, O_WRONLY | O_APPEND);
    fds[MACHINE_FD_DEVICES] =
        open(plan->resume ? plan->template->devices : "/dev/null", O_RDONLY | O_CLOEXEC);
    return fds[0] >= 0 && fds[1] >= 0 && fds[2] >= 0 && fds[MACHINE_FD_PAYLOAD] >= 0 &&
           fds[MACHINE_FD_CONSOLE] >= 0 && fds[MACHINE_FD_DEVICES] >= 0;
}

static bool
open_socket(int *ours, int *theirs)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return false;
    *ours = pair[0];
    *theirs = pair[1];
    return true;
}

/* Starts QEMU within the boundary; its report is in the plan's folder. */
static x07_status
start_confined(struct machine *machine, const struct machine_plan *plan, const int *fds)
{
    char helper[PATH_MAX];
    struct words words;
    x07_status status = confine_find(machine->host, helper);

    if (status == X07_OK)
        status = vm_path(machine->host, machine->report, "%s/boundary", plan->folder);
    if (status != X07_OK)
        return status;
    unlink(machine->report);
    int report = open(machine->report, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (report < 0)
        return vm_fail_errno(machine->host, "E_VM_IO", "create %s", machine->report);
    close(report);
    command_line_make(plan, &words);
    confine_wrap(plan, helper, machine->report, &words);
    status = start(machine, &words, fds);
    command_line_free(&words);
    return status;
}

x07_status
machine_start(const x07_host *host, const struct machine_plan *plan, struct machine *machine)
{
    int fds[MACHINE_FDS];
    x07_status status;

    for (int i = 0; i < MACHINE_FDS; i++)
        fds[i] = -1;
    *machine = (struct machine){.host = host, .process = -1, .qmp = -1, .channel = -1};
    machine->log = memfd_create("x07-vm-log", MFD_CLOEXEC);
    if (machine->log < 0 || fcntl(machine->log, F_SETFL, O_APPEND) < 0 ||
        !open_inherited(plan, machine->log, fds) || !open_socket(&machine->qmp, &fds[MACHINE_FD_QMP]) ||
        !open_socket(&machine->channel, &fds[MACHINE_FD_CHANNEL]))
        status = vm_fail_errno(host, "E_VM_START", "prepare the machine");
    else
        status = start_confined(machine, plan, fds);
    close_all(fds, MACHINE_FDS);
    if (status != X07_OK)
        machine_end(machine);
    return status;
}

/* When there was no boundary, that is the reason. */
static x07_status
explain(struct machine *machine)
{
    char *layers;

    if (confine_layers(machine->host, machine->report, &layers) != X07_OK)
        return X07_E_UNAVAILABLE;
    free(layers);
    char *words = machine_last_words(machine);
    x07_status status = vm_fail(machine->host, X07_E_UNAVAILABLE, "E_VM_QEMU", "QEMU does not start%s%s",
                                words[0] ? ": " : "", words);
    free(words);
    return status;
}

x07_status
machine_greet(struct machine *machine, int64_t deadline, char **layers)
{
    x07_status status = qmp_greet(machine, deadline);

    *layers = NULL;
    if (status == X07_E_UNAVAILABLE)
        return explain(machine);
    return status == X07_OK ? confine_layers(machine->host, machine->report, layers) : status;
}

void
machine_end(struct machine *machine)
{
    if (machine->pid > 0) {
        kill(-machine->pid, SIGKILL);
        kill(machine->pid, SIGKILL);
        while (waitpid(machine->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close_all((const int[]){machine->process, machine->qmp, machine->channel, machine->log}, 4);
    buffer_free(&machine->heard);
    *machine = (struct machine){.host = machine->host, .process = -1, .qmp = -1, .channel = -1, .log = -1};
}

char *
machine_last_words(const struct machine *machine)
{
    off_t end = machine->log < 0 ? 0 : lseek(machine->log, 0, SEEK_END);
    char *words = calloc(1, LOG_SHOWN + 1);

    if (!words)
        abort();
    if (end > 0) {
        ssize_t count = pread(machine->log, words, LOG_SHOWN, end > LOG_SHOWN ? end - LOG_SHOWN : 0);
        words[count > 0 ? count : 0] = 0;
    }
    /* Of a cut line only the rest would be left. */
    char *line = end > LOG_SHOWN ? strchr(words, '\n') : NULL;
    if (line)
        memmove(words, line + 1, strlen(line));
    for (size_t len = strlen(words); len && (words[len - 1] == '\n' || words[len - 1] == '\r'); len--)
        words[len - 1] = 0;
    return words;
}
