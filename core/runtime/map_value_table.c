/* map_value_table.c: see map_value.h. */
#include "map_value.h"

enum { STATE_EMPTY, STATE_LIVE, STATE_REMOVED };

static uint32_t
mix(uint32_t h)
{
    h ^= h >> 16;
    h *= 2246822507U;
    h ^= h >> 13;
    h *= 3266489909U;
    return h ^ h >> 16;
}

static uint32_t
hash_of(x07_rt *rt, enum shape shape, union value key)
{
    uint32_t h = 2166136261U;

    if (shape == SHAPE_I32)
        return mix(key.number);
    x07_view view = value_view(shape, key);
    rt_memory_holds(rt, view);
    for (uint32_t i = 0; i < view.len; i++)
        h = (h ^ view.ptr[i]) * 16777619U;
    return mix(h);
}

/* Comparisons of bytes count for the report of a failed assertion, as those of bytes.eq do. */
static bool
keys_equal(x07_rt *rt, enum shape shape, union value a, union value b)
{
    if (shape == SHAPE_I32)
        return a.number == b.number;
    return rt_memory_holds(rt, value_view(shape, a)) &&
           x07_view_eq(rt, value_view(shape, a), value_view(shape, b));
}

static uint32_t
array_size(x07_rt *rt, uint32_t cap, uint32_t element, const char *overflow)
{
    uint64_t size = (uint64_t)cap * element;

    if (size > UINT32_MAX)
        x07_trap(rt, overflow);
    return (uint32_t)size;
}

void
rt_map_value_open(x07_rt *rt, struct map_value *map, uint32_t cap)
{
    uint32_t hashes = array_size(rt, cap, sizeof(uint32_t), "map_value hashes overflow");
    uint32_t keys = array_size(rt, cap, shape_size(map->key_shape), "map_value keys overflow");
    uint32_t values = array_size(rt, cap, shape_size(map->value_shape), "map_value vals overflow");

    map->cap = cap;
    map->states = rt_memory_take_zeroed(rt, cap);
    map->hashes = rt_memory_take(rt, hashes);
    map->keys = rt_memory_take(rt, keys);
    map->values = rt_memory_take(rt, values);
}

static void
free_arrays(x07_rt *rt, struct map_value *map)
{
    rt_memory_free(rt, map->states);
    rt_memory_free(rt, map->hashes);
    rt_memory_free(rt, map->keys);
    rt_memory_free(rt, map->values);
}

static void
drop_entry(x07_rt *rt, struct map_value *map, uint32_t slot)
{
    value_drop(rt, map->key_shape, value_read(map->keys, map->key_shape, slot));
    value_drop(rt, map->value_shape, value_read(map->values, map->value_shape, slot));
}

void
rt_map_value_empty(x07_rt *rt, struct map_value *map)
{
    for (uint32_t i = 0; i < map->cap; i++)
        if (map->states[i] == STATE_LIVE)
            drop_entry(rt, map, i);
    memset(map->states, STATE_EMPTY, map->cap);
    map->len = 0;
}

void
rt_map_value_close(x07_rt *rt, struct map_value *map)
{
    rt_map_value_empty(rt, map);
    free_arrays(rt, map);
}

/* The slot of the key; when it is absent, where it would go is left in *vacant. */
static int64_t
search(x07_rt *rt, const struct map_value *map, union value key, uint32_t hash, int64_t *vacant)
{
    uint32_t mask = map->cap - 1, slot = hash & mask;

    for (uint32_t tried = 0; tried < map->cap; tried++, slot = (slot + 1) & mask) {
        if (map->states[slot] != STATE_LIVE) {
            if (*vacant == MAP_VALUE_ABSENT)
                *vacant = slot;
            if (map->states[slot] == STATE_EMPTY)
                break;
        } else if (map->hashes[slot] == hash &&
                   keys_equal(rt, map->key_shape, value_read(map->keys, map->key_shape, slot), key)) {
            return slot;
        }
    }
    return MAP_VALUE_ABSENT;
}

int64_t
rt_map_value_slot(x07_rt *rt, const struct map_value *map, union value key)
{
    int64_t vacant = MAP_VALUE_ABSENT;

    return search(rt, map, key, hash_of(rt, map->key_shape, key), &vacant);
}

static void
place(struct map_value *map, uint32_t slot, uint32_t hash, union value key, union value value)
{
    map->states[slot] = STATE_LIVE;
    map->hashes[slot] = hash;
    value_write(map->keys, map->key_shape, slot, key);
    value_write(map->values, map->value_shape, slot, value);
    map->len++;
}

/* Moves the live entries into arrays of twice the size. */
static void
grow(x07_rt *rt, struct map_value *map)
{
    struct map_value old = *map;
    uint32_t entry = shape_size(map->key_shape) + shape_size(map->value_shape);

    if (old.cap > UINT32_MAX / 2)
        x07_trap(rt, "map_value cap overflow");
    rt_map_value_open(rt, map, old.cap * 2);
    map->len = 0;
    uint32_t mask = map->cap - 1;
    for (uint32_t i = 0; i < old.cap; i++) {
        if (old.states[i] != STATE_LIVE)
            continue;
        uint32_t slot = old.hashes[i] & mask;
        while (map->states[slot] == STATE_LIVE)
            slot = (slot + 1) & mask;
        place(map, slot, old.hashes[i], value_read(old.keys, map->key_shape, i),
              value_read(old.values, map->value_shape, i));
        rt_memory_count_copy(rt, entry);
    }
    free_arrays(rt, &old);
}

void
rt_map_value_put(x07_rt *rt, struct map_value *map, union value key, union value value)
{
    uint32_t hash = hash_of(rt, map->key_shape, key);
    int64_t vacant = MAP_VALUE_ABSENT;

    if (((uint64_t)map->len + 1) * 10 > (uint64_t)map->cap * 7)
        grow(rt, map);
    int64_t slot = search(rt, map, key, hash, &vacant);
    rt_memory_count_copy(rt, shape_size(map->value_shape));
    if (slot == MAP_VALUE_ABSENT) {
        rt_memory_count_copy(rt, shape_size(map->key_shape));
        place(map, (uint32_t)vacant, hash, key, value);
        return;
    }
    value_drop(rt, map->key_shape, key);
    value_drop(rt, map->value_shape, value_read(map->values, map->value_shape, (uint32_t)slot));
    value_write(map->values, map->value_shape, (uint32_t)slot, value);
}

/* A run of removed slots that ends at an empty one serves no search and becomes empty too: so maps that live
 * long do not fill with marks. */
void
rt_map_value_take_out(x07_rt *rt, struct map_value *map, uint32_t slot)
{
    uint32_t mask = map->cap - 1;

    drop_entry(rt, map, slot);
    map->len--;
    map->states[slot] = STATE_REMOVED;
    if (map->states[(slot + 1) & mask] != STATE_EMPTY)
        return;
    while (map->states[slot] == STATE_REMOVED) {
        map->states[slot] = STATE_EMPTY;
        slot = (slot - 1) & mask;
    }
}
