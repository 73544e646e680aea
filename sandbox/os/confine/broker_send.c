/* broker_send.c: see broker_send.h.
 *
 * Everything is copied first and sent from the copy, with the program's own socket. Connections are not made
 * this way (MSG_FASTOPEN), and descriptors are not sent. */
#include "broker_send.h"

#include "endpoint.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    MOST_DATAGRAM = 64 * 1024, /* more than any can have */
    MOST_STREAM = 256 * 1024,  /* of one call; the program sends the rest with another */
    MOST_PARTS = 1024,
    MOST_MESSAGES = 64,
    PASSED_FLAGS = MSG_DONTWAIT | MSG_MORE
};

/* What is sent, copied. */
struct copy {
    int fd;
    struct sockaddr_storage address;
    socklen_t address_size; /* 0: to whom the socket is connected */
    size_t size;
    uint8_t data[MOST_STREAM];
};

static bool
is_datagrams(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
}

int
send_take_addressed(const struct call *call, uint64_t at, uint64_t size, struct sockaddr_storage *address)
{
    memset(address, 0, sizeof *address);
    if (size > sizeof *address || size < sizeof address->ss_family ||
        !call_copy(call, at, address, (size_t)size)) {
        errno = EFAULT;
        return -1;
    }
    int fd = call_take(call, call->asked.data.args[0]);
    if (fd < 0 || endpoint_allows(call->plan, is_datagrams(fd), address, (size_t)size))
        return fd;
    close(fd);
    errno = EACCES;
    return -1;
}

/* Takes the socket; only datagrams go by the address, all else goes where it is connected. */
static int
take_socket(const struct call *call, uint64_t at, uint64_t size, struct copy *copy)
{
    copy->fd = call_take(call, call->asked.data.args[0]);
    copy->address_size = 0;
    if (copy->fd < 0)
        return errno;
    if (!at || !size || !is_datagrams(copy->fd))
        return 0;
    close(copy->fd);
    copy->fd = send_take_addressed(call, at, size, &copy->address);
    copy->address_size = (socklen_t)size;
    return copy->fd < 0 ? errno : 0;
}

/* Adds memory of the program to what is sent. 0, or an errno. */
static int
add_data(const struct call *call, uint64_t at, uint64_t size, struct copy *copy)
{
    size_t room = MOST_STREAM - copy->size;
    bool datagrams = is_datagrams(copy->fd);

    if (datagrams && (size > MOST_DATAGRAM || copy->size + size > MOST_DATAGRAM))
        return EMSGSIZE;
    if (size > room)
        size = room;
    if (size && !call_copy(call, at, copy->data + copy->size, (size_t)size))
        return EFAULT;
    copy->size += (size_t)size;
    return 0;
}

/* Returns how much was sent, or -1 with errno. */
static ssize_t
send_copy(const struct copy *copy, uint64_t flags)
{
    return sendto(copy->fd, copy->data, copy->size, MSG_NOSIGNAL | ((int)flags & PASSED_FLAGS),
                  copy->address_size ? (const struct sockaddr *)&copy->address : NULL, copy->address_size);
}

void
send_answer_to(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    static struct copy copy;
    int failure = take_socket(call, args[4], args[5], &copy);

    if (!failure)
        failure = add_data(call, args[1], args[2], &copy);
    ssize_t sent = failure ? 0 : send_copy(&copy, args[3]);
    call_reply(call, sent, sent < 0 ? errno : failure);
}

static int
add_parts(const struct call *call, const struct msghdr *message, struct copy *copy)
{
    static struct iovec parts[MOST_PARTS];
    int failure = 0;

    if (message->msg_iovlen > MOST_PARTS)
        return EMSGSIZE;
    if (message->msg_iovlen &&
        !call_copy(call, (uint64_t)(uintptr_t)message->msg_iov, parts, message->msg_iovlen * sizeof *parts))
        return EFAULT;
    for (size_t i = 0; i < message->msg_iovlen && !failure; i++)
        failure = add_data(call, (uint64_t)(uintptr_t)parts[i].iov_base, parts[i].iov_len, copy);
    return failure;
}

/* Sends the message at `at`. Returns how much was sent, or -1 with errno. */
static ssize_t
send_message(const struct call *call, uint64_t at, uint64_t flags)
{
    static struct copy copy;
    struct msghdr message;

    copy.size = 0;
    errno = EFAULT;
    if (!call_copy(call, at, &message, sizeof message))
        return -1;
    errno = EPERM;
    if (message.msg_control && message.msg_controllen)
        return -1;
    errno = take_socket(call, (uint64_t)(uintptr_t)message.msg_name, message.msg_namelen, &copy);
    if (errno)
        return -1;
    errno = add_parts(call, &message, &copy);
    ssize_t sent = errno ? -1 : send_copy(&copy, flags);
    int failure = errno;
    close(copy.fd);
    errno = failure;
    return sent;
}

void
send_answer_message(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    ssize_t sent = send_message(call, args[1], args[2]);

    call_reply(call, sent, sent < 0 ? errno : 0);
}

/* How many were sent is the answer, unless none was. */
void
send_answer_messages(const struct call *call)
{
    const uint64_t *args = (const uint64_t *)call->asked.data.args;
    unsigned count = (unsigned)args[2] < MOST_MESSAGES ? (unsigned)args[2] : MOST_MESSAGES;
    unsigned done = 0;
    int failure = 0;

    while (done < count && !failure) {
        uint64_t at = args[1] + done * sizeof(struct mmsghdr);
        ssize_t sent = send_message(call, at, args[3]);
        unsigned size = (unsigned)sent;
        failure = sent < 0 ? errno : 0;
        if (!failure && !call_change(call, at + offsetof(struct mmsghdr, msg_len), &size, sizeof size))
            failure = EFAULT;
        done += !failure;
    }
    call_reply(call, done, done ? 0 : failure);
}
