/* curl.h: the calls of libcurl that are used, from a library that is loaded when it is needed: linked, it
 * would cost every start of the host ten milliseconds. Knows the library's name; knows nothing of transfers.
 * One thread. */
#ifndef PACKAGE_CURL_H
#define PACKAGE_CURL_H

#include "base/error.h"

/* No type checks by macro: the calls go through pointers. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define CURL_CALLS(X)      \
    X(global_init)         \
    X(easy_init)           \
    X(easy_setopt)         \
    X(easy_getinfo)        \
    X(easy_strerror)       \
    X(easy_cleanup)        \
    X(slist_append)        \
    X(slist_free_all)      \
    X(multi_init)          \
    X(multi_setopt)        \
    X(multi_add_handle)    \
    X(multi_remove_handle) \
    X(multi_perform)       \
    X(multi_poll)          \
    X(multi_info_read)     \
    X(multi_cleanup)

struct curl_calls {
#define CURL_CALL(name) __typeof__(curl_##name) *name;
    CURL_CALLS(CURL_CALL)
#undef CURL_CALL
};

/* Fills the table. Error E_TRANSFER when the library is missing or lacks a call. The library stays loaded. */
struct error *curl_load(struct curl_calls *calls);

#endif
