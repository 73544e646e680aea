/* x07/grants.h: what a policy grants, in the form that those who enforce it from outside need.
 *
 * The host reads and validates the policy document and fills this in, so that a sandbox backend need not know
 * the document's format. A backend that cannot enforce something here refuses the job with X07_E_POLICY; it
 * never widens a grant. Everything belongs to the host and is valid for the call only. Since ABI 1.2. */
#ifndef X07_GRANTS_H
#define X07_GRANTS_H

#include <x07/abi.h>

/* x07_grants.flags. Since ABI 1.2. */
enum {
    X07_GRANT_TCP = 1 << 0,        /* TCP connections to the endpoints */
    X07_GRANT_UDP = 1 << 1,        /* UDP to the endpoints */
    X07_GRANT_DNS = 1 << 2,        /* name resolution through the system's resolver */
    X07_GRANT_SPAWN = 1 << 3,      /* starting the executables below */
    X07_GRANT_CORE_DUMPS = 1 << 4, /* no limit on core files */
    X07_GRANT_NATIVE_CODE =
        1 << 5 /* the program may hold foreign or unsafe code: only the boundary stops it */
};

/* A place in the network. Since ABI 1.2. */
typedef struct x07_endpoint {
    uint32_t size;
    uint32_t port_count;
    const char *host;      /* a name, an address, or ADDRESS/PREFIX */
    const uint16_t *ports; /* port_count of them, each 1 to 65535 */
} x07_endpoint;

/* Paths are absolute, or relative to the working directory of the process; a root grants what is beneath it,
 * and need not exist. Lists of text end with NULL and are never NULL themselves. Since ABI 1.2. */
typedef struct x07_grants {
    uint32_t size;
    uint32_t flags;                 /* X07_GRANT_* */
    const char *const *read_roots;  /* empty when the policy switches files off */
    const char *const *write_roots; /* reading is granted there, too */
    const char *const *executables; /* full paths; empty without X07_GRANT_SPAWN */
    const char *const *executable_prefixes;
    const x07_endpoint *endpoints; /* endpoint_count of them; 0: no network at all */
    uint32_t endpoint_count;
    uint32_t reserved;
    uint64_t cpu_ms; /* limits; none is 0 but for the last two, where 0 is a limit, too */
    uint64_t wall_ms;
    uint64_t memory_bytes; /* of address space */
    uint64_t open_files;
    uint64_t processes;
} x07_grants;

#endif
