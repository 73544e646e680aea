/* network.h: the network of a guest. It has no network device: a connection of the program to a granted
 * endpoint ends in the guest, and its bytes go through a port of their own to x07-vm-dial, which connects to
 * that endpoint and, within its own boundary, can connect to no other. Knows endpoints; the job knows when.
 */
#ifndef VM_NETWORK_H
#define VM_NETWORK_H

#include "vm.h"

struct network {
    const x07_host *host;
    struct buffer endpoints; /* struct vm_endpoint, in the order of their numbers */
    struct buffer names;     /* lines of /etc/hosts */
    struct words connects;   /* options of the boundary */
    bool may_resolve;
    struct process dialler;
};

/* Resolves what is granted; nothing without grants. Errors: X07_E_POLICY there is too much of it. */
x07_status network_open(const x07_host *host, const x07_grants *grants, struct network *network);
bool network_is_granted(const struct network *network);
/* Tells the guest, and gives it the files by which names and certificates are found. */
x07_status network_add(struct payload *payload, const struct network *network);
/* Starts the dialling process on its end of the port, which it takes; `folder` is for its report.
 * Errors: X07_E_UNAVAILABLE there is no boundary for it. */
x07_status network_start(struct network *network, const char *folder, int *port);
/* Waits until it runs. */
x07_status network_await(struct network *network, int64_t deadline);
/* Ends the process. Can be called twice. */
void network_stop(struct network *network);
void network_close(struct network *network);

#endif
