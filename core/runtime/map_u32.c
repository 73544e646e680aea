/* map_u32.c: map_u32 and set_u32, the parts that are not inline. Maps and sets share one table of handles. */
#include "x07rt_map.h"

#include "internal.h"

static void
publish(struct runtime *runtime)
{
    runtime->shared.maps = runtime->maps.slots;
    runtime->shared.map_count = runtime->maps.count;
}

uint32_t
x07_map_u32_new(x07_rt *rt, uint32_t cap)
{
    struct runtime *runtime = runtime_of(rt);

    if (!cap || (cap & (cap - 1)))
        x07_trap(rt, "map_u32.new cap must be power of two");
    if (cap > UINT32_MAX / sizeof(uint32_t))
        x07_trap(rt, "out of memory");
    x07_map_u32 **slot = rt_table_add(rt, &runtime->maps, sizeof(x07_map_u32 *));
    x07_map_u32 *map = rt_memory_take(rt, sizeof *map);
    uint32_t size = cap * (uint32_t)sizeof(uint32_t);
    *map = (x07_map_u32){.cap = cap};
    map->keys = rt_memory_take(rt, size);
    map->values = rt_memory_take(rt, size);
    memset(map->keys, 0xff, size);
    *slot = map;
    publish(runtime);
    return runtime->maps.count;
}

/* Takes the entry out and puts those after it, up to the next empty slot, where a search will find them. */
static void
remove_slot(x07_map_u32 *map, uint32_t slot)
{
    uint32_t mask = (uint32_t)map->cap - 1;

    map->keys[slot] = X07_MAP_NO_KEY;
    map->len--;
    for (uint32_t next = (slot + 1) & mask; map->keys[next] != X07_MAP_NO_KEY; next = (next + 1) & mask) {
        uint32_t key = map->keys[next], value = map->values[next];
        map->keys[next] = X07_MAP_NO_KEY;
        uint32_t to = x07_map_u32_slot(map, key);
        map->keys[to] = key;
        map->values[to] = value;
    }
}

uint32_t
x07_map_u32_remove(x07_rt *rt, uint32_t h, uint32_t key)
{
    x07_map_u32 *map = x07_map_u32_find(rt, h);

    if (key == X07_MAP_NO_KEY)
        x07_trap(rt, "map_u32.remove key=-1 reserved");
    uint32_t slot = x07_map_u32_slot(map, key);
    if (map->keys[slot] != key)
        return 0;
    remove_slot(map, slot);
    return 1;
}

static uint8_t *
put_u32_le(uint8_t *to, uint32_t x)
{
    to[0] = (uint8_t)x;
    to[1] = (uint8_t)(x >> 8);
    to[2] = (uint8_t)(x >> 16);
    to[3] = (uint8_t)(x >> 24);
    return to + 4;
}

static x07_bytes
dump(x07_rt *rt, const x07_map_u32 *map, bool values, const char *overflow)
{
    uint64_t size = (uint64_t)map->len * (values ? 8 : 4);

    if (size > UINT32_MAX)
        x07_trap(rt, overflow);
    x07_bytes out = {rt_memory_take(rt, (uint32_t)size), (uint32_t)size};
    uint8_t *to = out.ptr;
    for (uint32_t i = 0; i < map->cap; i++) {
        if (map->keys[i] == X07_MAP_NO_KEY)
            continue;
        to = put_u32_le(to, map->keys[i]);
        if (values)
            to = put_u32_le(to, map->values[i]);
    }
    return out;
}

x07_bytes
x07_map_u32_dump_kv_u32le_u32le(x07_rt *rt, uint32_t h)
{
    return dump(rt, x07_map_u32_find(rt, h), true, "map_u32.dump_kv_u32le_u32le overflow");
}

x07_bytes
x07_set_u32_dump_u32le(x07_rt *rt, uint32_t h)
{
    return dump(rt, x07_map_u32_find(rt, h), false, "set_u32.dump_u32le overflow");
}

void
rt_maps_release(x07_rt *rt)
{
    struct runtime *runtime = runtime_of(rt);

    for (uint32_t i = 0; i < runtime->maps.count; i++) {
        x07_map_u32 *map = runtime->shared.maps[i];
        rt_memory_free(rt, map->keys);
        rt_memory_free(rt, map->values);
        rt_memory_free(rt, map);
    }
    rt_table_free(rt, &runtime->maps);
    publish(runtime);
}
