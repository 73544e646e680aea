/* routes.h: which addresses are this machine's own. */
#ifndef VM_GUEST_ROUTES_H
#define VM_GUEST_ROUTES_H

#include "../protocol.h"

#include <stddef.h>

/* Raises the loopback device and gives it the addresses of all endpoints. */
void routes_make(const struct vm_endpoint *endpoints, size_t count);

#endif
