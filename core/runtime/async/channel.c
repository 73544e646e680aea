/* channel.c: chan.bytes.*: bounded queues of byte strings. */
#include "channel.h"

struct channel {
    x07_bytes *ring;
    uint32_t cap, count, first;
    bool closed;
    struct task_list senders, receivers;
};

/* Slots move when channels are added, and waiting tasks point at their lists: so they lie outside of the
 * table. */
static struct channel *
channel_of(struct tasks *all, uint32_t id)
{
    if (id - 1 >= all->channels.count)
        x07_trap(all->rt, "chan invalid handle");
    return ((struct channel **)all->channels.slots)[id - 1];
}

uint32_t
x07_chan_bytes_new(x07_rt *rt, uint32_t cap)
{
    struct tasks *all = rt_tasks(rt);

    if (!cap)
        x07_trap(rt, "chan cap=0");
    if (cap > UINT32_MAX / sizeof(x07_bytes))
        x07_trap(rt, "out of memory");
    struct channel *channel = rt_memory_take_zeroed(rt, sizeof *channel);
    channel->ring = rt_memory_take(rt, (uint32_t)(cap * sizeof(x07_bytes)));
    channel->cap = cap;
    struct channel **slot = rt_table_add(rt, &all->channels, sizeof *slot);
    *slot = channel;
    return all->channels.count;
}

static void
wake_first(struct tasks *all, const struct task_list *list)
{
    if (list->first)
        rt_task_wake(all, list->first);
}

static void
put(struct tasks *all, struct channel *channel, x07_bytes message)
{
    uint64_t at = (uint64_t)channel->first + channel->count++;

    channel->ring[at % channel->cap] = message;
    wake_first(all, &channel->receivers);
}

static x07_bytes
take(struct tasks *all, struct channel *channel)
{
    x07_bytes message = channel->ring[channel->first];

    channel->first = channel->first + 1 == channel->cap ? 0 : channel->first + 1;
    channel->count--;
    wake_first(all, &channel->senders);
    return message;
}

static bool
is_full(const struct channel *channel)
{
    return channel->count == channel->cap;
}

/* Waits for another one to change the channel; false: the task is to end. */
static bool
wait_for(struct tasks *all, enum wait wait, uint32_t id, struct task_list *list)
{
    if (all->current)
        return rt_task_block(all, wait, id, list);
    rt_tasks_must_step(all);
    return true;
}

uint32_t
x07_chan_bytes_send(x07_rt *rt, uint32_t id, x07_bytes message)
{
    struct tasks *all = rt_tasks(rt);
    struct channel *channel = channel_of(all, id);

    for (;;) {
        tasks_figures(all)->chan_send_calls += all->current != NULL;
        if (channel->closed)
            x07_trap(rt, "chan.send closed");
        if (!is_full(channel))
            break;
        if (!wait_for(all, WAIT_SEND, id, &channel->senders)) {
            x07_drop_bytes(rt, message);
            return 0;
        }
    }
    put(all, channel, message);
    return 1;
}

uint32_t
x07_chan_bytes_try_send(x07_rt *rt, uint32_t id, x07_view message)
{
    enum { FULL, SENT, CLOSED };
    struct tasks *all = rt_tasks(rt);
    struct channel *channel = channel_of(all, id);

    tasks_figures(all)->chan_send_calls++;
    if (channel->closed)
        return CLOSED;
    if (is_full(channel))
        return FULL;
    put(all, channel, x07_view_to_bytes(rt, message));
    return SENT;
}

x07_bytes
x07_chan_bytes_recv(x07_rt *rt, uint32_t id)
{
    struct tasks *all = rt_tasks(rt);
    struct channel *channel = channel_of(all, id);

    for (;;) {
        tasks_figures(all)->chan_recv_calls += all->current != NULL;
        if (channel->count)
            return take(all, channel);
        if (channel->closed || !wait_for(all, WAIT_RECEIVE, id, &channel->receivers))
            return X07_EMPTY_BYTES;
    }
}

enum channel_state
rt_channel_receive(struct tasks *all, uint32_t id, x07_bytes *message)
{
    struct channel *channel = channel_of(all, id);

    tasks_figures(all)->chan_recv_calls++;
    *message = X07_EMPTY_BYTES;
    if (!channel->count)
        return channel->closed ? CHANNEL_CLOSED : CHANNEL_EMPTY;
    *message = take(all, channel);
    return CHANNEL_MESSAGE;
}

x07_result_bytes
x07_chan_bytes_try_recv(x07_rt *rt, uint32_t id)
{
    x07_bytes message;
    enum channel_state state = rt_channel_receive(rt_tasks(rt), id, &message);

    return (x07_result_bytes){state == CHANNEL_MESSAGE, state, message};
}

uint32_t
x07_chan_bytes_close(x07_rt *rt, uint32_t id)
{
    struct tasks *all = rt_tasks(rt);
    struct channel *channel = channel_of(all, id);

    if (channel->closed)
        return 0;
    channel->closed = true;
    while (channel->receivers.first)
        rt_task_wake(all, channel->receivers.first);
    while (channel->senders.first)
        rt_task_wake(all, channel->senders.first);
    return 1;
}

void
rt_channels_release(struct tasks *all)
{
    for (uint32_t i = 1; i <= all->channels.count; i++) {
        struct channel *channel = channel_of(all, i);

        for (uint32_t at = channel->first; channel->count; channel->count--) {
            x07_drop_bytes(all->rt, channel->ring[at]);
            at = at + 1 == channel->cap ? 0 : at + 1;
        }
        rt_memory_free(all->rt, channel->ring);
        rt_memory_free(all->rt, channel);
    }
    rt_table_free(all->rt, &all->channels);
}
