/* network.c: from the endpoints of a policy to the helper's options. */
#include "os.h"

#include "../shared/endpoints.h"

#include <stdio.h>

struct network {
    struct arguments *arguments;
    FILE *hosts; /* NULL: no names may be resolved */
};

static void
allow_range(void *context, const struct endpoint_range *range)
{
    struct network *network = context;
    char text[ENDPOINT_TEXT];

    endpoint_write(range, text);
    arguments_add_pair(network->arguments, "--connect", text);
}

static void
add_name(void *context, const char *address, const char *name)
{
    struct network *network = context;

    fprintf(network->hosts, "%s %s\n", address, name);
}

static FILE *
create(const char *directory, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return fopen(path, "we");
}

/* The files by which a C library finds names: hosts, and the order to look nowhere else. */
static x07_status
make_settings(struct network *network, char **directory)
{
    const x07_host *host = network->arguments->host;
    x07_status status = host->temporary_directory(host, "confine.etc", directory);

    if (status != X07_OK)
        return status;
    FILE *order = create(*directory, "nsswitch.conf");
    network->hosts = create(*directory, "hosts");
    int failed = !order || !network->hosts || fputs(endpoints_name_order, order) < 0 ||
                 fputs(endpoints_first_hosts, network->hosts) < 0;
    if (order)
        failed |= fclose(order);
    return failed
               ? host->fail(host, X07_E_IO, "E_SANDBOX_OS_NETWORK", "cannot write the names of the network")
               : X07_OK;
}

x07_status
arguments_of_network(struct arguments *arguments, const x07_grants *grants)
{
    const x07_host *host = arguments->host;
    struct network network = {.arguments = arguments};
    char *directory = NULL;
    x07_status status = X07_OK;

    if (!endpoints_are_needed(grants))
        return X07_OK;
    if (grants->flags & X07_GRANT_DNS)
        status = make_settings(&network, &directory);
    if (status == X07_OK)
        endpoints_resolve(grants, &(struct endpoint_sink){.context = &network,
                                                          .range = allow_range,
                                                          .name = network.hosts ? add_name : NULL});
    if (network.hosts && fclose(network.hosts) && status == X07_OK)
        status = host->fail(host, X07_E_IO, "E_SANDBOX_OS_NETWORK", "cannot write the names of the network");
    if (directory)
        arguments_add_pair(arguments, "--etc", directory);
    for (size_t i = 0; endpoints_certificates[i]; i++)
        arguments_add_pair(arguments, "--read", endpoints_certificates[i]);
    host->release(host, directory);
    return status;
}
