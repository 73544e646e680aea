/* stream.h: what mux.c and stream.c share. Not for others. */
#ifndef VM_NETWORK_STREAM_H
#define VM_NETWORK_STREAM_H

#include "mux.h"

enum { MUX_OUT_FULL = 256 << 10 /* bytes for the link; then sockets wait */ };

/* Puts a frame and its bytes behind what waits for the link. */
void mux_say(struct mux *mux, struct mux_frame frame, const void *data);

/* NULL when there is none, or no more. */
struct mux_stream *stream_find(struct mux *mux, uint32_t id);
/* False: there are too many. */
bool stream_add(struct mux *mux, uint32_t id, int fd, bool datagrams);
/* Its peer finds it reset, not ended. */
void stream_abort(struct mux_stream *stream);
/* The same, and tells the other side. */
void stream_reset(struct mux *mux, struct mux_stream *stream);
bool stream_wants_bytes(const struct mux *mux, const struct mux_stream *stream);
/* What poll said of its socket. */
void stream_serve(struct mux *mux, struct mux_stream *stream, short revents);
/* Bytes that came, in mux->data; false: more than was said to have room. */
bool stream_take_data(struct mux *mux, struct mux_stream *stream, size_t size);
bool stream_take_shut(struct mux *mux, struct mux_stream *stream);

#endif
