/* network.h: the network of a guest. It has no network device: a guest's connection to a granted endpoint is
 * a stream of frames, and the host connects, to that endpoint and no other. */
#ifndef VM_NETWORK_H
#define VM_NETWORK_H

#include "vm.h"

#include <poll.h>

enum { NETWORK_STREAMS = 64 };

struct network {
    const x07_host *host;
    size_t stream_count;
};

/* Refuses what cannot be enforced: X07_E_POLICY. */
x07_status network_check(const x07_host *host, const x07_grants *grants);
x07_status network_open(const x07_host *host, const x07_grants *grants, struct network *network);
x07_status network_add(struct payload *payload, const struct network *network);
size_t network_polls(const struct network *network, struct pollfd *polls);
x07_status network_take(struct network *network, int channel, const struct frame *frame);
x07_status network_serve(struct network *network, int channel);
void network_close(struct network *network);

#endif
