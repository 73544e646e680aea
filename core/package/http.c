/* http.c: see http.h. One easy handle per transfer, all in one multi handle. */
#include "base/memory.h"
#include "package/http_job.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 16,
    MAX_REDIRECTS = 5,
    MAX_ATTEMPTS = 3,
    WAIT_MILLISECONDS = 100,
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 30,
    MAX_STALL_SECONDS = 3600,
    MAX_SECONDS = 3600,
    LOWEST_RATE = 32 /* bytes a second */
};

/* The setting in seconds; what is no number in range means the default. */
static long
stall_seconds(void)
{
    const char *text = getenv("X07_PKG_TIMEOUT_SECONDS");
    char *end;
    long value = text ? strtol(text, &end, 10) : 0;

    return text && *text && !*end && value > 0 && value <= MAX_STALL_SECONDS ? value : STALL_SECONDS;
}

struct error *
http_new(struct http **result)
{
    struct http *http = memory_alloc(sizeof *http);
    struct error *error = curl_load(&http->curl);

    if (!error && !(http->multi = http->curl.multi_init()))
        error = error_new("E_TRANSFER", "libcurl cannot start");
    if (error) {
        free(http);
        return error;
    }
    http->stall_seconds = stall_seconds();
    http->curl.multi_setopt(http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)MAX_CONNECTIONS);
    *result = http;
    return NULL;
}

/* ---- one attempt ---- */

static void
set_range(struct http_job *job)
{
    struct stat status;
    char range[32];

    job->start = 0;
    if (job->transfer->file && stat(job->transfer->file, &status) == 0 && status.st_size > 0)
        job->start = (uint64_t)status.st_size;
    job->received = job->start;
    job->transfer->continued = job->transfer->continued || job->start;
    snprintf(range, sizeof range, "%llu-", (unsigned long long)job->start);
    job->http->curl.easy_setopt(job->easy, CURLOPT_RANGE, job->start ? range : NULL);
}

static void
add_header(struct http_job *job, const char *name, const char *value)
{
    struct text line = {0};

    text_printf(&line, "%s: %s", name, value);
    job->headers = job->http->curl.slist_append(job->headers, text_string(&line));
    text_free(&line);
}

static void
add_token(struct http_job *job)
{
    struct text value = {0};

    text_printf(&value, "Bearer %s", job->transfer->token);
    add_header(job, "Authorization", text_string(&value));
    text_free(&value);
}

static void
set_post(struct http_job *job)
{
    const struct curl_calls *curl = &job->http->curl;
    const struct transfer *transfer = job->transfer;

    curl->easy_setopt(job->easy, CURLOPT_POST, 1L);
    curl->easy_setopt(job->easy, CURLOPT_POSTFIELDS, transfer->post);
    curl->easy_setopt(job->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->post_len);
    add_header(job, "Content-Type", "application/octet-stream");
    add_header(job, "Expect", "");
}

