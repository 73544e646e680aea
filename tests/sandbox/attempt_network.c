/* attempt_network.c: reaching what listens outside. The ports and names of the listeners come from the test.
 */
#include "attempt.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

static socklen_t
address_v4(union address *address, int port)
{
    *address = (union address){.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
    address->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof address->v4;
}

static socklen_t
address_v6(union address *address, const char *text, int port)
{
    *address = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    inet_pton(AF_INET6, text, &address->v6.sin6_addr);
    return sizeof address->v6;
}

/* A name that begins with '@' is abstract. */
static socklen_t
address_local(union address *address, const char *name)
{
    size_t len = strlen(name);

    *address = (union address){.local = {.sun_family = AF_UNIX}};
    memcpy(address->local.sun_path, name, len);
    if (name[0] == '@')
        address->local.sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] != '@'));
}

static int
connects(int type, const union address *address, socklen_t size)
{
    int fd = socket(address->any.sa_family, type, 0);

    if (fd < 0)
        return errno;
    int failure = outcome(connect(fd, &address->any, size));
    close(fd);
    return failure;
}

static int
connect_v4(void)
{
    union address address;
    socklen_t size = address_v4(&address, aim_number("TCP4_PORT"));

    return connects(SOCK_STREAM, &address, size);
}

static int
connect_v6(void)
{
    union address address;
    socklen_t size = address_v6(&address, "::1", aim_number("TCP6_PORT"));

    return connects(SOCK_STREAM, &address, size);
}

static int
connect_mapped(void)
{
    union address address;
    socklen_t size = address_v6(&address, "::ffff:127.0.0.1", aim_number("TCP4_PORT"));

    return connects(SOCK_STREAM, &address, size);
}

static int
connect_fast(void)
{
    union address address;
    socklen_t size = address_v4(&address, aim_number("TCP4_PORT"));
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return errno;
    return outcome(sendto(fd, "x", 1, MSG_FASTOPEN, &address.any, size));
}

/* A question to a name server, which answers whatever it is asked. */
static int
ask(int fd, const union address *address, socklen_t size)
{
    static const char question[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1";
    char answer[512];
    struct timeval patience = {.tv_sec = 2};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (sendto(fd, question, sizeof question, 0, &address->any, size) < 0)
        return errno;
    return outcome(recv(fd, answer, sizeof answer, 0));
}

static int
ask_name_server(void)
{
    union address address;
    socklen_t size = address_v4(&address, aim_number("UDP4_PORT"));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    return fd < 0 ? errno : ask(fd, &address, size);
}

static int
ask_name_server_v6(void)
{
    union address address;
    socklen_t size = address_v6(&address, "::ffff:127.0.0.1", aim_number("UDP4_PORT"));
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);

    return fd < 0 ? errno : ask(fd, &address, size);
}

static int
listen_v4(void)
{
    union address address;
    socklen_t size = address_v4(&address, 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, &address.any, size))
        return errno;
    return outcome(listen(fd, 1));
}

static int
connect_abstract(void)
{
    union address address;
    socklen_t size = address_local(&address, aim("ABSTRACT_SOCKET"));

    return connects(SOCK_STREAM, &address, size);
}

static int
send_abstract(void)
{
    union address address;
    socklen_t size = address_local(&address, aim("ABSTRACT_DATAGRAM"));
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    return fd < 0 ? errno : outcome(sendto(fd, "x", 1, 0, &address.any, size));
}

static int
connect_socket_file(void)
{
    union address address;
    socklen_t size = address_local(&address, "../outside/socket");

    return connects(SOCK_STREAM, &address, size);
}

static int
connect_socket_file_in_root(void)
{
    union address address;
    socklen_t size = address_local(&address, "in/socket");

    return connects(SOCK_STREAM, &address, size);
}

static int
send_from_pair(void)
{
    union address address;
    socklen_t size = address_local(&address, "in/datagrams");
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
        return errno;
    return outcome(sendto(pair[0], "x", 1, 0, &address.any, size));
}

