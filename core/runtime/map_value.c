/* map_value.c: the heads of map_value: handles and types, one function per combination of key and value. */
#include "map_value.h"

#include "x07rt_value.h"

/* What a map accounts for besides its arrays. */
enum { RECORD_SIZE = 64 };
_Static_assert(sizeof(struct map_value) <= RECORD_SIZE, "the record has room for a map");

static struct map_value *
find(x07_rt *rt, uint32_t h)
{
    const struct table *table = &runtime_of(rt)->map_values;

    if (X07_UNLIKELY(h - 1 >= table->count))
        x07_trap(rt, "map_value invalid handle");
    return ((struct map_value **)table->slots)[h - 1];
}

static struct map_value *
find_keyed(x07_rt *rt, uint32_t h, enum shape key_shape, const char *mismatch)
{
    struct map_value *map = find(rt, h);

    if (X07_UNLIKELY(map->key_shape != key_shape))
        x07_trap(rt, mismatch);
    return map;
}

uint32_t
x07_map_value_new_v1(x07_rt *rt, uint32_t key_type, uint32_t value_type, uint32_t cap)
{
    struct table *table = &runtime_of(rt)->map_values;

    if (!cap || (cap & (cap - 1)))
        x07_trap(rt, "map_value.new cap must be power of two");
    struct map_value map = {.key_shape = shape_of_type(rt, key_type),
                            .value_shape = shape_of_type(rt, value_type)};
    struct map_value **slot = rt_table_add(rt, table, sizeof(struct map_value *));
    *slot = rt_memory_take(rt, RECORD_SIZE);
    rt_map_value_open(rt, &map, cap);
    **slot = map;
    return table->count;
}

uint32_t
x07_map_value_len(x07_rt *rt, uint32_t h)
{
    return find(rt, h)->len;
}

uint32_t
x07_map_value_clear(x07_rt *rt, uint32_t h)
{
    rt_map_value_empty(rt, find(rt, h));
    return h;
}

static uint32_t
contains(x07_rt *rt, uint32_t h, enum shape key_shape, union value key, const char *mismatch)
{
    struct map_value *map = find_keyed(rt, h, key_shape, mismatch);
    uint32_t found = rt_map_value_slot(rt, map, key) != MAP_VALUE_ABSENT;

    value_drop(rt, key_shape, key);
    return found;
}

static uint32_t
take_out(x07_rt *rt, uint32_t h, enum shape key_shape, union value key, const char *mismatch)
{
    struct map_value *map = find_keyed(rt, h, key_shape, mismatch);
    int64_t slot = rt_map_value_slot(rt, map, key);

    if (slot != MAP_VALUE_ABSENT)
        rt_map_value_take_out(rt, map, (uint32_t)slot);
    value_drop(rt, key_shape, key);
    return h;
}

/* Bytes that are found are copied, and then the other value is dropped. */
static union value
get(x07_rt *rt, uint32_t h, enum shape key_shape, enum shape value_shape, union value key, union value other)
{
    struct map_value *map = find_keyed(rt, h, key_shape, "map_value.get key ty mismatch");

    if (X07_UNLIKELY(map->value_shape != value_shape))
        x07_trap(rt, "map_value.get val ty mismatch");
    int64_t slot = rt_map_value_slot(rt, map, key);
    value_drop(rt, key_shape, key);
    if (slot == MAP_VALUE_ABSENT)
        return other;
    union value found = value_read(map->values, value_shape, (uint32_t)slot);
    if (value_shape != SHAPE_BYTES)
        return found;
    found.bytes = x07_view_to_bytes(rt, x07_view_of(found.bytes));
    value_drop(rt, value_shape, other);
    return found;
}

static uint32_t
set(x07_rt *rt, uint32_t h, enum shape key_shape, enum shape value_shape, union value key, union value value)
{
    struct map_value *map = find_keyed(rt, h, key_shape, "map_value.set key ty mismatch");

    if (X07_UNLIKELY(map->value_shape != value_shape))
        x07_trap(rt, "map_value.set val ty mismatch");
    rt_map_value_put(rt, map, key, value);
    return h;
}

void
rt_map_values_release(x07_rt *rt)
{
    struct table *table = &runtime_of(rt)->map_values;

    for (uint32_t i = 0; i < table->count; i++) {
        struct map_value *map = ((struct map_value **)table->slots)[i];
        rt_map_value_close(rt, map);
        rt_memory_free(rt, map);
    }
    rt_table_free(rt, table);
}

/* KEY(name, C type, shape, member): the heads of one type of key. PAIR: those of one type of key and of
 * value. */
#define KEY(name, type, shape, member)                                            \
    uint32_t x07_map_value_contains_##name##_v1(x07_rt *rt, uint32_t h, type key) \
    {                                                                             \
        return contains(rt, h, shape, (union value){.member = key},               \
                        "map_value.contains_" #name "_v1 key ty mismatch");       \
    }                                                                             \
    uint32_t x07_map_value_remove_##name##_v1(x07_rt *rt, uint32_t h, type key)   \
    {                                                                             \
        return take_out(rt, h, shape, (union value){.member = key},               \
                        "map_value.remove_" #name "_v1 key ty mismatch");         \
    }                                                                             \
    PAIR(name, type, shape, member, i32, uint32_t, SHAPE_I32, number)             \
    PAIR(name, type, shape, member, bytes, x07_bytes, SHAPE_BYTES, bytes)         \
    PAIR(name, type, shape, member, bytes_view, x07_view, SHAPE_VIEW, view)

#define PAIR(k, ktype, kshape, kmember, v, vtype, vshape, vmember)                                         \
    vtype x07_map_value_get_##k##_##v##_v1(x07_rt *rt, uint32_t h, ktype key, vtype other)                 \
    {                                                                                                      \
        return get(rt, h, kshape, vshape, (union value){.kmember = key}, (union value){.vmember = other})  \
            .vmember;                                                                                      \
    }                                                                                                      \
    uint32_t x07_map_value_set_##k##_##v##_v1(x07_rt *rt, uint32_t h, ktype key, vtype value)              \
    {                                                                                                      \
        return set(rt, h, kshape, vshape, (union value){.kmember = key}, (union value){.vmember = value}); \
    }

/* clang-format off */
KEY(i32, uint32_t, SHAPE_I32, number)
KEY(bytes, x07_bytes, SHAPE_BYTES, bytes)
KEY(bytes_view, x07_view, SHAPE_VIEW, view)
/* clang-format on */
