/* scratch.c: scratch_u8_fixed_v1: buffers of fixed capacity, appended to whole or not at all. */
#include "x07rt_io.h"

#include "internal.h"

enum { ERROR_FULL = 8 };

struct scratch {
    uint8_t *data;
    uint32_t len, cap;
    uint32_t live;
};

/* What a slot accounts for. */
_Static_assert(sizeof(struct scratch) == 24, "a scratch buffer's slot has 24 bytes");

/* NULL for a handle that is unknown or dropped. */
static struct scratch *
look(x07_rt *rt, uint32_t h)
{
    const struct table *table = &runtime_of(rt)->scratches;

    if (h - 1 >= table->count)
        return NULL;
    struct scratch *scratch = (struct scratch *)table->slots + (h - 1);
    return scratch->live ? scratch : NULL;
}

static struct scratch *
find(x07_rt *rt, uint32_t h)
{
    struct scratch *scratch = look(rt, h);

    if (!scratch)
        x07_trap(rt, "scratch_u8_fixed invalid handle");
    return scratch;
}

/* The handle of the lowest dropped slot, or of a new one. */
static uint32_t
claim(x07_rt *rt)
{
    struct runtime *runtime = runtime_of(rt);
    const struct scratch *slots = runtime->scratches.slots;

    for (uint32_t i = 0; runtime->scratches_dropped && i < runtime->scratches.count; i++)
        if (!slots[i].live) {
            runtime->scratches_dropped--;
            return i + 1;
        }
    rt_table_add(rt, &runtime->scratches, sizeof(struct scratch));
    return runtime->scratches.count;
}

uint32_t
x07_scratch_u8_fixed_v1_new(x07_rt *rt, uint32_t cap)
{
    uint32_t h = claim(rt);
    struct scratch *scratch = (struct scratch *)runtime_of(rt)->scratches.slots + (h - 1);

    *scratch = (struct scratch){.data = rt_memory_take(rt, cap), .cap = cap, .live = 1};
    return h;
}

uint32_t
x07_scratch_u8_fixed_v1_clear(x07_rt *rt, uint32_t h)
{
    find(rt, h)->len = 0;
    return h;
}

uint32_t
x07_scratch_u8_fixed_v1_len(x07_rt *rt, uint32_t h)
{
    return find(rt, h)->len;
}

uint32_t
x07_scratch_u8_fixed_v1_cap(x07_rt *rt, uint32_t h)
{
    return find(rt, h)->cap;
}

x07_view
x07_scratch_u8_fixed_v1_as_view(x07_rt *rt, uint32_t h)
{
    struct scratch *scratch = find(rt, h);

    return (x07_view){scratch->data, scratch->len};
}

x07_result_i32
x07_scratch_u8_fixed_v1_try_write(x07_rt *rt, uint32_t h, x07_view b)
{
    struct scratch *scratch = find(rt, h);

    if (b.len > scratch->cap - scratch->len)
        return (x07_result_i32){0, ERROR_FULL};
    rt_memory_copy(rt, scratch->data + scratch->len, b.ptr, b.len);
    scratch->len += b.len;
    return (x07_result_i32){1, b.len};
}

static void
free_data(x07_rt *rt, struct scratch *scratch)
{
    if (scratch->live && scratch->cap)
        rt_memory_free(rt, scratch->data);
    *scratch = (struct scratch){0};
}

uint32_t
x07_scratch_u8_fixed_v1_drop(x07_rt *rt, uint32_t h)
{
    struct scratch *scratch = look(rt, h);

    if (!scratch)
        return 0;
    free_data(rt, scratch);
    runtime_of(rt)->scratches_dropped++;
    return 1;
}

void
rt_scratches_release(x07_rt *rt)
{
    struct table *table = &runtime_of(rt)->scratches;

    for (uint32_t i = 0; i < table->count; i++)
        free_data(rt, (struct scratch *)table->slots + i);
    rt_table_free(rt, table);
}
