/* bufread.c: buffered readers. Over bytes nothing is copied: the unread part is a view of the reader's own
 * data. */
#include "x07rt_io.h"

#include "internal.h"

struct buffered_reader {
    x07_iface reader;
    uint8_t *buffer;
    x07_view unread;
    uint32_t cap;
    uint32_t ended; /* the source said so: it is not asked again */
    uint32_t reserved[2];
};

/* What a slot accounts for. */
_Static_assert(sizeof(struct buffered_reader) == 48, "a buffered reader's slot has 48 bytes");

static struct buffered_reader *
find(x07_rt *rt, uint32_t h)
{
    const struct table *table = &runtime_of(rt)->buffered_readers;

    if (h - 1 >= table->count)
        x07_trap(rt, "bufread invalid handle");
    return (struct buffered_reader *)table->slots + (h - 1);
}

uint32_t
x07_bufread_new(x07_rt *rt, x07_iface reader, uint32_t cap)
{
    struct table *table = &runtime_of(rt)->buffered_readers;

    if (!cap)
        x07_trap(rt, "bufread cap=0");
    if (reader.vtable < VTABLE_BUILT_IN || reader.vtable > VTABLE_LAST)
        x07_trap(rt, "bufread.new bad iface vtable");
    if (reader.vtable == VTABLE_BUILT_IN)
        rt_reader_keep(rt, reader.data);
    struct buffered_reader *slot = rt_table_add(rt, table, sizeof *slot);
    uint8_t *buffer = rt_memory_take(rt, cap);
    *slot =
        (struct buffered_reader){.reader = reader, .buffer = buffer, .unread = X07_EMPTY_VIEW, .cap = cap};
    return table->count;
}

x07_view
x07_bufread_fill(x07_rt *rt, uint32_t h)
{
    struct buffered_reader *buffered = find(rt, h);

    if (buffered->unread.len || buffered->ended)
        return buffered->unread;
    if (buffered->reader.vtable == VTABLE_BUILT_IN) {
        x07_view data = {buffered->buffer, 0};
        if (!rt_reader_stream(rt, buffered->reader.data, buffered->buffer, buffered->cap, &data.len))
            data = rt_reader_take(rt, buffered->reader.data, buffered->cap);
        if (rt->canceled)
            return X07_EMPTY_VIEW;
        buffered = find(rt, h); /* others may have run */
        buffered->unread = data;
    } else {
        rt_external_check(rt, buffered->reader);
        uint32_t n = rt_external_read(rt, buffered->reader, buffered->buffer, buffered->cap);
        buffered->unread = (x07_view){buffered->buffer, n};
    }
    buffered->ended = !buffered->unread.len;
    return buffered->unread;
}

uint32_t
x07_bufread_consume(x07_rt *rt, uint32_t h, uint32_t n)
{
    struct buffered_reader *buffered = find(rt, h);

    if (n > buffered->unread.len)
        x07_trap(rt, "bufread.consume oob");
    buffered->unread.ptr += n;
    buffered->unread.len -= n;
    return 0;
}

void
rt_buffered_readers_release(x07_rt *rt)
{
    struct table *table = &runtime_of(rt)->buffered_readers;

    for (uint32_t i = 0; i < table->count; i++)
        rt_memory_free(rt, ((struct buffered_reader *)table->slots)[i].buffer);
    rt_table_free(rt, table);
}
