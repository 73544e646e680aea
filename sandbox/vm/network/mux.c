/* mux.c: see mux.h. The link and its frames; stream.c has the streams. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEADER = sizeof(struct mux_frame),
    OUT_MOST = 1 << 20, /* then frames wait, too: a side that only asks and never listens */
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

void
mux_say(struct mux *mux, struct mux_frame frame, const void *data)
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

/* ---- From the link ----------------------------------------------------------------------------------- */

static bool
take_open(struct mux *mux, const struct mux_frame *head)
{
    struct mux_open asked;
    bool datagrams = false;

    if (!mux->owner->open || head->size != sizeof asked || !head->stream || stream_find(mux, head->stream))
        return false;
    memcpy(&asked, mux->data, sizeof asked);
    int fd = mux_has_room(mux) ? mux->owner->open(mux->context, &asked, &datagrams) : -1;
    if (fd < 0) {
        mux_say(mux, (struct mux_frame){.type = MUX_RESET, .stream = head->stream}, NULL);
        return true;
    }
    stream_add(mux, head->stream, fd, datagrams);
    stream_find(mux, head->stream)->connecting = !datagrams;
    return true;
}

/* What comes for a stream that is over was under way when it ended. */
static bool
take_frame(struct mux *mux, const struct mux_frame *head)
{
    struct mux_stream *stream = stream_find(mux, head->stream);

    switch (head->type) {
    case MUX_OPEN:
        return take_open(mux, head);
    case MUX_DATA:
        return !stream || stream_take_data(mux, stream, head->size);
    case MUX_SHUT:
        return !stream || stream_take_shut(mux, stream);
    case MUX_RESET:
        if (stream)
            stream_abort(stream);
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
            events = (stream_wants_bytes(mux, stream) ? POLLIN : 0) |
                     (stream->connecting || stream->size ? POLLOUT : 0);
        polls[1 + i] = (struct pollfd){.fd = events ? stream->fd : -1, .events = (short)events};
    }
}

void
mux_serve(struct mux *mux, const struct pollfd polls[MUX_POLLS])
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (mux->streams[i].id && polls[1 + i].revents)
            stream_serve(mux, &mux->streams[i], polls[1 + i].revents);
    if (polls[0].revents & ~POLLOUT)
        serve_link(mux);
    if (!mux->is_lost)
        flush_link(mux);
}

bool
mux_has_room(const struct mux *mux)
{
    for (size_t i = 0; i < MUX_STREAMS; i++)
        if (!mux->streams[i].id)
            return true;
    return false;
}

bool
mux_open_stream(struct mux *mux, uint32_t id, int fd, bool datagrams, const struct mux_open *open)
{
    if (!stream_add(mux, id, fd, datagrams))
        return false;
    mux_say(mux, (struct mux_frame){.type = MUX_OPEN, .stream = id, .size = sizeof *open}, open);
    return true;
}

void
mux_send_datagram(struct mux *mux, uint32_t id, const char *data, size_t size)
{
    struct mux_stream *stream = stream_find(mux, id);

    if (!stream || size > stream->credit || size > MUX_DATA_MOST || mux->out_size >= MUX_OUT_FULL)
        return;
    mux_say(mux, (struct mux_frame){.type = MUX_DATA, .stream = id, .size = (uint32_t)size}, data);
    stream->credit -= (uint32_t)size;
}

void
mux_reset(struct mux *mux, uint32_t id)
{
    struct mux_stream *stream = stream_find(mux, id);

    if (stream)
        stream_reset(mux, stream);
}

void
mux_say_bye(struct mux *mux)
{
    mux_say(mux, (struct mux_frame){.type = MUX_BYE}, NULL);
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
