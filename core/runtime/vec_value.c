/* vec_value.c: vectors whose element type is known at run time. */
#include "x07rt_value.h"

#include "internal.h"
#include "value.h"

struct vec_value {
    void *data;
    enum shape shape;
    uint32_t len, cap;
};

/* What a vector accounts for besides its data. */
enum { RECORD_SIZE = 32 };
_Static_assert(sizeof(struct vec_value) <= RECORD_SIZE, "the record has room for a vector");

static struct vec_value *
find(x07_rt *rt, uint32_t h)
{
    const struct table *table = &runtime_of(rt)->vec_values;

    if (X07_UNLIKELY(h - 1 >= table->count))
        x07_trap(rt, "vec_value invalid handle");
    return ((struct vec_value **)table->slots)[h - 1];
}

static struct vec_value *
find_shaped(x07_rt *rt, uint32_t h, enum shape shape, const char *mismatch)
{
    struct vec_value *vec = find(rt, h);

    if (X07_UNLIKELY(vec->shape != shape))
        x07_trap(rt, mismatch);
    return vec;
}

static uint32_t
data_size(x07_rt *rt, enum shape shape, uint32_t cap, const char *overflow)
{
    uint64_t size = (uint64_t)cap * shape_size(shape);

    if (size > UINT32_MAX)
        x07_trap(rt, overflow);
    return (uint32_t)size;
}

static void
set_cap(x07_rt *rt, struct vec_value *vec, uint32_t cap)
{
    uint32_t size = shape_size(vec->shape),
             new_size = data_size(rt, vec->shape, cap, "vec_value cap overflow");

    vec->data = rt_memory_grow(rt, vec->data, vec->cap * size, vec->len * size, new_size);
    vec->cap = cap;
}

static void
drop_all(x07_rt *rt, struct vec_value *vec)
{
    if (vec->shape == SHAPE_BYTES)
        for (uint32_t i = 0; i < vec->len; i++)
            x07_drop_bytes(rt, ((x07_bytes *)vec->data)[i]);
    vec->len = 0;
}

uint32_t
x07_vec_value_with_capacity_v1(x07_rt *rt, uint32_t type, uint32_t cap)
{
    struct table *table = &runtime_of(rt)->vec_values;
    enum shape shape = shape_of_type(rt, type);
    uint32_t size = data_size(rt, shape, cap, "vec_value.with_capacity cap overflow");
    struct vec_value **slot = rt_table_add(rt, table, sizeof(struct vec_value *));

    *slot = rt_memory_take(rt, RECORD_SIZE);
    **slot = (struct vec_value){.data = rt_memory_take(rt, size), .shape = shape, .cap = cap};
    return table->count;
}

uint32_t
x07_vec_value_len(x07_rt *rt, uint32_t h)
{
    return find(rt, h)->len;
}

uint32_t
x07_vec_value_reserve_exact(x07_rt *rt, uint32_t h, uint32_t additional)
{
    struct vec_value *vec = find(rt, h);

    if (additional > UINT32_MAX - vec->len)
        x07_trap(rt, "vec_value.reserve_exact overflow");
    if (vec->len + additional > vec->cap)
        set_cap(rt, vec, vec->len + additional);
    return h;
}

uint32_t
x07_vec_value_pop(x07_rt *rt, uint32_t h)
{
    struct vec_value *vec = find(rt, h);

    if (vec->len) {
        vec->len--;
        value_drop(rt, vec->shape, value_read(vec->data, vec->shape, vec->len));
    }
    return h;
}

uint32_t
x07_vec_value_clear(x07_rt *rt, uint32_t h)
{
    drop_all(rt, find(rt, h));
    return h;
}

static inline uint32_t
push(x07_rt *rt, uint32_t h, enum shape shape, union value value, const char *mismatch)
{
    struct vec_value *vec = find_shaped(rt, h, shape, mismatch);

    if (X07_UNLIKELY(vec->len == vec->cap)) {
        if (vec->len > UINT32_MAX / 2)
            x07_trap(rt, "vec_value.push overflow");
        set_cap(rt, vec, vec->cap ? vec->cap * 2 : 1);
    }
    value_write(vec->data, shape, vec->len++, value);
    rt_memory_count_copy(rt, shape_size(shape));
    return h;
}

static inline uint32_t
set(x07_rt *rt, uint32_t h, enum shape shape, uint32_t index, union value value, const char *mismatch)
{
    struct vec_value *vec = find_shaped(rt, h, shape, mismatch);

    if (X07_UNLIKELY(index >= vec->len))
        x07_trap(rt, "vec_value.set oob");
    value_drop(rt, shape, value_read(vec->data, shape, index));
    value_write(vec->data, shape, index, value);
    if (shape != SHAPE_I32)
        rt_memory_count_copy(rt, shape_size(shape));
    return h;
}

uint32_t
x07_vec_value_push_i32_v1(x07_rt *rt, uint32_t h, uint32_t x)
{
    return push(rt, h, SHAPE_I32, (union value){.number = x}, "vec_value.push_i32_v1 ty mismatch");
}

uint32_t
x07_vec_value_push_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes x)
{
    return push(rt, h, SHAPE_BYTES, (union value){.bytes = x}, "vec_value.push_bytes_v1 ty mismatch");
}

uint32_t
x07_vec_value_push_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view x)
{
    return push(rt, h, SHAPE_VIEW, (union value){.view = x}, "vec_value.push_bytes_view_v1 ty mismatch");
}

uint32_t
x07_vec_value_set_i32_v1(x07_rt *rt, uint32_t h, uint32_t index, uint32_t x)
{
    return set(rt, h, SHAPE_I32, index, (union value){.number = x}, "vec_value.set_i32_v1 ty mismatch");
}

uint32_t
x07_vec_value_set_bytes_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_bytes x)
{
    return set(rt, h, SHAPE_BYTES, index, (union value){.bytes = x}, "vec_value.set_bytes_v1 ty mismatch");
}

uint32_t
x07_vec_value_set_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_view x)
{
    return set(rt, h, SHAPE_VIEW, index, (union value){.view = x}, "vec_value.set_bytes_view_v1 ty mismatch");
}

uint32_t
x07_vec_value_get_i32_v1(x07_rt *rt, uint32_t h, uint32_t index, uint32_t other)
{
    struct vec_value *vec = find_shaped(rt, h, SHAPE_I32, "vec_value.get_i32_v1 ty mismatch");

    return index < vec->len ? ((uint32_t *)vec->data)[index] : other;
}

x07_bytes
x07_vec_value_get_bytes_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_bytes other)
{
    struct vec_value *vec = find_shaped(rt, h, SHAPE_BYTES, "vec_value.get_bytes_v1 ty mismatch");

    if (index >= vec->len)
        return other;
    x07_bytes copy = x07_view_to_bytes(rt, x07_view_of(((x07_bytes *)vec->data)[index]));
    x07_drop_bytes(rt, other);
    return copy;
}

x07_view
x07_vec_value_get_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_view other)
{
    struct vec_value *vec = find_shaped(rt, h, SHAPE_VIEW, "vec_value.get_bytes_view_v1 ty mismatch");

    return index < vec->len ? ((x07_view *)vec->data)[index] : other;
}

void
rt_vec_values_release(x07_rt *rt)
{
    struct table *table = &runtime_of(rt)->vec_values;

    for (uint32_t i = 0; i < table->count; i++) {
        struct vec_value *vec = ((struct vec_value **)table->slots)[i];
        drop_all(rt, vec);
        if (vec->cap)
            rt_memory_free(rt, vec->data);
        rt_memory_free(rt, vec);
    }
    rt_table_free(rt, table);
}
