/* broker.c: see broker.h. */
#include "broker.h"

#include "broker_call.h"
#include "broker_send.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Calls that were given up, by a signal or with their process, are waited for to their end. */
enum { KIND = 0xf, MOST_WAITING = 128 };

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
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    close(listener);
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
    int listener = call_take_from(sender.pid, number);
    if (listener < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_NETWORK", "cannot take the calls of the program");
    return write(child, "", 1) == 1 ? listener : -1;
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
        call_reply(call, 0, EACCES);
        return;
    }
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        call_reply(call, 0, errno);
        return;
    }
    call_reply_descriptor(call, fd, type & SOCK_CLOEXEC);
    close(fd);
}

/* A socket that does not wait makes this call return at once, too: it is the program's. */
static void
answer_connect(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    struct sockaddr_storage address;
    int fd = send_take_addressed(call, args[1], args[2], &address);
    int failed = fd < 0 || connect(fd, (const struct sockaddr *)&address, (socklen_t)args[2]);

    call_reply(call, 0, failed ? errno : 0);
}

static void
answer_other(const struct call *call)
{
    call_reply(call, 0, EPERM);
}

/* What may wait for somebody outside is answered by a process of its own. */
static const struct row {
    int number;
    bool waits;
    void (*answer)(const struct call *call);
} rows[] = {{SYS_socket, false, answer_socket},         {SYS_connect, true, answer_connect},
            {SYS_sendto, true, send_answer_to},         {SYS_sendmsg, true, send_answer_message},
            {SYS_sendmmsg, true, send_answer_messages}, {-1, false, answer_other}};

static const struct row *
row_of(int number)
{
    const struct row *row = rows;

    while (row->number >= 0 && row->number != number)
        row++;
    return row;
}

static bool
answer_apart(const struct call *call, const struct row *row)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        call_reply(call, 0, EAGAIN);
    if (pid != 0)
        return pid > 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() == parent)
        row->answer(call);
    _exit(0);
}

bool
broker_answer(const struct plan *plan, int listener, unsigned waiting)
{
    struct call call = {.plan = plan, .listener = listener};

    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call.asked))
        return false; /* the one that asked is gone */
    const struct row *row = row_of(call.asked.data.nr);
    if (row->waits && waiting < MOST_WAITING)
        return answer_apart(&call, row);
    if (row->waits)
        call_reply(&call, 0, EAGAIN);
    else
        row->answer(&call);
    return false;
}
