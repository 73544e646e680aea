/* attempt_granted.c: the network that a policy grants, used in all the ways that programs use one; and the
 * same ways, to what it does not grant. */
#include "attempt.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CROWD = 8 };

static struct sockaddr_in
address_of(const char *host, const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)aim_number(port))};

    inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

static int
connects_to(const char *host, const char *port)
{
    struct sockaddr_in address = address_of(host, port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return errno;
    int failure = outcome(connect(fd, (struct sockaddr *)&address, sizeof address));
    close(fd);
    return failure;
}

static int
connect_in_prefix(void)
{
    return connects_to("127.0.2.77", "PREFIX_PORT");
}

static int
connect_in_range(void)
{
    return connects_to("127.0.3.5", "RANGE_PORT");
}

/* Both are listened to at all addresses of this machine. */
static int
connect_beside_prefix(void)
{
    return connects_to("127.0.3.0", "PREFIX_PORT");
}

static int
connect_beside_range(void)
{
    return connects_to("127.0.3.10", "RANGE_PORT");
}

static int
connect_granted_v6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_port = htons((uint16_t)aim_number("GRANTED_V6_PORT")),
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM, 0);

    return fd < 0 ? errno : outcome(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int
connect_name(void)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int failure = ENOENT;

    if (getaddrinfo("localhost", aim("GRANTED_PORT"), &hints, &found))
        return ENOENT;
    for (struct addrinfo *one = found; one && failure; one = one->ai_next) {
        int fd = socket(one->ai_family, one->ai_socktype, 0);
        failure = fd < 0 ? errno : outcome(connect(fd, one->ai_addr, one->ai_addrlen));
        close(fd);
    }
    freeaddrinfo(found);
    return failure;
}

/* Sends two messages, of two parts each, and has their echoes. */
static int
send_messages_to(const char *port)
{
    struct sockaddr_in address = address_of("127.0.0.1", port);
    struct iovec parts[] = {{"mess", 4}, {"age", 3}};
    struct mmsghdr messages[2];
    struct timeval patience = {.tv_sec = 5};
    char echo[16];
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0)
        return errno;
    for (int i = 0; i < 2; i++)
        messages[i] = (struct mmsghdr){
            .msg_hdr = {
                .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = parts, .msg_iovlen = 2}};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (sendmsg(fd, &messages[0].msg_hdr, 0) < 0 || sendmmsg(fd, messages, 2, 0) < 0)
        return errno;
    for (int i = 0; i < 3; i++)
        if (recv(fd, echo, sizeof echo, 0) < 0)
            return errno;
    return messages[1].msg_len == 7 && memcmp(echo, "message", 7) == 0 ? 0 : EBADMSG;
}

static int
send_messages_granted(void)
{
    return send_messages_to("GRANTED_UDP_PORT");
}

static int
send_messages_elsewhere(void)
{
    return send_messages_to("UDP4_PORT");
}

/* Messages without an address, on connections: of TCP, and between the program's own processes. */
static int
send_messages_connected(void)
{
    struct sockaddr_in address = address_of("127.0.0.1", "GRANTED_PORT");
    struct iovec part = {"message", 7};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int pair[2];
    int on = 1;

    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        connect(fd, (struct sockaddr *)&address, sizeof address) || sendmsg(fd, &message, 0) != 7)
        return errno;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || sendmsg(pair[0], &message, 0) != 7)
        return errno;
    return 0;
}

static void
ignore(int number)
{
    (void)number;
}

static void *
connect_stuck(void *argument)
{
    connects_to("127.0.0.1", "STUCK_PORT");
    return argument;
}

/* Whoever listens at STUCK_PORT never answers. Meanwhile others are connected, a socket that does not wait
 * says so, and a signal ends the waiting of one that does. */
static int
connect_meanwhile(void)
{
    struct sockaddr_in address = address_of("127.0.0.1", "STUCK_PORT");
    struct sigaction action = {.sa_handler = ignore};
    struct itimerval soon = {.it_value = {.tv_usec = 100000}};
    pthread_t threads[CROWD];
    int patient = socket(AF_INET, SOCK_STREAM, 0);
    int impatient = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    for (int i = 0; i < CROWD; i++)
        if (pthread_create(&threads[i], NULL, connect_stuck, NULL))
            return EAGAIN;
    int failure = connects_to("127.0.0.1", "GRANTED_PORT");
    if (failure)
        return failure;
    if (connect(impatient, (struct sockaddr *)&address, sizeof address) == 0 || errno != EINPROGRESS)
        return errno ? errno : EISCONN;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    if (connect(patient, (struct sockaddr *)&address, sizeof address) == 0 || errno != EINTR)
        return errno ? errno : EISCONN;
    return 0;
}

/* Options that give a socket a device, a program or another protocol. */
static int
set_other_options(void)
{
    static const int options[][2] = {{SOL_SOCKET, SO_BINDTODEVICE}, {SOL_SOCKET, SO_ATTACH_FILTER},
                                     {SOL_SOCKET, SO_MARK},         {IPPROTO_TCP, TCP_ULP},
                                     {IPPROTO_TCP, TCP_FASTOPEN},   {IPPROTO_TCP, TCP_FASTOPEN_CONNECT},
                                     {IPPROTO_IP, IP_OPTIONS},      {IPPROTO_IP, IP_TTL}};
    char value[64] = {1};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return errno;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (setsockopt(fd, options[i][0], options[i][1], value, sizeof(int)) == 0 || errno != EPERM)
            return 0;
    return EPERM;
}

/* A descriptor of the program's, given away. */
static int
send_descriptor(void)
{
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control = {{0}};
    struct iovec part = {"x", 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int pair[2];

    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        return errno;
    return outcome(sendmsg(pair[0], &message, 0));
}

const struct attempt granted_attempts[] = {
    {"connect-in-prefix", connect_in_prefix},
    {"connect-in-range", connect_in_range},
    {"connect-beside-prefix", connect_beside_prefix},
    {"connect-beside-range", connect_beside_range},
    {"connect-granted-v6", connect_granted_v6},
    {"connect-name", connect_name},
    {"send-messages-granted", send_messages_granted},
    {"send-messages-elsewhere", send_messages_elsewhere},
    {"send-messages-connected", send_messages_connected},
    {"connect-meanwhile", connect_meanwhile},
    {"set-other-options", set_other_options},
    {"send-descriptor", send_descriptor},
    {NULL, NULL},
};
