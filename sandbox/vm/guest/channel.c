/* channel.c: frames to and from the host, over a virtio-serial port. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN_TRIES = 3000, OPEN_WAIT_NS = 10000000 };

static int port = -1;

void
guest_stop(void)
{
    reboot(LINUX_REBOOT_CMD_RESTART); /* the machine is started with -no-reboot: this ends it */
    for (;;)
        pause();
}

void
guest_fail(const char *what, const char *name)
{
    char text[512];
    int number = errno;
    int len =
        snprintf(text, sizeof text, "%s%s%s: %s", what, name ? " " : "", name ? name : "", strerror(number));

    if (port >= 0)
        channel_send(FRAME_FAILED, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
    fprintf(stderr, "x07: %s\n", text);
    guest_stop();
}

void
channel_open(void)
{
    struct timespec pause = {.tv_nsec = OPEN_WAIT_NS};

    for (int i = 0; i < OPEN_TRIES && port < 0; i++) {
        port = open("/dev/vport0p1", O_RDWR | O_CLOEXEC);
        if (port < 0)
            nanosleep(&pause, NULL);
    }
    if (port < 0)
        guest_fail("open", "/dev/vport0p1");
}

int
channel_fd(void)
{
    return port;
}

static void
write_all(const char *data, size_t size)
{
    while (size) {
        ssize_t count = write(port, data, size);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            guest_stop(); /* there is nobody to tell */
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
}

void
channel_send2(uint32_t type, const void *head, size_t head_size, const void *data, size_t size)
{
    static char buffer[sizeof(struct vm_frame) + VM_FRAME_MAX];
    struct vm_frame frame = {.type = type, .size = (uint32_t)(head_size + size)};

    memcpy(buffer, &frame, sizeof frame);
    if (head_size)
        memcpy(buffer + sizeof frame, head, head_size);
    if (size)
        memcpy(buffer + sizeof frame + head_size, data, size);
    write_all(buffer, sizeof frame + head_size + size);
}

void
channel_send(uint32_t type, const void *data, size_t size)
{
    channel_send2(type, NULL, 0, data, size);
}

static void
read_all(char *data, size_t size)
{
    while (size) {
        ssize_t count = read(port, data, size);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            guest_stop();
        if (count == 0) { /* nobody is connected yet */
            struct timespec pause = {.tv_nsec = OPEN_WAIT_NS};
            nanosleep(&pause, NULL);
        }
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
}

uint32_t
channel_receive(void *data, size_t *size)
{
    struct vm_frame frame;

    read_all((char *)&frame, sizeof frame);
    if (frame.size > VM_FRAME_MAX) {
        errno = EPROTO;
        guest_fail("frame", NULL);
    }
    read_all(data, frame.size);
    *size = frame.size;
    return frame.type;
}
