/* transfer.c: see transfer.h. */
#include "package/transfer.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/progress.h"
#include "package/http.h"
#include "package/url.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct transfers {
    const char *label;
    struct http *http;         /* NULL until it is needed */
    struct transfer *finished; /* those whose `done` has not been called yet, last added first */
    size_t added, ended, running;
};

struct transfers *
transfers_new(const char *label)
{
    struct transfers *transfers = memory_alloc(sizeof *transfers);

    transfers->label = label;
    return transfers;
}

void
transfers_free(struct transfers *transfers)
{
    if (!transfers)
        return;
    http_free(transfers->http);
    free(transfers);
}

static struct error *
copy_to_file(const char *from, const char *to, uint64_t limit)
{
    struct text data = {0};
    struct error *error = file_read(from, limit, &data);
    int fd = error ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

    if (!error && fd < 0)
        error = error_errno("E_FILE_WRITE", "%s", to);
    if (!error)
        error = file_write_fd(fd, to, text_string(&data), data.len);
    if (fd >= 0)
        close(fd);
    text_free(&data);
    return error;
}

static struct error *
read_file_url(struct transfer *transfer, const struct url *url, struct arena *arena)
{
    const char *path = url_file_path(arena, url);

    if (transfer->post)
        return error_new("E_TRANSFER", "unsupported url scheme \"file\" for %s", transfer->url);
    if (!path || (strcmp(url->origin, "file://") != 0 && strcmp(url->origin, "file://localhost") != 0))
        return error_new("E_TRANSFER", "not a local file: %s", transfer->url);
    struct error *error = transfer->file ? copy_to_file(path, transfer->file, transfer->limit)
                                         : file_read(path, transfer->limit, &transfer->body);
    if (!error)
        return NULL;
    struct error *outer = error_new(error->code, "read %s", error->message);
    error_free(error);
    return outer;
}

/* Begins a transfer, or brings it to its end at once. Returns whether it runs. */
static bool
begin(struct transfers *transfers, struct transfer *transfer)
{
    struct arena *arena = arena_new();
    struct text message = {0};
    struct url url;
    bool runs = false;

    if (!url_read(arena, transfer->url, &url, &message)) {
        transfer->error = error_new("E_TRANSFER", "invalid url: %s", text_string(&message));
    } else if (strcmp(url.scheme, "file") == 0) {
        transfer->error = read_file_url(transfer, &url, arena);
    } else if (strcmp(url.scheme, "http") != 0 && strcmp(url.scheme, "https") != 0) {
        transfer->error =
            error_new("E_TRANSFER", "unsupported url scheme \"%s\" for %s", url.scheme, transfer->url);
    } else {
        if (!transfers->http)
            transfer->error = http_new(&transfers->http);
        runs = !transfer->error;
    }
    text_free(&message);
    arena_free(arena);
    return runs;
}

void
transfers_add(struct transfers *transfers, struct transfer *transfer)
{
    transfers->added++;
    if (begin(transfers, transfer)) {
        transfers->running++;
        http_start(transfers->http, transfer);
        return;
    }
    transfer->next = transfers->finished;
    transfers->finished = transfer;
}

static void
finish(struct transfers *transfers, struct transfer *transfer)
{
    transfers->ended++;
    transfer->done(transfer, transfer->context);
}

struct error *
transfers_run(struct transfers *transfers)
{
    struct progress progress;
    struct error *error = NULL;

    progress_begin(&progress, transfers->label);
    while (!error && (transfers->finished || transfers->running)) {
        struct transfer *transfer = transfers->finished;
        if (transfer) {
            transfers->finished = transfer->next;
            finish(transfers, transfer);
        } else if ((transfer = http_step(transfers->http))) {
            transfers->running--;
            finish(transfers, transfer);
        }
        if (process_pending_signal())
            error = error_new("E_INTERRUPTED", "interrupted");
        progress_show(&progress, transfers->ended, transfers->added);
    }
    progress_end(&progress);
    return error;
}
