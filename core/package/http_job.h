/* http_job.h: one transfer over http, shared by http.c, which drives it, and http_receive.c, which takes what
 * comes back. */
#ifndef PACKAGE_HTTP_JOB_H
#define PACKAGE_HTTP_JOB_H

#include "package/curl.h"
#include "package/http.h"

struct http {
    struct curl_calls curl;
    CURLM *multi;
    struct http_job *jobs; /* those that run */
    long stall_seconds;
};

/* One attempt at a transfer. */
struct http_job {
    struct http *http;
    struct transfer *transfer;
    CURL *easy;
    struct curl_slist *headers;
    int attempt;
    int fd;            /* of transfer->file, -1 until the first byte came */
    uint64_t start;    /* how much of the file is there already */
    uint64_t received; /* with `start` */
    size_t ignored;    /* of answers that say no */
    int64_t range;     /* where the answer starts, -1 when it does not say */
    struct error *error;
    char message[CURL_ERROR_SIZE];
    struct http_job *next;
};

/* The status of the last answer; 0 before one came. */
long http_job_status(const struct http_job *job);

/* Before the first byte of an answer, or at its end when it has none: decides where it goes. */
struct error *http_job_begin(struct http_job *job);

/* For libcurl: pieces of the answer, and its header lines. */
size_t http_job_body(char *data, size_t size, size_t count, void *context);
size_t http_job_header(char *data, size_t size, size_t count, void *context);

#endif
