/* network.c: see network.h. One listener per protocol and port hears for all addresses; whether the one that
 * was meant is granted at that port is looked up here, and by the host again. */
#include "network.h"

#include "../network/mux.h"
#include "guest.h"
#include "routes.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 64, FLOWS = 16, END_LIMIT_MS = 2000, SPARE_FILES = 256, NO_ENDPOINT = -1 };

struct listener {
    int fd;
    bool datagrams;
    uint16_t port;
};

/* Datagrams between one socket of the program and one address. */
struct flow {
    uint32_t stream; /* 0: none */
    const struct listener *listener;
    struct sockaddr_in6 source;
    struct in6_addr local;
    uint64_t used; /* when: a count */
};

static struct {
    const struct vm_endpoint *endpoints;
    size_t endpoint_count;
    struct listener *listeners;
    size_t listener_count;
    struct pollfd *polls; /* of the mux, of the listeners, of `end` */
    struct flow flows[FLOWS];
    uint64_t flow_uses;
    uint32_t next_stream;
    struct mux mux;
    int end; /* readable when the program is gone */
    pthread_t thread;
} net;

static int
find_endpoint(const struct listener *listener, const struct in6_addr *address)
{
    for (size_t i = 0; i < net.endpoint_count; i++) {
        const struct vm_endpoint *endpoint = &net.endpoints[i];
        if ((endpoint->datagrams != 0) == listener->datagrams && endpoint->port == listener->port &&
            memcmp(address, endpoint->first, 16) >= 0 && memcmp(address, endpoint->last, 16) <= 0)
            return (int)i;
    }
    return NO_ENDPOINT;
}

static struct mux_open
make_open(int endpoint, const struct in6_addr *address)
{
    struct mux_open open = {.endpoint = (uint32_t)endpoint};

    memcpy(open.address, address, sizeof open.address);
    return open;
}

/* ---- Connections ------------------------------------------------------------------------------------- */

static void
refuse(int fd)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

/* False when nobody waits. */
static bool
take_connection(const struct listener *listener)
{
    struct sockaddr_in6 local;
    socklen_t size = sizeof local;
    int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0)
        return errno == EINTR || errno == ECONNABORTED;
    int endpoint = NO_ENDPOINT;
    if (getsockname(fd, (struct sockaddr *)&local, &size) == 0)
        endpoint = find_endpoint(listener, &local.sin6_addr);
    struct mux_open open = make_open(endpoint, &local.sin6_addr);
    if (endpoint == NO_ENDPOINT || !mux_open_stream(&net.mux, ++net.next_stream, fd, false, &open))
        refuse(fd);
    return true;
}

/* ---- Datagrams --------------------------------------------------------------------------------------- */

union control {
    char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr header;
};

