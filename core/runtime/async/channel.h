/* channel.h: what select needs of channels. */
#ifndef RUNTIME_ASYNC_CHANNEL_H
#define RUNTIME_ASYNC_CHANNEL_H

#include "tasks.h"

/* The values are the errors of chan.bytes.try_recv. */
enum channel_state { CHANNEL_MESSAGE, CHANNEL_EMPTY, CHANNEL_CLOSED };

/* The oldest message, if there is one. Counts as an attempt to receive. Traps `chan invalid handle`. */
enum channel_state rt_channel_receive(struct tasks *all, uint32_t id, x07_bytes *message);

#endif
