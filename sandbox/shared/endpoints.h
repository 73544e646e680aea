/* endpoints.h: from the endpoints of a policy to addresses. For every backend that can grant them.
 *
 * Names are resolved here, before the program starts, and it finds exactly these answers in an /etc/hosts of
 * its own: it asks no name server, so none can tell it another address later, and it can tell nothing to one.
 * Knows addresses; knows nothing of how a backend enforces them. Nothing here keeps anything or fails: what
 * has no address grants nothing. */
#ifndef SANDBOX_ENDPOINTS_H
#define SANDBOX_ENDPOINTS_H

#include <x07/plugin.h>

#include <stdbool.h>

/* Addresses of one version at one port. */
struct endpoint_range {
    bool datagrams; /* UDP, else TCP */
    bool is_v6;
    uint16_t port;
    uint8_t first[16]; /* of version 4: the first four bytes */
    uint8_t last[16];
};

/* Receives what a policy grants; the arguments are valid for the call only. */
struct endpoint_sink {
    void *context;
    void (*range)(void *context, const struct endpoint_range *range);
    /* An address that a name stands for. NULL: the policy lets nobody resolve names. */
    void (*name)(void *context, const char *address, const char *name);
};

enum { ENDPOINT_TEXT = 128 };

/* Whether a program with these grants can come to use a network at all: only foreign code and programs that
 * are started can make sockets. */
bool endpoints_are_needed(const x07_grants *grants);

/* Gives the sink all that is granted; asks the system's resolver for names. */
void endpoints_resolve(const x07_grants *grants, const struct endpoint_sink *sink);

/* "tcp,FIRST-LAST,PORT" or "udp,FIRST-LAST,PORT", as x07-confine takes it. */
void endpoint_write(const struct endpoint_range *range, char text[ENDPOINT_TEXT]);

/* What /etc/hosts begins with, and an /etc/nsswitch.conf by which names are looked for nowhere else. */
extern const char endpoints_first_hosts[];
extern const char endpoints_name_order[];

/* Files of the system by which peers are recognised; ends with NULL. */
extern const char *const endpoints_certificates[];

#endif
