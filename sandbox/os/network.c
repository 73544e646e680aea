/* network.c: from the endpoints of a policy to addresses.
 *
 * Names are resolved here, before the program starts, and it finds exactly these answers in an /etc/hosts of
 * its own: it asks no name server, so none can tell it another address later, and it can tell nothing to one.
 */
#include "os.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 512, NETWORK_FLAGS = X07_GRANT_TCP | X07_GRANT_UDP };

/* An address of either version. */
struct address {
    int family;
    size_t size;
    uint8_t bytes[16];
};

struct network {
    struct arguments *arguments;
    const x07_grants *grants;
    FILE *hosts; /* NULL: no names may be resolved */
};

static int
read_address(const char *text, struct address *address)
{
    char copy[NAME_BYTES];
    size_t len = strlen(text);

    if (len >= 2 && len < sizeof copy && text[0] == '[' && text[len - 1] == ']') {
        snprintf(copy, sizeof copy, "%.*s", (int)len - 2, text + 1);
        text = copy;
    }
    *address = (struct address){.family = AF_INET, .size = 4};
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        return 1;
    *address = (struct address){.family = AF_INET6, .size = 16};
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

static void
allow_range(const struct network *network, const struct address *first, const struct address *last,
            const x07_endpoint *endpoint)
{
    char from[INET6_ADDRSTRLEN];
    char to[INET6_ADDRSTRLEN];
    char text[2 * INET6_ADDRSTRLEN + 32];

    inet_ntop(first->family, first->bytes, from, sizeof from);
    inet_ntop(last->family, last->bytes, to, sizeof to);
    for (uint32_t i = 0; i < endpoint->port_count; i++) {
        if (network->grants->flags & X07_GRANT_TCP) {
            snprintf(text, sizeof text, "tcp,%s-%s,%u", from, to, endpoint->ports[i]);
            arguments_add_pair(network->arguments, "--connect", text);
        }
        if (network->grants->flags & X07_GRANT_UDP) {
            snprintf(text, sizeof text, "udp,%s-%s,%u", from, to, endpoint->ports[i]);
            arguments_add_pair(network->arguments, "--connect", text);
        }
    }
}

/* ADDRESS/PREFIX. */
static int
allow_prefix(const struct network *network, const char *host, const x07_endpoint *endpoint)
{
    char text[NAME_BYTES];
    struct address first;
    const char *slash = strchr(host, '/');
    char *end;

    if (!slash || (size_t)(slash - host) >= sizeof text)
        return 0;
    snprintf(text, sizeof text, "%.*s", (int)(slash - host), host);
    unsigned long bits = strtoul(slash + 1, &end, 10);
    if (!slash[1] || *end || !read_address(text, &first) || bits > first.size * 8)
        return 0;
    struct address last = first;
    for (size_t bit = bits; bit < first.size * 8; bit++) {
        first.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    }
    allow_range(network, &first, &last, endpoint);
    return 1;
}

/* FIRST-LAST, in either order. */
static int
allow_between(const struct network *network, const char *host, const x07_endpoint *endpoint)
{
    char text[NAME_BYTES];
    struct address first;
    struct address last;
    const char *dash = strchr(host, '-');

    if (!dash || (size_t)(dash - host) >= sizeof text)
        return 0;
    snprintf(text, sizeof text, "%.*s", (int)(dash - host), host);
    if (!read_address(text, &first) || !read_address(dash + 1, &last) || first.family != last.family)
        return 0;
    if (memcmp(first.bytes, last.bytes, first.size) > 0)
        allow_range(network, &last, &first, endpoint);
    else
        allow_range(network, &first, &last, endpoint);
    return 1;
}

static void
allow_name(const struct network *network, const x07_endpoint *endpoint)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char text[NI_MAXHOST];
    struct address address;

    if (!network->hosts || getaddrinfo(endpoint->host, NULL, &hints, &found))
        return;
    for (const struct addrinfo *one = found; one; one = one->ai_next) {
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) ||
            !read_address(text, &address))
            continue;
        allow_range(network, &address, &address, endpoint);
        fprintf(network->hosts, "%s %s\n", text, endpoint->host);
    }
    freeaddrinfo(found);
}

static void
allow_endpoint(const struct network *network, const x07_endpoint *endpoint)
{
    struct address address;

    if (read_address(endpoint->host, &address))
        allow_range(network, &address, &address, endpoint);
    else if (!allow_prefix(network, endpoint->host, endpoint) &&
             !allow_between(network, endpoint->host, endpoint))
        allow_name(network, endpoint);
}

static FILE *
create(const char *directory, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return fopen(path, "we");
}

/* The files by which a C library finds names: hosts, and the order to look nowhere else. */
static x07_status
make_settings(struct network *network, char **directory)
{
    const x07_host *host = network->arguments->host;
    x07_status status = host->temporary_directory(host, "confine.etc", directory);

    if (status != X07_OK)
        return status;
    FILE *order = create(*directory, "nsswitch.conf");
    network->hosts = create(*directory, "hosts");
    int failed = !order || !network->hosts || fputs("hosts: files\n", order) < 0 ||
                 fputs("127.0.0.1 localhost\n::1 localhost\n", network->hosts) < 0;
    if (order)
        failed |= fclose(order);
    return failed
               ? host->fail(host, X07_E_IO, "E_SANDBOX_OS_NETWORK", "cannot write the names of the network")
               : X07_OK;
}

static void
add_certificates(struct arguments *arguments)
{
    arguments_add_pair(arguments, "--read", "/etc/ssl/certs");
    arguments_add_pair(arguments, "--read", "/etc/ssl/openssl.cnf");
    arguments_add_pair(arguments, "--read", "/usr/share/ca-certificates");
}

/* Only foreign code and programs that are started can make sockets: without either, no network is needed. */
x07_status
arguments_of_network(struct arguments *arguments, const x07_grants *grants)
{
    const x07_host *host = arguments->host;
    struct network network = {.arguments = arguments, .grants = grants};
    char *directory = NULL;
    x07_status status = X07_OK;

    if (!(grants->flags & NETWORK_FLAGS) || !grants->endpoint_count ||
        !(grants->flags & (X07_GRANT_NATIVE_CODE | X07_GRANT_SPAWN)))
        return X07_OK;
    if (grants->flags & X07_GRANT_DNS)
        status = make_settings(&network, &directory);
    for (uint32_t i = 0; status == X07_OK && i < grants->endpoint_count; i++)
        allow_endpoint(&network, (const x07_endpoint *)((const char *)grants->endpoints +
                                                        (size_t)i * grants->endpoints->size));
    if (network.hosts && fclose(network.hosts) && status == X07_OK)
        status = host->fail(host, X07_E_IO, "E_SANDBOX_OS_NETWORK", "cannot write the names of the network");
    if (directory)
        arguments_add_pair(arguments, "--etc", directory);
    add_certificates(arguments);
    host->release(host, directory);
    return status;
}
