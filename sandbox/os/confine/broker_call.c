/* broker_call.c: see broker_call.h. */
#include "broker_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/uio.h>
#include <unistd.h>

/* Newer than the headers of some build machines. */
enum { OF_A_THREAD = O_EXCL };

/* Whether the stopped thread is still the one that asked: its id could be another's by now. */
static bool
still_waits(const struct call *call)
{
    uint64_t id = call->asked.id;

    return ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void
call_reply(const struct call *call, int64_t value, int failure)
{
    struct seccomp_notif_resp response = {
        .id = call->asked.id, .val = failure ? 0 : value, .error = -failure};

    ioctl(call->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

void
call_reply_descriptor(const struct call *call, int fd, bool close_on_exec)
{
    struct seccomp_notif_addfd given = {.id = call->asked.id,
                                        .flags = SECCOMP_ADDFD_FLAG_SEND,
                                        .srcfd = (uint32_t)fd,
                                        .newfd_flags = close_on_exec ? O_CLOEXEC : 0};

    if (ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &given) < 0)
        call_reply(call, 0, errno);
}

bool
call_copy(const struct call *call, uint64_t from, void *to, size_t size)
{
    struct iovec local = {to, size};
    struct iovec remote = {(void *)(uintptr_t)from, size};
    ssize_t got = process_vm_readv((pid_t)call->asked.pid, &local, 1, &remote, 1, 0);

    return got == (ssize_t)size && still_waits(call);
}

bool
call_change(const struct call *call, uint64_t to, const void *from, size_t size)
{
    struct iovec local = {(void *)(uintptr_t)from, size};
    struct iovec remote = {(void *)(uintptr_t)to, size};

    return still_waits(call) &&
           process_vm_writev((pid_t)call->asked.pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* The process that a thread belongs to. */
static pid_t
process_of(pid_t thread)
{
    char path[64];
    char line[256];
    int process = -1;

    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    FILE *file = fopen(path, "re");
    while (file && process < 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "Tgid: %d", &process) != 1)
            process = -1;
    if (file)
        fclose(file);
    return process;
}

/* Kernels before 6.9 know descriptors of whole processes only; all threads of one have the same files. */
static int
open_thread(pid_t thread)
{
    int fd = pidfd_open(thread, OF_A_THREAD);

    if (fd < 0)
        fd = pidfd_open(thread, 0);
    return fd < 0 ? pidfd_open(process_of(thread), 0) : fd;
}

int
call_take_from(pid_t thread, int number)
{
    int process = open_thread(thread);
    int taken = process < 0 ? -1 : pidfd_getfd(process, number, 0);
    int failure = errno;

    if (process >= 0)
        close(process);
    errno = failure;
    return taken;
}

/* What was taken from another that has the id by now is given back unused. */
int
call_take(const struct call *call, uint64_t number)
{
    int taken = call_take_from((pid_t)call->asked.pid, (int)number);

    if (taken < 0 || still_waits(call))
        return taken;
    close(taken);
    errno = ESRCH;
    return -1;
}