/* What a policy with a network allows. */
static int
connect_granted(void)
{
    union address address;
    socklen_t size = address_v4(&address, aim_number("GRANTED_PORT"));

    return connects(SOCK_STREAM, &address, size);
}

static int
send_granted(void)
{
    union address address;
    socklen_t size = address_v4(&address, aim_number("GRANTED_UDP_PORT"));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    return fd < 0 ? errno : ask(fd, &address, size);
}

/* Datagrams go where each message says, whatever their socket is connected to. */
static int
send_message_elsewhere(void)
{
    union address granted;
    union address other;
    socklen_t size = address_v4(&granted, aim_number("GRANTED_UDP_PORT"));
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_name = &other, .msg_namelen = size, .msg_iov = &part, .msg_iovlen = 1};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    address_v4(&other, aim_number("UDP4_PORT"));
    if (fd < 0 || connect(fd, &granted.any, size))
        return errno;
    return outcome(sendmsg(fd, &message, 0));
}

static union address changing;
static volatile int changing_ends;

static void *
change_address(void *ports)
{
    const int *port = ports;

    while (!changing_ends)
        for (int i = 0; i < 2; i++)
            ((volatile union address *)&changing)->v4.sin_port = htons((uint16_t)port[i]);
    return NULL;
}

/* The address is changed while somebody may be looking whether it is granted. */
static int
race_address(void)
{
    int ports[2] = {aim_number("GRANTED_PORT"), aim_number("TCP4_PORT")};
    union address reached;
    pthread_t thread;
    socklen_t size = address_v4(&changing, ports[0]);
    int result = EACCES;

    if (pthread_create(&thread, NULL, change_address, ports))
        return errno;
    for (int i = 0; i < 100 && result; i++) {
        socklen_t reached_size = sizeof reached;
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd >= 0 && connect(fd, &changing.any, size) == 0 &&
            getpeername(fd, &reached.any, &reached_size) == 0 && ntohs(reached.v4.sin_port) == ports[1])
            result = 0;
        close(fd);
    }
    changing_ends = 1;
    pthread_join(thread, NULL);
    return result;
}

static int
raw_socket(void)
{
    return outcome(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int
packet_socket(void)
{
    return outcome(socket(AF_PACKET, SOCK_RAW, 0));
}

static int
netlink_socket(void)
{
    return outcome(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int
machine_socket(void)
{
    return outcome(socket(AF_VSOCK, SOCK_STREAM, 0));
}

static int
crypto_socket(void)
{
    return outcome(socket(AF_ALG, SOCK_SEQPACKET, 0));
}

static int
take_descriptor_of_host(void)
{
    int process = (int)syscall(SYS_pidfd_open, aim_number("HOST_PID"), 0);

    return process < 0 ? errno : outcome(syscall(SYS_pidfd_getfd, process, 9, 0));
}

const struct attempt network_attempts[] = {
    {"connect-v4", connect_v4},
    {"connect-v6", connect_v6},
    {"connect-mapped", connect_mapped},
    {"connect-fast", connect_fast},
    {"ask-name-server", ask_name_server},
    {"ask-name-server-v6", ask_name_server_v6},
    {"listen-v4", listen_v4},
    {"connect-abstract", connect_abstract},
    {"send-abstract", send_abstract},
    {"connect-socket-file", connect_socket_file},
    {"connect-socket-file-in-root", connect_socket_file_in_root},
    {"send-from-pair", send_from_pair},
    {"connect-granted", connect_granted},
    {"send-granted", send_granted},
    {"send-message-elsewhere", send_message_elsewhere},
    {"race-address", race_address},
    {"raw-socket", raw_socket},
    {"packet-socket", packet_socket},
    {"netlink-socket", netlink_socket},
    {"machine-socket", machine_socket},
    {"crypto-socket", crypto_socket},
    {"take-descriptor-of-host", take_descriptor_of_host},
    {NULL, NULL},
};
