/* io.c: readers over bytes, and io.read for every kind of reader. */
#include "x07rt_io.h"

#include "internal.h"

struct reader {
    x07_bytes data;
    uint32_t position;
    uint32_t kept;                      /* a buffered reader has views of the data */
    const struct reader_source *source; /* or NULL: then `data` is all */
    int fd;
    uint32_t latency;
    uint32_t reserved[2];
};

/* What a slot accounts for. */
_Static_assert(sizeof(struct reader) == 48, "a reader's slot has 48 bytes");

static struct reader *
find(x07_rt *rt, uint32_t handle)
{
    const struct table *table = &runtime_of(rt)->readers;

    if (handle - 1 >= table->count)
        x07_trap(rt, "io.reader invalid handle");
    return (struct reader *)table->slots + (handle - 1);
}

/* The first read of a reader takes its time. False as rt_sleep. */
static bool
wait_for(x07_rt *rt, struct reader *reader)
{
    uint32_t ticks = reader->latency;

    reader->latency = 0;
    return rt_sleep(rt, ticks);
}

x07_iface
x07_io_open_read_bytes(x07_rt *rt, x07_bytes data)
{
    struct table *table = &runtime_of(rt)->readers;
    struct reader *reader = rt_table_add(rt, table, sizeof *reader);

    *reader = (struct reader){.data = data};
    return (x07_iface){table->count, VTABLE_BUILT_IN};
}

x07_iface
x07_io_open_read_bytes_view(x07_rt *rt, x07_view data)
{
    return x07_io_open_read_bytes(rt, x07_view_to_bytes(rt, data));
}

x07_iface
x07_io_open_read_bytes_vec(x07_rt *rt, x07_vec data)
{
    return x07_io_open_read_bytes(rt, x07_vec_u8_into_bytes(rt, data));
}

x07_iface
rt_reader_open(x07_rt *rt, const struct reader_source *source, int fd, uint32_t latency)
{
    x07_iface opened = x07_io_open_read_bytes(rt, X07_EMPTY_BYTES);
    struct reader *reader = find(rt, opened.data);

    reader->source = source;
    reader->fd = fd;
    reader->latency = latency;
    return opened;
}

x07_iface
rt_reader_of(x07_rt *rt, x07_bytes data, uint32_t latency)
{
    x07_iface opened = x07_io_open_read_bytes(rt, data);

    find(rt, opened.data)->latency = latency;
    return opened;
}

bool
rt_reader_is_stream(x07_rt *rt, uint32_t handle)
{
    return find(rt, handle)->source != NULL;
}

bool
rt_reader_stream(x07_rt *rt, uint32_t handle, uint8_t *to, uint32_t cap, uint32_t *got)
{
    struct reader *reader = find(rt, handle);

    if (!reader->source)
        return false;
    *got = 0;
    if (!wait_for(rt, reader))
        return true;
    reader = find(rt, handle); /* others may have run */
    *got = reader->source->read(reader->fd, to, cap);
    return true;
}

void
rt_reader_keep(x07_rt *rt, uint32_t handle)
{
    find(rt, handle)->kept = 1;
}

x07_view
rt_reader_take(x07_rt *rt, uint32_t handle, uint32_t max)
{
    if (!wait_for(rt, find(rt, handle)))
        return X07_EMPTY_VIEW;
    struct reader *reader = find(rt, handle); /* others may have run */
    uint32_t left = reader->data.len - reader->position, n = max < left ? max : left;
    x07_view taken = {reader->data.ptr + reader->position, n};

    reader->position += n;
    return taken;
}

/* A read that finds the end gives the data up, unless somebody may still look at it. */
static x07_bytes
read_built_in(x07_rt *rt, uint32_t handle, uint32_t max)
{
    x07_view taken = rt_reader_take(rt, handle, max);
    struct reader *reader = find(rt, handle);

    if (!taken.len && !reader->kept && !rt->canceled) {
        x07_drop_bytes(rt, reader->data);
        reader->data = X07_EMPTY_BYTES;
        reader->position = 0;
    }
    return x07_view_to_bytes(rt, taken);
}

x07_bytes
x07_io_read(x07_rt *rt, x07_iface reader, uint32_t max)
{
    bool built_in = reader.vtable == VTABLE_BUILT_IN;
    uint32_t n;

    if (!max)
        return X07_EMPTY_BYTES;
    if (built_in && !rt_reader_is_stream(rt, reader.data))
        return read_built_in(rt, reader.data, max);
    if (!built_in && (reader.vtable < VTABLE_EXTERNAL || reader.vtable > VTABLE_LAST))
        x07_trap(rt, "io.read bad iface vtable");
    if (!built_in)
        rt_external_check(rt, reader);
    x07_bytes buffer = {rt_memory_take(rt, max), max};
    if (!built_in || !rt_reader_stream(rt, reader.data, buffer.ptr, max, &n))
        n = rt_external_read(rt, reader, buffer.ptr, max);
    if (n)
        return (x07_bytes){buffer.ptr, n};
    x07_drop_bytes(rt, buffer);
    return X07_EMPTY_BYTES;
}

void
rt_readers_release(x07_rt *rt)
{
    struct table *table = &runtime_of(rt)->readers;

    for (uint32_t i = 0; i < table->count; i++) {
        struct reader *reader = (struct reader *)table->slots + i;

        x07_drop_bytes(rt, reader->data);
        if (reader->source)
            reader->source->close(reader->fd);
    }
    rt_table_free(rt, table);
}
