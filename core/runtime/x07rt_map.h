/* x07rt_map.h: map_u32 and set_u32 for compiled programs: lookups inline, the rest in the library. Ownership,
 * errors and threads are as in x07rt.h. Maps live until x07_main returns.
 *
 * The order of slots shows in the dumps, so it is fixed: the search for a key starts at key * 2654435769
 * modulo the capacity and goes on to the next slot. */
#ifndef X07RT_MAP_H
#define X07RT_MAP_H

#include "x07rt.h"

#define X07_MAP_NO_KEY UINT32_MAX

uint32_t x07_map_u32_new(x07_rt *rt, uint32_t cap);
uint32_t x07_map_u32_remove(x07_rt *rt, uint32_t h, uint32_t key);
x07_bytes x07_map_u32_dump_kv_u32le_u32le(x07_rt *rt, uint32_t h);
x07_bytes x07_set_u32_dump_u32le(x07_rt *rt, uint32_t h);

#define x07_set_u32_new x07_map_u32_new
#define x07_set_u32_remove x07_map_u32_remove
#define x07_set_u32_contains x07_map_u32_contains

static inline x07_map_u32 *
x07_map_u32_find(x07_rt *rt, uint32_t h)
{
    if (X07_UNLIKELY(h - 1 >= rt->map_count))
        x07_trap(rt, "map_u32 invalid handle");
    return rt->maps[h - 1];
}

/* The slot that holds the key or, when it is absent, the empty slot where it would go. In a map that is full
 * and does not hold the key: some slot that is neither. Each probe is one branch: the product is 0 when
 * either factor is, that is at the key or at an empty slot. */
static inline uint32_t
x07_map_u32_slot(const x07_map_u32 *map, uint32_t key)
{
    const uint32_t *keys = map->keys;
    uint32_t mask = (uint32_t)map->cap - 1, slot = key * 2654435769U & mask, left = mask;

    while ((uint64_t)(keys[slot] ^ key) * (keys[slot] + 1U) != 0 && left--)
        slot = (slot + 1) & mask;
    return slot;
}

static inline uint32_t
x07_map_u32_len(x07_rt *rt, uint32_t h)
{
    return (uint32_t)x07_map_u32_find(rt, h)->len;
}

static inline uint32_t
x07_map_u32_get(x07_rt *rt, uint32_t h, uint32_t key, uint32_t other)
{
    const x07_map_u32 *map = x07_map_u32_find(rt, h);

    if (X07_UNLIKELY(key == X07_MAP_NO_KEY))
        x07_trap(rt, "map_u32.get key=-1 reserved");
    uint32_t slot = x07_map_u32_slot(map, key);
    return map->keys[slot] == key ? map->values[slot] : other;
}

static inline uint32_t
x07_map_u32_contains(x07_rt *rt, uint32_t h, uint32_t key)
{
    x07_map_u32 *map = x07_map_u32_find(rt, h);

    if (X07_UNLIKELY(key == X07_MAP_NO_KEY))
        x07_trap(rt, "map_u32.contains key=-1 reserved");
    return map->keys[x07_map_u32_slot(map, key)] == key;
}

/* Whether the key is there or new is a matter of luck, so it is computed, not branched on. */
static inline uint32_t
x07_map_u32_set(x07_rt *rt, uint32_t h, uint32_t key, uint32_t value)
{
    x07_map_u32 *map = x07_map_u32_find(rt, h);

    if (X07_UNLIKELY(key == X07_MAP_NO_KEY))
        x07_trap(rt, "map_u32.set key=-1 reserved");
    uint32_t slot = x07_map_u32_slot(map, key), is_new = map->keys[slot] != key;
    if (X07_UNLIKELY(map->len + is_new > map->cap))
        x07_trap(rt, "map_u32 full");
    map->len += is_new;
    map->keys[slot] = key;
    map->values[slot] = value;
    return is_new;
}

static inline uint32_t
x07_set_u32_add(x07_rt *rt, uint32_t h, uint32_t key)
{
    return x07_map_u32_set(rt, h, key, 1);
}

#endif
