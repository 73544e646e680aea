/* endpoint.c: see endpoint.h. */
#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_TEXT = 64 };

static void
map_v4(const struct in_addr *address, uint8_t *out)
{
    memset(out, 0, 10);
    memset(out + 10, 0xff, 2);
    memcpy(out + 12, address, 4);
}

static bool
read_address(const char *text, size_t len, uint8_t *out)
{
    char copy[ADDRESS_TEXT];
    struct in_addr v4;

    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (inet_pton(AF_INET, copy, &v4) == 1) {
        map_v4(&v4, out);
        return true;
    }
    return inet_pton(AF_INET6, copy, out) == 1;
}

bool
endpoint_read(const char *text, struct endpoint *endpoint)
{
    size_t first = strcspn(text, ",");
    size_t middle = first + strcspn(text + first, "-");
    size_t last = middle + strcspn(text + middle, ",");
    char *end;

    if (!text[first] || !text[middle] || !text[last] || first != 3)
        return false;
    endpoint->datagrams = strncmp(text, "udp", 3) == 0;
    if (!endpoint->datagrams && strncmp(text, "tcp", 3) != 0)
        return false;
    unsigned long port = strtoul(text + last + 1, &end, 10);
    if (*end || port < 1 || port > UINT16_MAX)
        return false;
    endpoint->port = (uint16_t)port;
    return read_address(text + first + 1, middle - first - 1, endpoint->first) &&
           read_address(text + middle + 1, last - middle - 1, endpoint->last);
}

/* The address in 16 bytes and its port. */
static bool
take_apart(const struct sockaddr_storage *address, size_t size, uint8_t *bytes, uint16_t *port)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;

    if (address->ss_family == AF_INET && size >= sizeof *v4) {
        map_v4(&v4->sin_addr, bytes);
        *port = ntohs(v4->sin_port);
        return true;
    }
    if (address->ss_family == AF_INET6 && size >= sizeof *v6) {
        memcpy(bytes, &v6->sin6_addr, 16);
        *port = ntohs(v6->sin6_port);
        return true;
    }
    return false;
}

static bool
is_v4(const uint8_t *bytes)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

/* A range of version 6 has no addresses of version 4 in it, though they are written as some of its own. */
static bool
is_between(const struct endpoint *endpoint, const uint8_t *bytes)
{
    return memcmp(bytes, endpoint->first, 16) >= 0 && memcmp(bytes, endpoint->last, 16) <= 0 &&
           (!is_v4(bytes) || (is_v4(endpoint->first) && is_v4(endpoint->last)));
}

bool
endpoint_allows(const struct plan *plan, bool datagrams, const struct sockaddr_storage *address, size_t size)
{
    uint8_t bytes[16];
    uint16_t port;

    if (!take_apart(address, size, bytes, &port))
        return false;
    for (size_t i = 0; i < plan->endpoint_count; i++) {
        const struct endpoint *endpoint = &plan->endpoints[i];
        if (endpoint->datagrams == datagrams && endpoint->port == port && is_between(endpoint, bytes))
            return true;
    }
    return false;
}
