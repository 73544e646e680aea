/* routes.c: makes ranges of addresses this machine's own. A range becomes prefixes, and each a route of the
 * table of local addresses, which the kernel takes for as many addresses of the loopback device. */
#include "routes.h"

#include "guest.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BITS = 128, V4_PREFIX = 96, ROOM = 256 };

struct request {
    struct nlmsghdr header;
    struct rtmsg route;
    char attributes[ROOM];
};

static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};

static void
add_attribute(struct request *request, unsigned short type, const void *data, size_t size)
{
    struct rtattr *attribute =
        (struct rtattr *)(void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

    attribute->rta_type = type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), data, size);
    request->header.nlmsg_len =
        (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len));
}

static int
answer_of(int socket)
{
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[ROOM * 2];
    } answer;

    if (recv(socket, &answer, sizeof answer, 0) < (ssize_t)NLMSG_LENGTH(sizeof answer.error.error))
        return EPROTO;
    return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

static void
add_prefix(int socket, unsigned device, const uint8_t *address, unsigned length)
{
    int is_v4 = memcmp(address, v4_mapped, sizeof v4_mapped) == 0 && length >= V4_PREFIX;
    unsigned skipped = is_v4 ? V4_PREFIX : 0;
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof request.route),
                   .nlmsg_type = RTM_NEWROUTE,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK},
        .route = {.rtm_family = is_v4 ? AF_INET : AF_INET6,
                  .rtm_dst_len = (uint8_t)(length - skipped),
                  .rtm_table = RT_TABLE_LOCAL,
                  .rtm_protocol = RTPROT_STATIC,
                  .rtm_scope = is_v4 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
                  .rtm_type = RTN_LOCAL},
    };

    add_attribute(&request, RTA_DST, address + skipped / 8, (BITS - skipped) / 8);
    add_attribute(&request, RTA_OIF, &device, sizeof device);
    if (send(socket, &request, request.header.nlmsg_len, 0) < 0)
        guest_fail("route", NULL);
    errno = answer_of(socket);
    if (errno && errno != EEXIST)
        guest_fail("route", NULL);
}

/* How many low bits of the address are zero. */
static unsigned
zero_bits(const uint8_t *address)
{
    unsigned bits = 0;

    while (bits < BITS && !(address[15 - bits / 8] & 1u << bits % 8))
        bits++;
    return bits;
}

/* The last address of the prefix that has so many free bits. */
static void
end_of(const uint8_t *first, unsigned free_bits, uint8_t *last)
{
    memcpy(last, first, 16);
    for (unsigned bit = 0; bit < free_bits; bit++)
        last[15 - bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* False when there is none. */
static int
go_to_next(uint8_t *address)
{
    for (size_t i = 16; i-- > 0;)
        if (++address[i])
            return 1;
    return 0;
}

static int
is_loopback(const uint8_t *first, const uint8_t *last)
{
    static const uint8_t v6[16] = {[15] = 1};
    int is_v4 = memcmp(first, v4_mapped, sizeof v4_mapped) == 0;

    return is_v4 ? first[12] == 127 && last[12] == 127
                 : memcmp(first, v6, 16) == 0 && memcmp(last, v6, 16) == 0;
}

static void
add_range(int socket, unsigned device, const uint8_t *first, const uint8_t *end)
{
    uint8_t address[16];
    uint8_t last[16];

    memcpy(address, first, sizeof address);
    do {
        unsigned free_bits = zero_bits(address);
        for (;; free_bits--) {
            end_of(address, free_bits, last);
            if (memcmp(last, end, sizeof last) <= 0)
                break;
        }
        add_prefix(socket, device, address, BITS - free_bits);
        memcpy(address, last, sizeof address);
    } while (go_to_next(address) && memcmp(address, end, sizeof address) <= 0);
}

static unsigned
raise_loopback(void)
{
    struct ifreq device = {.ifr_name = "lo"};
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (control < 0 || ioctl(control, SIOCGIFFLAGS, &device) < 0)
        guest_fail("open", "lo");
    device.ifr_flags |= IFF_UP;
    if (ioctl(control, SIOCSIFFLAGS, &device) < 0)
        guest_fail("raise", "lo");
    close(control);
    return if_nametoindex("lo");
}

void
routes_make(const struct vm_endpoint *endpoints, size_t count)
{
    unsigned device = raise_loopback();
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (netlink < 0)
        guest_fail("open", "netlink");
    for (size_t i = 0; i < count; i++)
        if (!is_loopback(endpoints[i].first, endpoints[i].last))
            add_range(netlink, device, endpoints[i].first, endpoints[i].last);
    close(netlink);
}
