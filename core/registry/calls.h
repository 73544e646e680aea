/* calls.h: calls the functions of a service with requests that no host would send.
 * The calls run foreign code: see child.h. */
#ifndef REGISTRY_CALLS_H
#define REGISTRY_CALLS_H

#include "base/text.h"

#include <x07/plugin.h>

/* What is wrong with a request. */
enum calls_badness {
    CALLS_NULL,   /* the pointers are null */
    CALLS_SMALL,  /* the structs hold nothing but their size */
    CALLS_EMPTY,  /* the structs are complete and hold zeros */
    CALLS_UNKNOWN /* worlds and profiles with names that nobody has */
};

/* Calls each function of the service with such a request; for each one that returns X07_OK the breach is
 * appended. */
void calls_try(const x07_service *service, const x07_host *host, enum calls_badness badness,
               struct text *breach);

/* Probes a sandbox service (nothing for others), and checks the answer. */
void calls_probe(const x07_service *service, const x07_host *host, struct text *breach);

/* `size` zeroed bytes that begin with their size and end where memory ends, so that reading beyond them is
 * fatal. Never freed. */
void *calls_guarded(uint32_t size);

#endif
