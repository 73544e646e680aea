/* network.c: see network.h. */
#include "network.h"

x07_status
network_check(const x07_host *host, const x07_grants *grants)
{
    if (!grants->endpoint_count)
        return X07_OK;
    return vm_fail(host, X07_E_POLICY, "E_VM_POLICY",
                   "VM backend qemu-microvm does not yet enforce policy.net.allow_hosts at the VM boundary");
}

x07_status
network_open(const x07_host *host, const x07_grants *grants, struct network *network)
{
    (void)grants;
    network->host = host;
    return X07_OK;
}

x07_status
network_add(struct payload *payload, const struct network *network)
{
    (void)payload, (void)network;
    return X07_OK;
}

size_t
network_polls(const struct network *network, struct pollfd *polls)
{
    (void)network, (void)polls;
    return 0;
}

x07_status
network_take(struct network *network, int channel, const struct frame *frame)
{
    (void)channel, (void)frame;
    return vm_fail(network->host, X07_E_INVALID, "E_VM_GUEST",
                   "the guest breaks the rules: a frame of no known type");
}

x07_status
network_serve(struct network *network, int channel)
{
    (void)network, (void)channel;
    return X07_OK;
}

void
network_close(struct network *network)
{
    (void)network;
}
