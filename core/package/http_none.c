/* http_none.c: stands in for http.c where the toolchain was built without libcurl. */
#include "package/http.h"

struct error *
http_new(struct http **http)
{
    *http = NULL;
    return error_new("E_TRANSFER", "this x07 was built without libcurl and reads only file:// urls");
}

void
http_free(struct http *http)
{
    (void)http;
}

void
http_start(struct http *http, struct transfer *transfer)
{
    (void)http;
    (void)transfer;
}

struct transfer *
http_step(struct http *http)
{
    (void)http;
    return NULL;
}
