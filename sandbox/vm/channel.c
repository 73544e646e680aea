/* channel.c: frames to and from the guest. Whatever comes may be the work of a hostile program that took the
 * guest over: a frame is bounded before a byte of it is stored. */
#include "vm.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { HEADER = sizeof(struct vm_frame), SEND_LIMIT_MS = 10000 };

_Static_assert(offsetof(struct frame, data) == HEADER, "a frame is stored as it comes");

enum channel_news
channel_read(struct channel *channel)
{
    char *bytes = (char *)&channel->frame;

    if (channel->filled >= HEADER && channel->filled == HEADER + channel->frame.size)
        channel->filled = 0;
    for (;;) {
        size_t wanted = channel->filled < HEADER ? HEADER : HEADER + channel->frame.size;
        if (channel->filled == wanted)
            return CHANNEL_FRAME;
        ssize_t count = recv(channel->fd, bytes + channel->filled, wanted - channel->filled, MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return CHANNEL_QUIET;
        if (count <= 0)
            return CHANNEL_CLOSED;
        channel->filled += (size_t)count;
        if (channel->filled >= HEADER && channel->frame.size > VM_FRAME_MAX)
            return CHANNEL_BROKEN;
    }
}

static bool
send_all(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t count = send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) {
            struct pollfd watch = {.fd = fd, .events = POLLOUT};
            if (poll(&watch, 1, SEND_LIMIT_MS) <= 0)
                return false;
        } else if (count < 0 && errno != EINTR) {
            return false;
        }
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
    return true;
}

bool
channel_write(int fd, uint32_t type, const void *data, size_t size)
{
    struct vm_frame frame = {.type = type, .size = (uint32_t)size};

    return send_all(fd, (const char *)&frame, sizeof frame) && send_all(fd, data, size);
}
