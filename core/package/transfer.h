/* transfer.h: fetches what URLs name, many at once, into memory or into files.
 * Knows file, http and https; knows nothing of indexes or packages. One thread.
 *
 * The bounds of every transfer: its size limit, ten seconds to connect, that it moves within
 * X07_PKG_TIMEOUT_SECONDS (30 unless set), and an hour in all. Redirects are followed five times, only to
 * http and https and never from https to http. A transfer that breaks off is taken up again twice, where it
 * stopped. libcurl is loaded when the first http URL comes, so that other commands do not wait for it. */
#ifndef PACKAGE_TRANSFER_H
#define PACKAGE_TRANSFER_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct transfer {
    const char *url;
    const char *token; /* sent as "Authorization: Bearer", to the host of the URL alone; NULL: none */
    uint64_t limit;    /* most bytes */
    const char *file;  /* where it goes; a shorter file that is there already is continued. NULL: into body */
    const void *post;  /* NULL: GET; else what is sent, as application/octet-stream */
    uint64_t post_len;
    /* Called at the end, with `error` set when it failed; may add transfers, and frees what it holds. */
    void (*done)(struct transfer *transfer, void *context);
    void *context;

    struct text body;
    struct error *error; /* see transfers_add */
    bool continued;      /* the file held something before */
    struct http_job *job;
    struct transfer *next;
};

struct transfers;

/* `label` NULL: in silence, else see base/progress.h. */
struct transfers *transfers_new(const char *label);

/* Stops what still runs, without calling `done`. NULL is allowed. */
void transfers_free(struct transfers *transfers);

/* Adds a transfer, which stays the caller's and must stay where it is until `done`. Its error then is the
 * caller's: "http GET URL: reason" or "read PATH: reason"; codes E_TRANSFER, E_TRANSFER_STATUS (an answer
 * that is not 2xx), E_TRANSFER_LIMIT, E_FILE_... */
void transfers_add(struct transfers *transfers, struct transfer *transfer);

/* Runs until all is done. The error E_INTERRUPTED (SIGINT, SIGTERM or SIGHUP came while held back, see
 * base/process.h) leaves transfers without their end. */
struct error *transfers_run(struct transfers *transfers);

#endif
