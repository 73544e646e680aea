/* mux.c: see mux.h. */
#include "mux.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HEADER = sizeof(struct mux_frame),
    OUT_FULL = 256 << 10, /* then sockets wait */
    OUT_MOST = 1 << 20,   /* then frames wait, too: a side that only asks and never listens */
    CREDIT_STEP = MUX_WINDOW / 4,
    FRAMES_AT_ONCE = 64
};

void
mux_start(struct mux *mux, int link, const struct mux_owner *owner, void *context)
{
    memset(mux, 0, sizeof *mux);
    mux->link = link;
    mux->owner = owner;
    mux->context = context;
}

/* ---- To the link ------------------------------------------------------------------------------------- */

static void
append(struct mux *mux, const void *data, size_t size)
{
    if (mux->out_start + mux->out_size + size > mux->out_capacity) {
        if (mux->out_size)
            memmove(mux->out, mux->out + mux->out_start, mux->out_size);
        mux->out_start = 0;
    }
    if (mux->out_size + size > mux->out_capacity) {
        size_t capacity = (mux->out_size + size) * 2;
        char *grown = realloc(mux->out, capacity);
        if (!grown)
            abort();
        mux->out = grown;
        mux->out_capacity = capacity;
    }
    if (size)
        memcpy(mux->out + mux->out_start + mux->out_size, data, size);
    mux->out_size += size;
}

static void
say(struct mux *mux, struct mux_frame frame, const void *data)
{
    append(mux, &frame, sizeof frame);
    append(mux, data, frame.size);
}

static void
flush_link(struct mux *mux)
{
    while (mux->out_size) {
        ssize_t count = write(mux->link, mux->out + mux->out_start, mux->out_size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            mux->is_lost = count == 0 || errno != EAGAIN;
            return;
        }
        mux->out_start += (size_t)count;
        mux->out_size -= (size_t)count;
    }
    mux->out_start = 0;
}

/* ---- Streams ----------------------------------------------------------------------------------------- */

static struct mux_stream *
find(struct mux *mux, uint32_t id)
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
mux_has_room(const struct mux *mux)
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (!mux->streams[i].id)
            return true;
    return false;
}

static bool
add_stream(struct mux *mux, uint32_t id, int fd, bool datagrams)
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

/* Its peer finds it reset, not ended. */
static void
abort_stream(struct mux_stream *stream)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (stream->fd >= 0 && !stream->datagrams)
        setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    drop(stream);
}

static void
reset(struct mux *mux, struct mux_stream *stream)
{
    say(mux, (struct mux_frame){.type = MUX_RESET, .stream = stream->id}, NULL);
    abort_stream(stream);
}

static void
give_credit(struct mux *mux, struct mux_stream *stream)
{
    if (stream->owed < CREDIT_STEP && !stream->datagrams)
        return;
    say(mux, (struct mux_frame){.type = MUX_CREDIT, .stream = stream->id, .credit = stream->owed}, NULL);
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
            reset(mux, stream);
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

static bool
wants_bytes(const struct mux *mux, const struct mux_stream *stream)
{
    uint32_t room = stream->datagrams ? MUX_DATA_MOST : 1;

    return stream->fd >= 0 && !stream->connecting && !stream->local_ended && mux->out_size < OUT_FULL &&
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
        reset(mux, stream);
        return;
    }
    if (count == 0 && !stream->datagrams) {
        say(mux, (struct mux_frame){.type = MUX_SHUT, .stream = stream->id}, NULL);
        stream->local_ended = true;
        drop_if_over(stream);
        return;
    }
    say(mux, (struct mux_frame){.type = MUX_DATA, .stream = stream->id, .size = (uint32_t)count}, data);
    stream->credit -= (uint32_t)count;
}

static void
end_connecting(struct mux *mux, struct mux_stream *stream)
{
    int failure = 0;
    socklen_t size = sizeof failure;

    if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0 || failure) {
        reset(mux, stream);
        return;
    }
    stream->connecting = false;
    flush_stream(mux, stream);
}

static void
serve_stream(struct mux *mux, struct mux_stream *stream, short revents)
{
    if (stream->connecting && revents)
        end_connecting(mux, stream);
    else if (stream->size && revents & (POLLOUT | POLLERR | POLLHUP))
        flush_stream(mux, stream);
    if (stream->id && revents & (POLLIN | POLLERR | POLLHUP) && wants_bytes(mux, stream))
        read_stream(mux, stream);
}

/* ---- From the link ----------------------------------------------------------------------------------- */

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

/* False: more than was said to have room. */
static bool
take_data(struct mux *mux, struct mux_stream *stream, size_t size)
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

static bool
take_shut(struct mux *mux, struct mux_stream *stream)
{
    if (stream->datagrams || stream->remote_ended)
        return false;
    stream->remote_ended = true;
    flush_stream(mux, stream);
    return true;
}

static bool
take_open(struct mux *mux, const struct mux_frame *head)
{
    struct mux_open asked;
    bool datagrams = false;

    if (!mux->owner->open || head->size != sizeof asked || !head->stream || find(mux, head->stream))
        return false;
    memcpy(&asked, mux->data, sizeof asked);
    int fd = mux_has_room(mux) ? mux->owner->open(mux->context, &asked, &datagrams) : -1;
    if (fd < 0) {
        say(mux, (struct mux_frame){.type = MUX_RESET, .stream = head->stream}, NULL);
        return true;
    }
    add_stream(mux, head->stream, fd, datagrams);
    find(mux, head->stream)->connecting = !datagrams;
    return true;
}

