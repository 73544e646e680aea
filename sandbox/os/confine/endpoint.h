/* endpoint.h: which addresses and ports may be talked to. Knows addresses; knows nothing of sockets in use.
 */
#ifndef CONFINE_ENDPOINT_H
#define CONFINE_ENDPOINT_H

#include "plan.h"

#include <sys/socket.h>

/* Reads "tcp,FIRST-LAST,PORT" or "udp,FIRST-LAST,PORT" with numeric addresses of one version. */
bool endpoint_read(const char *text, struct endpoint *endpoint);

/* Whether one of the plan's endpoints is this address, of version 4 or 6. */
bool endpoint_allows(const struct plan *plan, bool datagrams, const struct sockaddr_storage *address,
                     size_t size);

#endif
