/* endpoints.c: see endpoints.h. */
#include "endpoints.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 512, NETWORK_FLAGS = X07_GRANT_TCP | X07_GRANT_UDP };

const char endpoints_first_hosts[] = "127.0.0.1 localhost\n::1 localhost\n";
const char endpoints_name_order[] = "hosts: files\n";
const char *const endpoints_certificates[] = {"/etc/ssl/certs", "/etc/ssl/openssl.cnf",
                                              "/usr/share/ca-certificates", NULL};

struct address {
    bool is_v6;
    uint8_t bytes[16];
};

struct resolving {
    const x07_grants *grants;
    const struct endpoint_sink *sink;
};

static size_t
size_of(const struct address *address)
{
    return address->is_v6 ? 16 : 4;
}

static bool
read_address(const char *text, struct address *address)
{
    char copy[NAME_BYTES];
    size_t len = strlen(text);

    if (len >= 2 && len < sizeof copy && text[0] == '[' && text[len - 1] == ']') {
        snprintf(copy, sizeof copy, "%.*s", (int)len - 2, text + 1);
        text = copy;
    }
    *address = (struct address){.is_v6 = false};
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        return true;
    *address = (struct address){.is_v6 = true};
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

static void
allow_range(const struct resolving *resolving, const struct address *first, const struct address *last,
            const x07_endpoint *endpoint)
{
    static const uint32_t protocols[] = {X07_GRANT_TCP, X07_GRANT_UDP};
    struct endpoint_range range = {.is_v6 = first->is_v6};

    memcpy(range.first, first->bytes, sizeof range.first);
    memcpy(range.last, last->bytes, sizeof range.last);
    for (uint32_t i = 0; i < endpoint->port_count; i++)
        for (size_t protocol = 0; protocol < 2; protocol++) {
            range.port = endpoint->ports[i];
            range.datagrams = protocols[protocol] == X07_GRANT_UDP;
            if (resolving->grants->flags & protocols[protocol])
                resolving->sink->range(resolving->sink->context, &range);
        }
}

/* ADDRESS/PREFIX. */
static bool
allow_prefix(const struct resolving *resolving, const char *host, const x07_endpoint *endpoint)
{
    char text[NAME_BYTES];
    struct address first;
    const char *slash = strchr(host, '/');
    char *end;

    if (!slash || (size_t)(slash - host) >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)(slash - host), host);
    unsigned long bits = strtoul(slash + 1, &end, 10);
    if (!slash[1] || *end || !read_address(text, &first) || bits > size_of(&first) * 8)
        return false;
    struct address last = first;
    for (size_t bit = bits; bit < size_of(&first) * 8; bit++) {
        first.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    }
    allow_range(resolving, &first, &last, endpoint);
    return true;
}

/* FIRST-LAST, in either order. */
static bool
allow_between(const struct resolving *resolving, const char *host, const x07_endpoint *endpoint)
{
    char text[NAME_BYTES];
    struct address first;
    struct address last;
    const char *dash = strchr(host, '-');

    if (!dash || (size_t)(dash - host) >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)(dash - host), host);
    if (!read_address(text, &first) || !read_address(dash + 1, &last) || first.is_v6 != last.is_v6)
        return false;
    if (memcmp(first.bytes, last.bytes, size_of(&first)) > 0)
        allow_range(resolving, &last, &first, endpoint);
    else
        allow_range(resolving, &first, &last, endpoint);
    return true;
}

static void
allow_name(const struct resolving *resolving, const x07_endpoint *endpoint)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char text[NI_MAXHOST];
    struct address address;

    if (!resolving->sink->name || getaddrinfo(endpoint->host, NULL, &hints, &found))
        return;
    for (const struct addrinfo *one = found; one; one = one->ai_next) {
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) ||
            !read_address(text, &address))
            continue;
        allow_range(resolving, &address, &address, endpoint);
        resolving->sink->name(resolving->sink->context, text, endpoint->host);
    }
    freeaddrinfo(found);
}

static void
allow_endpoint(const struct resolving *resolving, const x07_endpoint *endpoint)
{
    struct address address;

    if (read_address(endpoint->host, &address))
        allow_range(resolving, &address, &address, endpoint);
    else if (!allow_prefix(resolving, endpoint->host, endpoint) &&
             !allow_between(resolving, endpoint->host, endpoint))
        allow_name(resolving, endpoint);
}

bool
endpoints_are_needed(const x07_grants *grants)
{
    return (grants->flags & NETWORK_FLAGS) && grants->endpoint_count &&
           (grants->flags & (X07_GRANT_NATIVE_CODE | X07_GRANT_SPAWN));
}

void
endpoints_resolve(const x07_grants *grants, const struct endpoint_sink *sink)
{
    const struct resolving resolving = {.grants = grants, .sink = sink};

    for (uint32_t i = 0; i < grants->endpoint_count; i++)
        allow_endpoint(&resolving, (const x07_endpoint *)((const char *)grants->endpoints +
                                                          (size_t)i * grants->endpoints->size));
}

void
endpoint_write(const struct endpoint_range *range, char text[ENDPOINT_TEXT])
{
    int family = range->is_v6 ? AF_INET6 : AF_INET;
    char from[INET6_ADDRSTRLEN];
    char to[INET6_ADDRSTRLEN];

    inet_ntop(family, range->first, from, sizeof from);
    inet_ntop(family, range->last, to, sizeof to);
    snprintf(text, ENDPOINT_TEXT, "%s,%s-%s,%u", range->datagrams ? "udp" : "tcp", from, to, range->port);
}
