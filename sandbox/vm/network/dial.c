/* dial.c: x07-vm-dial connects to the endpoints of a policy for a guest that has no network. It runs within
 * the boundary of the backend "os" with just these endpoints, so whatever the guest makes of it can reach
 * nothing else either. Knows the list of endpoints and its end of the link; knows nothing of the machine.
 *
 * Descriptors: 3 the link, 4 the list. It ends with the link. */
#include "../protocol.h"
#include "mux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINK = 3, LIST = 4, FAILED = 1 };

struct dialler {
    struct vm_endpoint *endpoints;
    size_t count;
};

static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};

static socklen_t
make_address(const uint8_t bytes[16], uint32_t port, struct sockaddr_storage *address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)address;

    memset(address, 0, sizeof *address);
    if (memcmp(bytes, v4_mapped, sizeof v4_mapped) == 0) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        memcpy(&v4->sin_addr, bytes + sizeof v4_mapped, 4);
        return sizeof *v4;
    }
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons((uint16_t)port);
    memcpy(&v6->sin6_addr, bytes, 16);
    return sizeof *v6;
}

/* What the guest asks for counts only as far as it is in the list. */
static int
dial(void *context, const struct mux_open *asked, bool *datagrams)
{
    const struct dialler *dialler = context;
    struct sockaddr_storage address;

    if (asked->endpoint >= dialler->count)
        return -1;
    const struct vm_endpoint *endpoint = &dialler->endpoints[asked->endpoint];
    if (memcmp(asked->address, endpoint->first, 16) < 0 || memcmp(asked->address, endpoint->last, 16) > 0)
        return -1;
    *datagrams = endpoint->datagrams != 0;
    socklen_t size = make_address(asked->address, endpoint->port, &address);
    int fd =
        socket(address.ss_family, (*datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, size) < 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool
read_list(struct dialler *dialler)
{
    struct stat found;

    if (fstat(LIST, &found) < 0 || found.st_size < 0)
        return false;
    size_t size = (size_t)found.st_size;
    dialler->count = size / sizeof *dialler->endpoints;
    dialler->endpoints = malloc(size + 1);
    return dialler->endpoints && pread(LIST, dialler->endpoints, size, 0) == (ssize_t)size;
}

int
main(void)
{
    static const struct mux_owner owner = {.open = dial};
    static struct mux mux;
    struct dialler dialler;
    struct pollfd polls[MUX_POLLS];
    bool answered = false;

    if (!read_list(&dialler) || fcntl(LINK, F_SETFL, O_NONBLOCK) < 0)
        return FAILED;
    mux_start(&mux, LINK, &owner, &dialler);
    while (!mux.is_lost) {
        mux_polls(&mux, polls);
        if (poll(polls, MUX_POLLS, -1) < 0)
            continue;
        mux_serve(&mux, polls);
        if (mux.heard_bye && !answered && mux_has_given_all(&mux)) {
            answered = true;
            mux_say_bye(&mux);
        }
    }
    return 0;
}
