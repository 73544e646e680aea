/* http.h: transfers over http and https, for transfer.c alone. */
#ifndef PACKAGE_HTTP_H
#define PACKAGE_HTTP_H

#include "package/transfer.h"

struct http;

/* Loads libcurl. Error E_TRANSFER when it is not installed. */
struct error *http_new(struct http **http);
void http_free(struct http *http);

/* Starts a transfer. It ends in a later http_step, whatever happens. */
void http_start(struct http *http, struct transfer *transfer);

/* Moves data, waiting for it up to a tenth of a second. Returns a transfer that ended, or NULL. */
struct transfer *http_step(struct http *http);

#endif
