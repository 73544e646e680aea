/* words.h: what the C programs of the collections share: the input as 32-bit words, the output as two of them, and
 * the map that x07's u32 maps are: open addressing, linear probing, a fixed capacity. */
#ifndef WORDS_H
#define WORDS_H

#include "frame.h"

#define MAP_EMPTY UINT32_MAX

struct map {
    uint32_t *keys, *values;
    uint32_t len, capacity;
};

static inline uint32_t *
words_new(uint32_t count)
{
    uint32_t *words = calloc(count ? count : 1, sizeof *words);

    if (words == NULL)
        frame_fail("out of memory");
    return words;
}

static inline void
words_answer(uint32_t len, uint32_t mix)
{
    uint8_t out[8];

    store_u32(out, len);
    store_u32(out + 4, mix);
    frame_write(out, sizeof out);
}

static inline struct map
map_new(uint32_t capacity)
{
    struct map map = {.capacity = capacity};
    size_t size = (size_t)capacity * 4;

    map.keys = (uint32_t *)large_alloc(size);
    map.values = (uint32_t *)large_alloc(size);
    memset(map.keys, 0xff, size);
    return map;
}

/* The slot of `key`, or the empty slot where it would go. */
static inline uint32_t
map_find(const struct map *map, uint32_t key)
{
    uint32_t slot = (key * 2654435769u) & (map->capacity - 1);

    while (map->keys[slot] != key && map->keys[slot] != MAP_EMPTY)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static inline uint32_t
map_get(const struct map *map, uint32_t key, uint32_t otherwise)
{
    uint32_t slot = map_find(map, key);

    return map->keys[slot] == key ? map->values[slot] : otherwise;
}

/* 1: the key is new. */
static inline uint32_t
map_set(struct map *map, uint32_t key, uint32_t value)
{
    uint32_t slot = map_find(map, key);
    uint32_t is_new = map->keys[slot] == MAP_EMPTY;

    if (is_new && map->len + 1 == map->capacity)
        frame_fail("map full");
    map->len += is_new;
    map->keys[slot] = key;
    map->values[slot] = value;
    return is_new;
}

/* Empties the slot and puts the run behind it back. */
static inline void
map_remove(struct map *map, uint32_t key)
{
    uint32_t slot = map_find(map, key);

    if (map->keys[slot] == MAP_EMPTY)
        return;
    map->keys[slot] = MAP_EMPTY;
    map->len--;
    for (slot = (slot + 1) & (map->capacity - 1); map->keys[slot] != MAP_EMPTY;
         slot = (slot + 1) & (map->capacity - 1)) {
        uint32_t moved = map->keys[slot];

        map->keys[slot] = MAP_EMPTY;
        map->len--;
        map_set(map, moved, map->values[slot]);
    }
}

#endif