/* What comes for a stream that is over was under way when it ended. */
static bool
take_frame(struct mux *mux, const struct mux_frame *head)
{
    struct mux_stream *stream = find(mux, head->stream);

    switch (head->type) {
    case MUX_OPEN:
        return take_open(mux, head);
    case MUX_DATA:
        return !stream || take_data(mux, stream, head->size);
    case MUX_SHUT:
        return !stream || take_shut(mux, stream);
    case MUX_RESET:
        if (stream)
            abort_stream(stream);
        return true;
    case MUX_CREDIT:
        if (stream && head->credit > MUX_WINDOW - stream->credit)
            return false;
        if (stream)
            stream->credit += head->credit;
        return true;
    case MUX_BYE:
        mux->heard_bye = true;
        return true;
    default:
        return false;
    }
}

/* Reads on at the current frame; false when there is nothing to read now. */
static bool
read_link(struct mux *mux)
{
    size_t in_data = mux->filled > HEADER ? mux->filled - HEADER : 0;
    char *at = mux->filled < HEADER ? (char *)&mux->head + mux->filled : mux->data + in_data;
    size_t wanted = mux->filled < HEADER ? HEADER - mux->filled : mux->head.size - in_data;
    ssize_t count = read(mux->link, at, wanted);

    if (count > 0)
        mux->filled += (size_t)count;
    else
        mux->is_lost = count == 0 || (errno != EAGAIN && errno != EINTR);
    if (mux->filled >= HEADER && mux->head.size > MUX_DATA_MOST)
        mux->is_lost = true;
    return count > 0 && !mux->is_lost;
}

static bool
is_whole(const struct mux *mux)
{
    return mux->filled >= HEADER && mux->filled == HEADER + mux->head.size;
}

static void
serve_link(struct mux *mux)
{
    for (int frames = 0; frames < FRAMES_AT_ONCE && mux->out_size < OUT_MOST && read_link(mux);) {
        if (!is_whole(mux))
            continue;
        mux->filled = 0;
        frames++;
        if (!take_frame(mux, &mux->head)) {
            mux->is_lost = true;
            return;
        }
    }
}

/* ---- For the owner ----------------------------------------------------------------------------------- */

void
mux_polls(const struct mux *mux, struct pollfd polls[MUX_POLLS])
{
    int link = (mux->out_size < OUT_MOST ? POLLIN : 0) | (mux->out_size ? POLLOUT : 0);

    polls[0] = (struct pollfd){.fd = mux->link, .events = (short)link};
    for (size_t i = 0; i < MUX_STREAMS; i++) {
        const struct mux_stream *stream = &mux->streams[i];
        int events = 0;
        if (stream->id)
            events =
                (wants_bytes(mux, stream) ? POLLIN : 0) | (stream->connecting || stream->size ? POLLOUT : 0);
        polls[1 + i] = (struct pollfd){.fd = events ? stream->fd : -1, .events = (short)events};
    }
}

void
mux_serve(struct mux *mux, const struct pollfd polls[MUX_POLLS])
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (mux->streams[i].id && polls[1 + i].revents)
            serve_stream(mux, &mux->streams[i], polls[1 + i].revents);
    if (polls[0].revents & ~POLLOUT)
        serve_link(mux);
    if (!mux->is_lost)
        flush_link(mux);
}

bool
mux_open_stream(struct mux *mux, uint32_t id, int fd, bool datagrams, const struct mux_open *open)
{
    if (!add_stream(mux, id, fd, datagrams))
        return false;
    say(mux, (struct mux_frame){.type = MUX_OPEN, .stream = id, .size = sizeof *open}, open);
    return true;
}

void
mux_send_datagram(struct mux *mux, uint32_t id, const char *data, size_t size)
{
    struct mux_stream *stream = find(mux, id);

    if (!stream || size > stream->credit || size > MUX_DATA_MOST || mux->out_size >= OUT_FULL)
        return;
    say(mux, (struct mux_frame){.type = MUX_DATA, .stream = id, .size = (uint32_t)size}, data);
    stream->credit -= (uint32_t)size;
}

void
mux_reset(struct mux *mux, uint32_t id)
{
    struct mux_stream *stream = find(mux, id);

    if (stream)
        reset(mux, stream);
}

void
mux_say_bye(struct mux *mux)
{
    say(mux, (struct mux_frame){.type = MUX_BYE}, NULL);
}

bool
mux_has_taken_all(const struct mux *mux)
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (mux->streams[i].id && !mux->streams[i].datagrams && !mux->streams[i].local_ended)
            return false;
    return true;
}

bool
mux_has_given_all(const struct mux *mux)
{
    for (size_t i = 0; i < MUX_STREAMS; i++) {
        const struct mux_stream *stream = &mux->streams[i];
        if (stream->id && (stream->connecting || stream->size || (stream->remote_ended && !stream->is_shut)))
            return false;
    }
    return true;
}