/* An https URL leads to https alone. */
static void
set_protocols(struct http_job *job)
{
    const struct curl_calls *curl = &job->http->curl;
    bool secure = strncmp(job->transfer->url, "https:", 6) == 0;

    curl->easy_setopt(job->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(job->easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    curl->easy_setopt(job->easy, CURLOPT_FOLLOWLOCATION, job->transfer->post ? 0L : 1L);
    curl->easy_setopt(job->easy, CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
}

static void
set_options(struct http_job *job)
{
    const struct curl_calls *curl = &job->http->curl;

    set_protocols(job);
    curl->easy_setopt(job->easy, CURLOPT_URL, job->transfer->url);
    curl->easy_setopt(job->easy, CURLOPT_USERAGENT, "x07/" X07_VERSION);
    curl->easy_setopt(job->easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(job->easy, CURLOPT_CONNECTTIMEOUT,
                      job->http->stall_seconds < CONNECT_SECONDS ? job->http->stall_seconds
                                                                 : (long)CONNECT_SECONDS);
    curl->easy_setopt(job->easy, CURLOPT_TIMEOUT, (long)MAX_SECONDS);
    curl->easy_setopt(job->easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOWEST_RATE);
    curl->easy_setopt(job->easy, CURLOPT_LOW_SPEED_TIME, job->http->stall_seconds);
    curl->easy_setopt(job->easy, CURLOPT_ERRORBUFFER, job->message);
    curl->easy_setopt(job->easy, CURLOPT_PRIVATE, job);
    curl->easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, http_job_body);
    curl->easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
    curl->easy_setopt(job->easy, CURLOPT_HEADERFUNCTION, http_job_header);
    curl->easy_setopt(job->easy, CURLOPT_HEADERDATA, job);
    if (job->transfer->token)
        add_token(job);
    if (job->transfer->post)
        set_post(job);
    curl->easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
}

static void
attempt(struct http_job *job)
{
    job->attempt++;
    job->fd = -1;
    job->range = -1;
    job->ignored = 0;
    job->message[0] = '\0';
    text_clear(&job->transfer->body);
    set_range(job);
    job->http->curl.multi_add_handle(job->http->multi, job->easy);
}

void
http_start(struct http *http, struct transfer *transfer)
{
    struct http_job *job = memory_alloc(sizeof *job);

    *job = (struct http_job){.http = http, .transfer = transfer, .fd = -1, .next = http->jobs};
    http->jobs = job;
    transfer->job = job;
    job->easy = http->curl.easy_init();
    set_options(job);
    attempt(job);
}

/* ---- the end ---- */

static void
job_free(struct http_job *job)
{
    const struct curl_calls *curl = &job->http->curl;

    for (struct http_job **at = &job->http->jobs; *at; at = &(*at)->next)
        if (*at == job) {
            *at = job->next;
            break;
        }
    if (job->fd >= 0)
        close(job->fd);
    curl->multi_remove_handle(job->http->multi, job->easy);
    curl->easy_cleanup(job->easy);
    curl->slist_free_all(job->headers);
    error_free(job->error);
    free(job);
}

void
http_free(struct http *http)
{
    if (!http)
        return;
    while (http->jobs)
        job_free(http->jobs);
    http->curl.multi_cleanup(http->multi);
    free(http);
}

/* Whether the connection broke in a way that another attempt may mend. */
static bool
is_worth_another(const struct http_job *job, CURLcode result, long status)
{
    static const CURLcode broken[] = {CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
                                      CURLE_GOT_NOTHING, CURLE_HTTP2_STREAM};

    if (job->error || job->transfer->post || job->attempt >= MAX_ATTEMPTS)
        return false;
    /* 416: what is there already is no beginning of what the server has. */
    if (status == 416 && job->start)
        return true;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        if (result == broken[i])
            return true;
    return false;
}

static void
try_again(struct http_job *job, long status)
{
    job->http->curl.multi_remove_handle(job->http->multi, job->easy);
    if (job->fd >= 0)
        close(job->fd);
    if (status == 416)
        unlink(job->transfer->file);
    attempt(job);
}

static struct error *
job_error(struct http_job *job, CURLcode result, long status)
{
    struct error *error = job->error;

    job->error = NULL;
    if (error)
        return error;
    bool refused = status / 100 != 2 && (result == CURLE_OK || result == CURLE_WRITE_ERROR);
    if (refused)
        return error_new("E_TRANSFER_STATUS", "the server answered with status %ld", status);
    if (result != CURLE_OK)
        return error_new("E_TRANSFER", "%s",
                         job->message[0] ? job->message : job->http->curl.easy_strerror(result));
    /* An empty answer never came to http_job_body. */
    bool nothing = job->transfer->file ? job->fd < 0 : !job->transfer->body.len;
    return nothing ? http_job_begin(job) : NULL;
}

static struct transfer *
job_end(struct http_job *job, CURLcode result)
{
    struct transfer *transfer = job->transfer;
    long status = http_job_status(job);

    if (is_worth_another(job, result, status)) {
        try_again(job, status);
        return NULL;
    }
    transfer->error = error_wrap(job_error(job, result, status), "http %s %s",
                                 transfer->post ? "POST" : "GET", transfer->url);
    transfer->job = NULL;
    job_free(job);
    return transfer;
}

static struct transfer *
next_ended(struct http *http)
{
    int left;
    CURLMsg *message;

    while ((message = http->curl.multi_info_read(http->multi, &left))) {
        struct http_job *job = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode result = message->data.result;
        http->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&job);
        struct transfer *ended = job_end(job, result);
        if (ended)
            return ended;
    }
    return NULL;
}

struct transfer *
http_step(struct http *http)
{
    int running;
    struct transfer *ended = next_ended(http);

    if (ended)
        return ended;
    http->curl.multi_perform(http->multi, &running);
    ended = next_ended(http);
    if (!ended)
        http->curl.multi_poll(http->multi, NULL, 0, WAIT_MILLISECONDS, NULL);
    return ended;
}
