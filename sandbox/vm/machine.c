/* machine.c: one QEMU process, and what it inherits: its sockets, the payload, the console's log, and the
 * state that it resumes from. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOG_SHOWN = 600 };

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

struct machine
machine_none(const x07_host *host)
{
    return (struct machine){.host = host,
                            .process = process_none(host),
                            .qmp = -1,
                            .channel = -1,
                            .network = -1,
                            .files = -1,
                            .log = -1};
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
    struct words words = {0};
    x07_status status = confine_begin(machine->host, &machine->process, plan->folder, "boundary", &words);

    if (status == X07_OK) {
        confine_grant(plan, &words);
        command_line_make(plan, &words);
        status = process_start(&machine->process, &words, fds, MACHINE_FDS);
    }
    words_free(&words);
    return status;
}

x07_status
machine_start(const x07_host *host, const struct machine_plan *plan, struct machine *machine)
{
    int fds[MACHINE_FDS];
    x07_status status;

    for (int i = 0; i < MACHINE_FDS; i++)
        fds[i] = -1;
    *machine = machine_none(host);
    machine->log = memfd_create("x07-vm-log", MFD_CLOEXEC);
    if (machine->log < 0 || fcntl(machine->log, F_SETFL, O_APPEND) < 0 ||
        !open_inherited(plan, machine->log, fds) || !open_socket(&machine->qmp, &fds[MACHINE_FD_QMP]) ||
        !open_socket(&machine->channel, &fds[MACHINE_FD_CHANNEL]) ||
        !open_socket(&machine->network, &fds[MACHINE_FD_NETWORK]) ||
        !open_socket(&machine->files, &fds[MACHINE_FD_FILES]))
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

    if (confine_layers(machine->host, machine->process.report, &layers) != X07_OK)
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
    return status == X07_OK ? confine_layers(machine->host, machine->process.report, layers) : status;
}

void
machine_end(struct machine *machine)
{
    process_end(&machine->process);
    close_all((const int[]){machine->qmp, machine->channel, machine->network, machine->files, machine->log},
              5);
    buffer_free(&machine->heard);
    *machine = machine_none(machine->host);
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
