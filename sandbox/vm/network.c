/* network.c: see network.h. */
#include "network.h"

#include "../shared/endpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each is a few bytes of the dialling process's command line, and routes and listeners in the guest. */
enum { ENDPOINTS_MOST = 1024, CERTIFICATES_MOST = 4 << 20 };

#define DIALLER "x07-vm-dial"

/* ---- What is granted --------------------------------------------------------------------------------- */

/* Version 4 becomes a mapped address of version 6. */
static void
map(const struct endpoint_range *range, const uint8_t *bytes, uint8_t out[16])
{
    static const uint8_t v4[12] = {[10] = 0xff, [11] = 0xff};

    if (range->is_v6) {
        memcpy(out, bytes, 16);
        return;
    }
    memcpy(out, v4, sizeof v4);
    memcpy(out + sizeof v4, bytes, 4);
}

static void
add_range(void *context, const struct endpoint_range *range)
{
    struct network *network = context;
    struct vm_endpoint endpoint = {.port = range->port, .datagrams = range->datagrams};
    char text[ENDPOINT_TEXT];

    map(range, range->first, endpoint.first);
    map(range, range->last, endpoint.last);
    buffer_add(&network->endpoints, &endpoint, sizeof endpoint);
    endpoint_write(range, text);
    words_add_pair(&network->connects, "--connect", text);
}

static void
add_name(void *context, const char *address, const char *name)
{
    struct network *network = context;

    buffer_add(&network->names, address, strlen(address));
    buffer_add(&network->names, " ", 1);
    buffer_add(&network->names, name, strlen(name));
    buffer_add(&network->names, "\n", 1);
}

x07_status
network_open(const x07_host *host, const x07_grants *grants, struct network *network)
{
    *network = (struct network){.host = host, .dialler = process_none(host)};
    if (!grants || !endpoints_are_needed(grants))
        return X07_OK;
    network->may_resolve = (grants->flags & X07_GRANT_DNS) != 0;
    buffer_add(&network->names, endpoints_first_hosts, strlen(endpoints_first_hosts));
    endpoints_resolve(grants, &(struct endpoint_sink){.context = network,
                                                      .range = add_range,
                                                      .name = network->may_resolve ? add_name : NULL});
    if (network->endpoints.size <= ENDPOINTS_MOST * sizeof(struct vm_endpoint))
        return X07_OK;
    return vm_fail(
        host, X07_E_POLICY, "E_VM_POLICY",
        "policy.net grants %zu places in the network, counting each port of each address range for "
        "TCP and for UDP: the sandbox backend \"vm\" takes %d",
        network->endpoints.size / sizeof(struct vm_endpoint), (int)ENDPOINTS_MOST);
}

bool
network_is_granted(const struct network *network)
{
    return network->endpoints.size > 0;
}

/* ---- For the guest ----------------------------------------------------------------------------------- */

static x07_status
add_text(struct payload *payload, const char *path, const char *text, size_t size)
{
    const struct vm_record record = {.type = RECORD_FILE, .mode = 0644};
    x07_status status = payload_add(payload, record, path, text, size);

    return status == X07_OK ? payload_add_place(payload, VM_PLACE_READ, path) : status;
}

/* What is not there is not needed. */
static x07_status
add_certificates(struct payload *payload)
{
    static const char *const paths[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/openssl.cnf"};
    const struct vm_record record = {.type = RECORD_FILE, .mode = 0644};
    x07_status status = X07_OK;

    for (size_t i = 0; status == X07_OK && i < sizeof paths / sizeof *paths; i++) {
        struct stat found;
        int file = open(paths[i], O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        if (fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_size <= CERTIFICATES_MOST) {
            status = payload_add_file(payload, record, paths[i], file, (uint64_t)found.st_size);
            if (status == X07_OK)
                status = payload_add_place(payload, VM_PLACE_READ, paths[i]);
        }
        close(file);
    }
    return status;
}

x07_status
network_add(struct payload *payload, const struct network *network)
{
    const struct vm_record record = {.type = RECORD_ENDPOINTS};
    x07_status status = X07_OK;

    if (!network_is_granted(network))
        return X07_OK;
    status = payload_add(payload, record, NULL, network->endpoints.data, network->endpoints.size);
    if (status == X07_OK && network->may_resolve)
        status = add_text(payload, "/etc/hosts", network->names.data, network->names.size);
    if (status == X07_OK && network->may_resolve)
        status = add_text(payload, "/etc/nsswitch.conf", endpoints_name_order, strlen(endpoints_name_order));
    return status == X07_OK ? add_certificates(payload) : status;
}

/* ---- The dialling process ---------------------------------------------------------------------------- */

/* The list as a file that only it has. */
static int
open_list(const struct network *network)
{
    int list = memfd_create("x07-endpoints", MFD_CLOEXEC);

    if (list >= 0 && !vm_write_all(list, network->endpoints.data, network->endpoints.size)) {
        close(list);
        list = -1;
    }
    return list;
}

static x07_status
start(struct network *network, const char *folder, int port, int list, int nothing)
{
    const int fds[] = {nothing, nothing, nothing, port, list};
    const int count = sizeof fds / sizeof *fds;
    struct words words = {0};
    char program[PATH_MAX];
    x07_status status = confine_begin(network->host, &network->dialler, folder, "dialler", &words);

    if (status == X07_OK)
        status = confine_find(network->host, DIALLER, program);
    if (status == X07_OK) {
        words_add(&words, "--keep");
        words_add(&words, "%d", count);
        for (size_t i = 0; i < network->connects.count; i++)
            words_add(&words, "%s", network->connects.items[i]);
        words_add_pair(&words, "--", program);
        status = process_start(&network->dialler, &words, fds, (size_t)count);
    }
    words_free(&words);
    return status;
}

x07_status
network_start(struct network *network, const char *folder, int *port)
{
    x07_status status = X07_OK;

    if (!network_is_granted(network))
        return X07_OK;
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int list = open_list(network);
    if (nothing < 0 || list < 0)
        status = vm_fail_errno(network->host, "E_VM_NETWORK", "prepare %s", DIALLER);
    else
        status = start(network, folder, *port, list, nothing);
    if (nothing >= 0)
        close(nothing);
    if (list >= 0)
        close(list);
    close(*port);
    *port = -1;
    return status;
}

x07_status
network_await(struct network *network, int64_t deadline)
{
    char *layers;

    if (!network_is_granted(network))
        return X07_OK;
    x07_status status = confine_await(&network->dialler, deadline, &layers);
    free(layers);
    return status;
}

void
network_stop(struct network *network)
{
    process_end(&network->dialler);
}

void
network_close(struct network *network)
{
    network_stop(network);
    buffer_free(&network->endpoints);
    buffer_free(&network->names);
    words_free(&network->connects);
}
