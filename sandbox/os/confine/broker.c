/* broker.c: see broker.h. */
#include "broker.h"

#include "endpoint.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_DATA = 64 * 1024, KIND = 0xf };

/* One stopped call. */
struct call {
    const struct plan *plan;
    int listener;
    struct seccomp_notif asked;
};

union control {
    char room[CMSG_SPACE(sizeof(struct ucred))];
    struct cmsghdr header;
};

/* Under the filter a descriptor can no longer be sent: its number is, and the other side takes it. */
void
broker_offer(const struct plan *plan, int parent, int listener)
{
    char taken;

    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* or only root could take it */
    if (write(parent, &listener, sizeof listener) != sizeof listener || read(parent, &taken, 1) != 1)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_NETWORK", "cannot reach the broker");
    close(listener);
}

static int
take_descriptor(pid_t pid, int number)
{
    int process = pidfd_open(pid, 0);
    int taken = process < 0 ? -1 : pidfd_getfd(process, number, 0);

    if (process >= 0)
        close(process);
    return taken;
}

int
broker_accept(const struct plan *plan, int child)
{
    union control control = {{0}};
    struct ucred sender;
    int number;
    const int on = 1;
    struct iovec part = {&number, sizeof number};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got;

    setsockopt(child, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    if (write(child, "", 1) != 1)
        return -1;
    do
        got = recvmsg(child, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *header = got == sizeof number ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_CREDENTIALS)
        return -1;
    memcpy(&sender, CMSG_DATA(header), sizeof sender);
    int listener = take_descriptor(sender.pid, number);
    if (listener < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_NETWORK", "cannot take the calls of the program");
    return write(child, "", 1) == 1 ? listener : -1;
}

/* Whether the stopped process is still the one that asked: its id could be another's by now. */
static bool
still_waits(const struct call *call)
{
    uint64_t id = call->asked.id;

    return ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static void
reply(const struct call *call, int64_t value, int failure)
{
    struct seccomp_notif_resp response = {.id = call->asked.id, .val = value, .error = -failure};

    ioctl(call->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static bool
copy_memory(const struct call *call, uint64_t from, void *to, size_t size)
{
    struct iovec local = {to, size};
    struct iovec remote = {(void *)(uintptr_t)from, size};
    ssize_t got = process_vm_readv((pid_t)call->asked.pid, &local, 1, &remote, 1, 0);

    return got == (ssize_t)size && still_waits(call);
}

/* A descriptor for the socket that the program calls `number`. -1 with errno. */
static int
take_socket(const struct call *call, uint64_t number)
{
    int process = pidfd_open((pid_t)call->asked.pid, 0);

    if (process < 0)
        return -1;
    int taken = still_waits(call) ? pidfd_getfd(process, (int)number, 0) : -1;
    int failure = errno;
    close(process);
    errno = failure;
    return taken;
}

static bool
is_datagrams(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
}

static bool
grants_any(const struct plan *plan, bool datagrams)
{
    for (size_t i = 0; i < plan->endpoint_count; i++)
        if (plan->endpoints[i].datagrams == datagrams)
            return true;
    return false;
}

/* The socket that is asked for is one of the few kinds that endpoints are for. */
static void
answer_socket(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    int family = (int)args[0];
    int type = (int)args[1];
    bool datagrams = (type & KIND) == SOCK_DGRAM;
    int protocol = (int)args[2];

    if ((family != AF_INET && family != AF_INET6) || (!datagrams && (type & KIND) != SOCK_STREAM) ||
        (protocol && protocol != (datagrams ? IPPROTO_UDP : IPPROTO_TCP)) ||
        !grants_any(call->plan, datagrams)) {
        reply(call, 0, EACCES);
        return;
    }
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        reply(call, 0, errno);
        return;
    }
    struct seccomp_notif_addfd given = {.id = call->asked.id,
                                        .flags = SECCOMP_ADDFD_FLAG_SEND,
                                        .srcfd = (uint32_t)fd,
                                        .newfd_flags = type & SOCK_CLOEXEC};
    if (ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &given) < 0)
        reply(call, 0, errno);
}

/* Copies an address of the call and takes its socket. Returns the socket, or -1 after having refused. */
static int
take_addressed(const struct call *call, uint64_t at, uint64_t size, struct sockaddr_storage *address)
{
    memset(address, 0, sizeof *address);
    if (size > sizeof *address || size < sizeof address->ss_family ||
        !copy_memory(call, at, address, (size_t)size)) {
        reply(call, 0, EFAULT);
        return -1;
    }
    int fd = take_socket(call, call->asked.data.args[0]);
    if (fd < 0) {
        reply(call, 0, errno);
        return -1;
    }
    if (endpoint_allows(call->plan, is_datagrams(fd), address, (size_t)size))
        return fd;
    close(fd);
    reply(call, 0, EACCES);
    return -1;
}

static void
answer_connect(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    struct sockaddr_storage address;
    int fd = take_addressed(call, args[1], args[2], &address);

    if (fd >= 0)
        reply(call, 0, connect(fd, (const struct sockaddr *)&address, (socklen_t)args[2]) ? errno : 0);
}

/* Connections are not made this way (MSG_FASTOPEN): only datagrams have an address. */
static void
answer_send(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    struct sockaddr_storage address;
    static char data[MOST_DATA];

    if (args[2] > sizeof data || (args[2] && !copy_memory(call, args[1], data, (size_t)args[2]))) {
        reply(call, 0, args[2] > sizeof data ? EMSGSIZE : EFAULT);
        return;
    }
    int fd = take_addressed(call, args[4], args[5], &address);
    if (fd < 0)
        return;
    if (!is_datagrams(fd)) {
        reply(call, 0, EACCES);
        return;
    }
    ssize_t sent = sendto(fd, data, (size_t)args[2], MSG_NOSIGNAL | ((int)args[3] & MSG_DONTWAIT),
                          (const struct sockaddr *)&address, (socklen_t)args[5]);
    reply(call, sent < 0 ? 0 : sent, sent < 0 ? errno : 0);
}

static void
answer_call(const struct call *call)
{
    static const struct {
        int number;
        void (*answer)(const struct call *call);
    } rows[] = {{SYS_socket, answer_socket}, {SYS_connect, answer_connect}, {SYS_sendto, answer_send}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].number == call->asked.data.nr) {
            rows[i].answer(call);
            return;
        }
    reply(call, 0, EPERM);
}

void
broker_answer(const struct plan *plan, int listener)
{
    struct call call = {.plan = plan, .listener = listener};
    pid_t parent = getpid();

    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call.asked))
        return; /* the one that asked is gone */
    pid_t pid = fork();
    if (pid < 0)
        reply(&call, 0, EAGAIN);
    if (pid != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() == parent)
        answer_call(&call);
    _exit(0);
}
