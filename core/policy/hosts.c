/* hosts.c: see hosts.h. The texts are read in host_text.c. */
#include "policy/hosts.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int
compare_ports(const void *left, const void *right)
{
    uint16_t a = *(const uint16_t *)left;
    uint16_t b = *(const uint16_t *)right;

    return (a > b) - (a < b);
}

void
hosts_settle_ports(struct host_ports *host)
{
    size_t kept = 0;

    if (host->port_count)
        qsort(host->ports, host->port_count, sizeof *host->ports, compare_ports);
    for (size_t i = 0; i < host->port_count; i++)
        if (!kept || host->ports[kept - 1] != host->ports[i])
            host->ports[kept++] = host->ports[i];
    host->port_count = kept;
}

static struct host_ports *
find(const struct host_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].host, name) == 0)
            return &set->items[i];
    return NULL;
}

static struct error *
unite(struct arena *arena, struct host_ports *host, const struct host_ports *more)
{
    uint16_t *ports = ARENA_ARRAY(arena, uint16_t, host->port_count + more->port_count + 1);

    if (host->port_count)
        memcpy(ports, host->ports, host->port_count * sizeof *ports);
    if (more->port_count)
        memcpy(ports + host->port_count, more->ports, more->port_count * sizeof *ports);
    host->ports = ports;
    host->port_count += more->port_count;
    hosts_settle_ports(host);
    return host->port_count <= HOSTS_MAX_PORTS
               ? NULL
               : error_new("E_POLICY_HOST", "Host %s would exceed 64 allowed ports", host->host);
}

struct error *
hosts_add(struct arena *arena, struct host_set *set, const struct host_set *more)
{
    struct host_ports *items = ARENA_ARRAY(arena, struct host_ports, set->count + more->count + 1);

    if (set->count)
        memcpy(items, set->items, set->count * sizeof *items);
    set->items = items;
    for (size_t i = 0; i < more->count; i++) {
        struct host_ports *host = find(set, more->items[i].host);
        if (!host && set->count == HOSTS_MAX)
            return error_new("E_POLICY_HOST", "Policy net.allow_hosts would exceed 256 entries");
        if (!host) {
            host = &set->items[set->count++];
            *host = (struct host_ports){.host = more->items[i].host};
        }
        struct error *error = unite(arena, host, &more->items[i]);
        if (error)
            return error;
    }
    return NULL;
}

static bool
has_port(const struct host_ports *host, uint16_t port)
{
    return host->port_count &&
           bsearch(&port, host->ports, host->port_count, sizeof port, compare_ports) != NULL;
}

/* Whether anything of the host is left. */
static bool
remove_ports(struct host_ports *host, const struct host_ports *less)
{
    size_t kept = 0;

    if (less->all_ports)
        return false;
    for (size_t i = 0; i < host->port_count; i++)
        if (!has_port(less, host->ports[i]))
            host->ports[kept++] = host->ports[i];
    host->port_count = kept;
    return kept != 0;
}

void
hosts_remove(struct host_set *set, const struct host_set *less)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        struct host_ports *denied = find(less, set->items[i].host);
        if (!denied || remove_ports(&set->items[i], denied))
            set->items[kept++] = set->items[i];
    }
    set->count = kept;
}

/* One host of a policy that fits the schema. */
static struct error *
read_host(struct arena *arena, const struct ast_json *item, struct host_ports *host)
{
    const struct ast_json *name = ast_json_get(item, "host");
    const struct ast_json *ports = ast_json_get(item, "ports");
    const char *text = name->text;
    size_t len = name->count;

    if (memchr(text, '\0', len))
        return error_new("E_POLICY_HOST", "policy contains a host with NUL");
    utf8_trim(&text, &len);
    char *lower = arena_copy(arena, text, len);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *host = (struct host_ports){.host = lower, .ports = ARENA_ARRAY(arena, uint16_t, ports->count + 1)};
    for (; host->port_count < ports->count; host->port_count++) {
        host->ports[host->port_count] = (uint16_t)ports->items[host->port_count].integer;
        if (!host->ports[host->port_count])
            return error_new("E_POLICY_HOST", "policy contains port 0");
    }
    hosts_settle_ports(host);
    return NULL;
}

struct error *
hosts_of_policy(struct arena *arena, const struct ast_json *allow_hosts, struct host_set *set)
{
    struct host_set read = {.items = ARENA_ARRAY(arena, struct host_ports, allow_hosts->count + 1)};
    struct error *error = NULL;

    *set = (struct host_set){0};
    for (uint32_t i = 0; i < allow_hosts->count && !error; i++)
        error = read_host(arena, &allow_hosts->items[i], &read.items[read.count++]);
    return error ? error : hosts_add(arena, set, &read);
}

bool
hosts_have_names(const struct host_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        for (const char *c = set->items[i].host; *c; c++)
            if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
                return true;
    return false;
}
