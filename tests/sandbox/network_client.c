/* network_client.c: a program that uses the network which a policy grants it, in every way that the bytes
 * could get stuck or lost on. Its environment says where; each check is a line of output, "ok" at its end.
 *
 *     ECHO4, ECHO6, UDP4, UDP6   ports of 127.0.0.1 and ::1 that send back what comes
 *     DEAF                       one that never reads      ABRUPT  one that closes at once
 *     COUNTING                   one that counts           NOBODY  one that is granted, with nobody there
 *     RANGE                      one of 127.77.1.2, granted as 127.77.0.0/16
 *     CLOSED                     one that is not granted */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 4, EACH = 4 << 20, CHUNK = 64 << 10, PATIENCE_MS = 20000, LAST_WORDS = 300000 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static int
port_of(const char *name)
{
    const char *value = getenv(name);

    return value ? atoi(value) : 0;
}

static socklen_t
make_address(union address *address, const char *text, int port)
{
    memset(address, 0, sizeof *address);
    if (strchr(text, ':')) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)port);
        inet_pton(AF_INET6, text, &address->v6.sin6_addr);
        return sizeof address->v6;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, text, &address->v4.sin_addr);
    return sizeof address->v4;
}

/* A connected socket, or -1. */
static int
reach(int type, const char *host, const char *port)
{
    union address address;
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    socklen_t size = make_address(&address, host, port_of(port));
    int fd = socket(address.any.sa_family, type, 0);

    if (fd >= 0 && connect(fd, &address.any, size)) {
        int failure = errno;
        close(fd);
        errno = failure;
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static void
tell(const char *check, int ok)
{
    printf("%s: %s\n", check, ok ? "ok" : strerror(errno));
    fflush(stdout);
}

static unsigned char
byte_at(size_t connection, size_t position)
{
    return (unsigned char)(position * 31 + position / 251 + connection * 7);
}

/* One of several that move at the same time. */
struct transfer {
    size_t sent, received;
    int wrong;
};

static void
send_some(struct transfer *transfer, size_t index, int fd)
{
    unsigned char chunk[CHUNK];
    size_t size = EACH - transfer->sent < CHUNK ? EACH - transfer->sent : CHUNK;

    for (size_t i = 0; i < size; i++)
        chunk[i] = byte_at(index, transfer->sent + i);
    ssize_t count = send(fd, chunk, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0)
        transfer->sent += (size_t)count;
    if (transfer->sent == EACH)
        shutdown(fd, SHUT_WR);
}

/* False at the end. */
static int
receive_some(struct transfer *transfer, size_t index, int fd)
{
    unsigned char chunk[CHUNK];
    ssize_t count = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);

    if (count < 0)
        return errno == EAGAIN;
    for (ssize_t i = 0; i < count; i++)
        transfer->wrong |= chunk[i] != byte_at(index, transfer->received + (size_t)i);
    transfer->received += (size_t)count;
    return count > 0;
}

/* What is sent comes back on each, while another connection stands still. */
static void
move_much(void)
{
    struct transfer transfers[CONNECTIONS] = {{0}};
    struct pollfd polls[CONNECTIONS];
    static const char nothing[CHUNK];
    int open = CONNECTIONS, ok = 1;
    int deaf = reach(SOCK_STREAM, "127.0.0.1", "DEAF");

    while (deaf >= 0 && send(deaf, nothing, sizeof nothing, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        ;
    for (size_t i = 0; i < CONNECTIONS; i++)
        polls[i] = (struct pollfd){.fd = i % 2 ? reach(SOCK_STREAM, "::1", "ECHO6")
                                               : reach(SOCK_STREAM, "127.0.0.1", "ECHO4")};
    while (open) {
        for (size_t i = 0; i < CONNECTIONS; i++)
            polls[i].events = (short)(POLLIN | (transfers[i].sent < EACH ? POLLOUT : 0));
        if (poll(polls, CONNECTIONS, PATIENCE_MS) <= 0)
            break;
        for (size_t i = 0; i < CONNECTIONS; i++) {
            if (polls[i].revents & POLLOUT && transfers[i].sent < EACH)
                send_some(&transfers[i], i, polls[i].fd);
            if (!(polls[i].revents & ~POLLOUT) || receive_some(&transfers[i], i, polls[i].fd))
                continue;
            close(polls[i].fd);
            polls[i].fd = -1;
            open--;
        }
    }
    for (size_t i = 0; i < CONNECTIONS; i++)
        ok &= transfers[i].received == EACH && !transfers[i].wrong;
    tell("much", ok && deaf >= 0 && !open);
    close(deaf);
}

/* The other side hears the end, and answers after it. */
static void
half_close(void)
{
    char answer[16];
    int fd = reach(SOCK_STREAM, "127.0.0.1", "COUNTING");
    int ok = fd >= 0 && send(fd, "hello", 5, 0) == 5 && shutdown(fd, SHUT_WR) == 0;
    ssize_t count = ok ? recv(fd, answer, sizeof answer, MSG_WAITALL) : -1;

    tell("half-close", count == 1 && answer[0] == '5');
    close(fd);
}

static void
abrupt(void)
{
    char byte;
    int fd = reach(SOCK_STREAM, "127.0.0.1", "ABRUPT");
    ssize_t count = fd < 0 ? 1 : recv(fd, &byte, 1, 0);

    tell("abrupt", count == 0 || (count < 0 && errno == ECONNRESET));
    close(fd);
}

/* Refused at once, or closed as soon as that is known. */
static void
nobody(void)
{
    char byte;
    int fd = reach(SOCK_STREAM, "127.0.0.1", "NOBODY");
    int ok = fd < 0 ? errno == ECONNREFUSED : recv(fd, &byte, 1, 0) < 0 && errno == ECONNRESET;

    tell("nobody", ok);
    close(fd);
}

static void
datagrams(const char *check, const char *host, const char *port)
{
    static const size_t sizes[] = {1, 0, 1400, 30000};
    char data[32000] = {0}, answer[32000];
    int fd = reach(SOCK_DGRAM, host, port);
    int ok = fd >= 0;

    for (size_t i = 0; ok && i < sizeof sizes / sizeof *sizes; i++) {
        data[0] = (char)('a' + i);
        ok = send(fd, data, sizes[i], 0) == (ssize_t)sizes[i];
        ssize_t count = ok ? recv(fd, answer, sizeof answer, 0) : -1;
        ok = ok && count == (ssize_t)sizes[i] && memcmp(answer, data, sizes[i]) == 0;
    }
    tell(check, ok);
    close(fd);
}

static void
range(void)
{
    char answer;
    int fd = reach(SOCK_STREAM, "127.77.1.2", "RANGE");
    int ok = fd >= 0 && send(fd, "r", 1, 0) == 1 && recv(fd, &answer, 1, 0) == 1 && answer == 'r';

    tell("range", ok);
    close(fd);
}

static void
names(void)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[16];

    snprintf(port, sizeof port, "%d", port_of("ECHO4"));
    int failure = getaddrinfo("localhost", port, &hints, &found);
    int known = failure == 0 && found;
    failure = getaddrinfo("example.com", port, &hints, &found);
    tell("names", known && failure != 0);
}

static void
not_granted(const char *check, const char *host, const char *port)
{
    int fd = reach(SOCK_STREAM, host, port);

    tell(check, fd < 0 && errno == EACCES);
}

static void
ports_of_machine(void)
{
    tell("ports", open("/dev/vport0p1", O_RDWR) < 0 && open("/dev/vport0p2", O_RDWR) < 0 &&
                      open("/dev/vport0p3", O_RDWR) < 0);
}

/* All that was sent arrives, though the program ends at once and closes nothing. */
static void
last_words(void)
{
    static const char words[LAST_WORDS];
    int fd = reach(SOCK_STREAM, "127.0.0.1", "COUNTING");

    tell("last-words", fd >= 0 && send(fd, words, sizeof words, 0) == sizeof words);
}

int
main(void)
{
    signal(SIGPIPE, SIG_IGN);
    move_much();
    half_close();
    abrupt();
    nobody();
    datagrams("datagrams-v4", "127.0.0.1", "UDP4");
    datagrams("datagrams-v6", "::1", "UDP6");
    range();
    names();
    not_granted("other-port", "127.0.0.1", "CLOSED");
    not_granted("other-address", "127.0.0.2", "ECHO4");
    not_granted("other-network", "10.1.2.3", "ECHO4");
    ports_of_machine();
    last_words();
    return 0;
}
