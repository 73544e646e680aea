/* http_receive.c: what comes back from a server, into memory or a file; see http_job.h. */
#include "package/http_job.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_IGNORED = 64 * 1024 };

static struct error *
open_file(struct http_job *job, bool keep)
{
    const char *path = job->transfer->file;

    job->fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (job->fd < 0)
        return error_errno("E_FILE_WRITE", "%s", path);
    if (!keep)
        job->received = 0;
    if (ftruncate(job->fd, (off_t)job->received) < 0 || lseek(job->fd, 0, SEEK_END) < 0)
        return error_errno("E_FILE_WRITE", "%s", path);
    return NULL;
}

long
http_job_status(const struct http_job *job)
{
    long status = 0;

    job->http->curl.easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* A part is only taken for what was asked for. */
struct error *
http_job_begin(struct http_job *job)
{
    long status = http_job_status(job);

    if (status == 206 && (!job->start || job->range != (int64_t)job->start))
        return error_new("E_TRANSFER", "the server sent another part than was asked for");
    if (job->transfer->file)
        return open_file(job, status == 206);
    text_clear(&job->transfer->body);
    job->received = 0;
    return NULL;
}

static struct error *
take(struct http_job *job, const char *data, size_t len, bool first)
{
    struct transfer *transfer = job->transfer;
    struct error *error = first ? http_job_begin(job) : NULL;

    if (error)
        return error;
    job->received += len;
    if (job->received > transfer->limit)
        return error_new("E_TRANSFER_LIMIT", "the answer is larger than the limit of %llu bytes",
                         (unsigned long long)transfer->limit);
    if (transfer->file)
        return file_write_fd(job->fd, transfer->file, data, len);
    text_append(&transfer->body, data, len);
    return NULL;
}

/* What the body of an answer that is not 2xx says is of no interest, and is not waited for when it is long.
 */
size_t
http_job_body(char *data, size_t size, size_t count, void *context)
{
    struct http_job *job = context;
    bool first = job->transfer->file ? job->fd < 0 : !job->transfer->body.len;

    if (http_job_status(job) / 100 != 2) {
        job->ignored += size * count;
        return job->ignored > MAX_IGNORED ? 0 : size * count;
    }
    if (!size || !count)
        return 0;
    job->error = take(job, data, size * count, first);
    return job->error ? 0 : size * count;
}

size_t
http_job_header(char *data, size_t size, size_t count, void *context)
{
    static const char name[] = "content-range: bytes ";
    struct http_job *job = context;
    size_t len = size * count;

    if (len > 5 && memcmp(data, "HTTP/", 5) == 0)
        job->range = -1;
    if (len > strlen(name) && strncasecmp(data, name, strlen(name)) == 0) {
        int64_t at = 0;
        for (const char *c = data + strlen(name); c < data + len && *c >= '0' && *c <= '9'; c++)
            if (__builtin_mul_overflow(at, 10, &at) || __builtin_add_overflow(at, *c - '0', &at))
                break;
        job->range = at;
    }
    return len;
}
