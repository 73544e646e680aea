/* network.h: the network as a program in the guest finds it: every granted address is one of this machine,
 * and what connects to a granted port of it is taken to the host. Knows endpoints and the link to the host;
 * knows nothing of the job. */
#ifndef VM_GUEST_NETWORK_H
#define VM_GUEST_NETWORK_H

#include "../protocol.h"

#include <stddef.h>

/* Makes the addresses and listens; before the program starts. Ends the guest when it cannot. */
void network_prepare(const struct vm_endpoint *endpoints, size_t count);
/* Takes what comes, in a thread of its own. */
void network_start(void);
/* When the program is gone: what it sent goes out, but not longer than a moment. */
void network_end(void);

#endif
