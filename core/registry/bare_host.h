/* bare_host.h: a host table for plugins that are only looked at: probes, diagnostics, checks.
 * It allocates, keeps the last failure, and refuses all that would start something (X07_E_UNSUPPORTED). It is
 * for use in a child process (child.h) that ends soon. */
#ifndef REGISTRY_BARE_HOST_H
#define REGISTRY_BARE_HOST_H

#include <x07/host.h>

struct bare_host {
    x07_host table;
    char code[64];
    char message[1024];
};

/* The table points back to `host`, which must stay where it is. Nothing to free. */
void bare_host_init(struct bare_host *host);

/* The last failure's message; "" when there was none. */
const char *bare_host_said(const x07_host *table);

#endif