static void
give_datagram(void *context, uint32_t stream, const char *data, size_t size)
{
    union control control = {{0}};
    struct iovec part = {(void *)(uintptr_t)data, size};
    struct in6_pktinfo from = {.ipi6_ifindex = 0};

    (void)context;
    for (size_t i = 0; i < FLOWS; i++) {
        struct flow *flow = &net.flows[i];
        if (flow->stream != stream)
            continue;
        struct msghdr message = {.msg_name = &flow->source,
                                 .msg_namelen = sizeof flow->source,
                                 .msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof control.room};
        control.header.cmsg_level = IPPROTO_IPV6;
        control.header.cmsg_type = IPV6_PKTINFO;
        control.header.cmsg_len = CMSG_LEN(sizeof from);
        from.ipi6_addr = flow->local;
        memcpy(CMSG_DATA(&control.header), &from, sizeof from);
        if (sendmsg(flow->listener->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            return; /* it may be lost */
        flow->used = ++net.flow_uses;
    }
}

static bool
is_flow(const struct flow *flow, const struct flow *other)
{
    return flow->stream && flow->listener == other->listener &&
           flow->source.sin6_port == other->source.sin6_port &&
           memcmp(&flow->source.sin6_addr, &other->source.sin6_addr, 16) == 0 &&
           memcmp(&flow->local, &other->local, 16) == 0;
}

/* The one that was not used for the longest time makes room. */
static struct flow *
find_oldest(void)
{
    struct flow *oldest = &net.flows[0];

    for (size_t i = 1; i < FLOWS; i++)
        if (net.flows[i].used < oldest->used)
            oldest = &net.flows[i];
    return oldest;
}

static struct flow *
find_flow(const struct flow *wanted)
{
    for (size_t i = 0; i < FLOWS; i++)
        if (is_flow(&net.flows[i], wanted))
            return &net.flows[i];
    int endpoint = find_endpoint(wanted->listener, &wanted->local);
    if (endpoint == NO_ENDPOINT)
        return NULL;
    struct flow *flow = find_oldest();
    mux_reset(&net.mux, flow->stream);
    *flow = *wanted;
    flow->stream = ++net.next_stream;
    struct mux_open open = make_open(endpoint, &flow->local);
    if (mux_open_stream(&net.mux, flow->stream, -1, true, &open))
        return flow;
    *flow = (struct flow){.stream = 0};
    return NULL;
}

/* False when none is there. */
static bool
take_datagram(const struct listener *listener)
{
    static char data[MUX_DATA_MOST];
    union control control;
    struct in6_pktinfo to;
    struct flow wanted = {.listener = listener};
    struct iovec part = {data, sizeof data};
    struct msghdr message = {.msg_name = &wanted.source,
                             .msg_namelen = sizeof wanted.source,
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t size = recvmsg(listener->fd, &message, MSG_DONTWAIT);

    if (size < 0)
        return errno == EINTR;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != IPPROTO_IPV6 || header->cmsg_type != IPV6_PKTINFO)
        return true;
    memcpy(&to, CMSG_DATA(header), sizeof to);
    wanted.local = to.ipi6_addr;
    struct flow *flow = find_flow(&wanted);
    if (!flow)
        return true;
    flow->used = ++net.flow_uses;
    mux_send_datagram(&net.mux, flow->stream, data, (size_t)size);
    return true;
}

/* ---- Listening --------------------------------------------------------------------------------------- */

static void
listen_at(struct listener *listener)
{
    struct sockaddr_in6 everywhere = {.sin6_family = AF_INET6, .sin6_port = htons(listener->port)};
    int type = (listener->datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const int on = 1, off = 0;
    int fd = socket(AF_INET6, type, 0);

    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0 ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0 ||
        bind(fd, (const struct sockaddr *)&everywhere, sizeof everywhere) < 0 ||
        (!listener->datagrams && listen(fd, BACKLOG) < 0))
        guest_fail("listen", NULL);
    listener->fd = fd;
}

static void
add_listener(const struct vm_endpoint *endpoint)
{
    struct listener listener = {.datagrams = endpoint->datagrams != 0, .port = (uint16_t)endpoint->port};

    for (size_t i = 0; i < net.listener_count; i++)
        if (net.listeners[i].port == listener.port && net.listeners[i].datagrams == listener.datagrams)
            return;
    listen_at(&listener);
    net.listeners[net.listener_count++] = listener;
}

static void
open_link(void)
{
    int link = open("/dev/vport0p2", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (link < 0)
        guest_fail("open", "/dev/vport0p2");
    static const struct mux_owner owner = {.datagram = give_datagram};
    mux_start(&net.mux, link, &owner, NULL);
}

void
network_prepare(const struct vm_endpoint *endpoints, size_t count)
{
    const struct rlimit files = {count + SPARE_FILES, count + SPARE_FILES};

    net.endpoints = endpoints;
    net.endpoint_count = count;
    net.listeners = calloc(count, sizeof *net.listeners);
    net.polls = calloc(MUX_POLLS + count + 1, sizeof *net.polls);
    net.end = eventfd(0, EFD_CLOEXEC);
    if (!net.listeners || !net.polls || net.end < 0 || setrlimit(RLIMIT_NOFILE, &files) < 0)
        guest_fail("network", NULL);
    routes_make(endpoints, count);
    open_link();
    for (size_t i = 0; i < count; i++)
        add_listener(&endpoints[i]);
}

/* ---- The thread -------------------------------------------------------------------------------------- */

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* While there is no room for a stream, connections wait where they are. */
static void
take_from(const struct listener *listener)
{
    if (listener->datagrams)
        while (take_datagram(listener))
            ;
    else
        while (mux_has_room(&net.mux) && take_connection(listener))
            ;
}

static void
await(bool ending)
{
    struct pollfd *listeners = net.polls + MUX_POLLS;
    bool has_room = mux_has_room(&net.mux);

    mux_polls(&net.mux, net.polls);
    for (size_t i = 0; i < net.listener_count; i++)
        listeners[i] = (struct pollfd){
            .fd = has_room || net.listeners[i].datagrams ? net.listeners[i].fd : -1, .events = POLLIN};
    listeners[net.listener_count] = (struct pollfd){.fd = ending ? -1 : net.end, .events = POLLIN};
    poll(net.polls, MUX_POLLS + net.listener_count + 1, ending ? END_LIMIT_MS / 10 : -1);
}

static void
serve(bool everything)
{
    const struct pollfd *listeners = net.polls + MUX_POLLS;

    mux_serve(&net.mux, net.polls);
    for (size_t i = 0; i < net.listener_count; i++)
        if (everything || listeners[i].revents)
            take_from(&net.listeners[i]);
}

static void *
run(void *unused)
{
    bool ending = false, said_bye = false;
    int64_t deadline = INT64_MAX;

    while (!net.mux.is_lost && !net.mux.heard_bye && now_ms() < deadline) {
        await(ending);
        if (!ending && net.polls[MUX_POLLS + net.listener_count].revents) {
            ending = true;
            deadline = now_ms() + END_LIMIT_MS;
        }
        serve(ending);
        if (ending && !said_bye && mux_has_taken_all(&net.mux)) {
            said_bye = true;
            mux_say_bye(&net.mux);
        }
    }
    return unused;
}

void
network_start(void)
{
    if (pthread_create(&net.thread, NULL, run, NULL))
        guest_fail("thread", NULL);
}

void
network_end(void)
{
    const uint64_t one = 1;

    if (write(net.end, &one, sizeof one) == sizeof one)
        pthread_join(net.thread, NULL);
}
