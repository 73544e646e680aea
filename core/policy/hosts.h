/* hosts.h: sets of hosts with ports, and the HOST:PORTS texts that people write them in. Everything lives in
 * the arena. Error code: E_POLICY_HOST. */
#ifndef POLICY_HOSTS_H
#define POLICY_HOSTS_H

#include "policy/policy.h"

enum { HOSTS_MAX = 256, HOSTS_MAX_PORTS = 64 };

struct host_ports {
    const char *host; /* lower case */
    bool all_ports;   /* then there are none in the list */
    uint16_t *ports;  /* ascending, each once */
    size_t port_count;
};

struct host_set {
    struct host_ports *items;
    size_t count;
};

/* Sorts the ports, and keeps one of equals. */
void hosts_settle_ports(struct host_ports *host);

/* Reads texts; those about one host are united, and hosts sorted by name. `deny`: "*" stands for all ports.
 */
struct error *hosts_parse(struct arena *arena, const struct json_strings *texts, bool deny,
                          struct host_set *set);

/* Appends the texts of a file, one a line; '#' begins a comment. */
struct error *hosts_read_file(struct arena *arena, const char *path, struct json_strings *texts);

/* The hosts of a policy: names trimmed and in lower case, those of one name united at the first's place. */
struct error *hosts_of_policy(struct arena *arena, const struct ast_json *allow_hosts, struct host_set *set);

/* Adds hosts and ports. Errors: more than a policy may have. */
struct error *hosts_add(struct arena *arena, struct host_set *set, const struct host_set *more);

/* Takes hosts and ports away; a host of which no port is left goes. */
void hosts_remove(struct host_set *set, const struct host_set *less);

/* Whether a host's name has an ASCII letter: it may need to be resolved. */
bool hosts_have_names(const struct host_set *set);

#endif
