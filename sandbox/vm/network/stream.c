/* stream.c: one stream of a mux: its socket, what waits for it, and what the other side has room for. Knows
 * nothing of the link but mux_say. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CREDIT_STEP = MUX_WINDOW / 4 };

struct mux_stream *
stream_find(struct mux *mux, uint32_t id)
{
    for (size_t i = 0; id && i < MUX_STREAMS; i++)
        if (mux->streams[i].id == id)
            return &mux->streams[i];
    return NULL;
}

static struct mux_stream *
find_free(struct mux *mux)
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (!mux->streams[i].id)
            return &mux->streams[i];
    return NULL;
}

bool
stream_add(struct mux *mux, uint32_t id, int fd, bool datagrams)
{
    struct mux_stream *stream = find_free(mux);

    if (!stream)
        return false;
    *stream = (struct mux_stream){.id = id, .fd = fd, .datagrams = datagrams, .credit = MUX_WINDOW};
    if (!datagrams && !(stream->waiting = malloc(MUX_WINDOW)))
        abort();
    return true;
}

static void
drop(struct mux_stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream->waiting);
    *stream = (struct mux_stream){.id = 0, .fd = -1};
}

void
stream_abort(struct mux_stream *stream)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (stream->fd >= 0 && !stream->datagrams)
        setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    drop(stream);
}

void
stream_reset(struct mux *mux, struct mux_stream *stream)
{
    mux_say(mux, (struct mux_frame){.type = MUX_RESET, .stream = stream->id}, NULL);
    stream_abort(stream);
}

static void
give_credit(struct mux *mux, struct mux_stream *stream)
{
    if (stream->owed < CREDIT_STEP && !stream->datagrams)
        return;
    mux_say(mux, (struct mux_frame){.type = MUX_CREDIT, .stream = stream->id, .credit = stream->owed}, NULL);
    stream->owed = 0;
}

static void
drop_if_over(struct mux_stream *stream)
{
    if (stream->local_ended && stream->is_shut)
        drop(stream);
}

/* Gives the socket what waits for it. */
static void
flush_stream(struct mux *mux, struct mux_stream *stream)
{
    while (stream->size && !stream->connecting) {
        ssize_t count =
            send(stream->fd, stream->waiting + stream->start, stream->size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno != EAGAIN) {
            stream_reset(mux, stream);
            return;
        }
        if (count < 0)
            break;
        stream->start += (size_t)count;
        stream->size -= (size_t)count;
        stream->owed += (uint32_t)count;
    }
    if (!stream->size)
        stream->start = 0;
    give_credit(mux, stream);
    if (stream->remote_ended && !stream->size && !stream->connecting && !stream->is_shut) {
        shutdown(stream->fd, SHUT_WR);
        stream->is_shut = true;
    }
    drop_if_over(stream);
}

bool
stream_wants_bytes(const struct mux *mux, const struct mux_stream *stream)
{
    uint32_t room = stream->datagrams ? MUX_DATA_MOST : 1;

    return stream->fd >= 0 && !stream->connecting && !stream->local_ended && mux->out_size < MUX_OUT_FULL &&
           stream->credit >= room;
}

/* Takes what the socket has. */
static void
read_stream(struct mux *mux, struct mux_stream *stream)
{
    static _Thread_local char data[MUX_DATA_MOST];
    size_t most = stream->credit < sizeof data ? stream->credit : sizeof data;
    ssize_t count = recv(stream->fd, data, most, MSG_DONTWAIT);

    if (count < 0 && (errno == EAGAIN || errno == EINTR || stream->datagrams))
        return; /* nobody hears a datagram: that is no end */
    if (count < 0) {
        stream_reset(mux, stream);
        return;
    }
    if (count == 0 && !stream->datagrams) {
        mux_say(mux, (struct mux_frame){.type = MUX_SHUT, .stream = stream->id}, NULL);
        stream->local_ended = true;
        drop_if_over(stream);
        return;
    }
    mux_say(mux, (struct mux_frame){.type = MUX_DATA, .stream = stream->id, .size = (uint32_t)count}, data);
    stream->credit -= (uint32_t)count;
}

static void
end_connecting(struct mux *mux, struct mux_stream *stream)
{
    int failure = 0;
    socklen_t size = sizeof failure;

    if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0 || failure) {
        stream_reset(mux, stream);
        return;
    }
    stream->connecting = false;
    flush_stream(mux, stream);
}

void
stream_serve(struct mux *mux, struct mux_stream *stream, short revents)
{
    if (stream->connecting && revents)
        end_connecting(mux, stream);
    else if (stream->size && revents & (POLLOUT | POLLERR | POLLHUP))
        flush_stream(mux, stream);
    if (stream->id && revents & (POLLIN | POLLERR | POLLHUP) && stream_wants_bytes(mux, stream))
        read_stream(mux, stream);
}

static void
take_datagram(struct mux *mux, struct mux_stream *stream, size_t size)
{
    if (stream->fd < 0)
        mux->owner->datagram(mux->context, stream->id, mux->data, size);
    else if (send(stream->fd, mux->data, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        errno = 0; /* datagrams may be lost */
    stream->owed += (uint32_t)size;
    give_credit(mux, stream);
}

bool
stream_take_data(struct mux *mux, struct mux_stream *stream, size_t size)
{
    if (stream->datagrams) {
        take_datagram(mux, stream, size);
        return true;
    }
    if (stream->remote_ended || size > MUX_WINDOW - stream->size - stream->owed)
        return false;
    if (stream->start + stream->size + size > MUX_WINDOW) {
        memmove(stream->waiting, stream->waiting + stream->start, stream->size);
        stream->start = 0;
    }
    memcpy(stream->waiting + stream->start + stream->size, mux->data, size);
    stream->size += size;
    flush_stream(mux, stream);
    return true;
}

bool
stream_take_shut(struct mux *mux, struct mux_stream *stream)
{
    if (stream->datagrams || stream->remote_ended)
        return false;
    stream->remote_ended = true;
    flush_stream(mux, stream);
    return true;
}
