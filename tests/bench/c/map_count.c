/* map_count.c: counts 32-bit keys in an open-addressing map: how many keys, the highest count, a checksum. */
#include "frame.h"

#define CAPACITY 131072u
#define EMPTY UINT32_MAX

struct map {
    uint32_t *keys, *values;
    uint32_t len;
};

/* The slot of `key`, or the empty slot where it would go. */
static inline uint32_t
find(const struct map *map, uint32_t key)
{
    uint32_t slot = (key * 2654435769u) & (CAPACITY - 1);

    while (map->keys[slot] != key && map->keys[slot] != EMPTY)
        slot = (slot + 1) & (CAPACITY - 1);
    return slot;
}

static inline uint32_t
get(const struct map *map, uint32_t key, uint32_t otherwise)
{
    uint32_t slot = find(map, key);

    return map->keys[slot] == key ? map->values[slot] : otherwise;
}

static inline void
set(struct map *map, uint32_t key, uint32_t value)
{
    uint32_t slot = find(map, key);

    if (map->keys[slot] == EMPTY) {
        if (map->len + 1 == CAPACITY)
            frame_fail("map full");
        map->keys[slot] = key;
        map->len++;
    }
    map->values[slot] = value;
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    struct map map = {malloc(CAPACITY * 4), malloc(CAPACITY * 4), 0};
    uint32_t most = 0, mix = 0;

    if (map.keys == NULL || map.values == NULL)
        frame_fail("out of memory");
    memset(map.keys, 0xff, CAPACITY * 4);
    n /= 4;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i);
        uint32_t count = get(&map, key, 0) + 1;
        set(&map, key, count);
        if (count > most)
            most = count;
        mix = mix * 31 + count;
    }

    uint8_t out[12];
    store_u32(out, map.len);
    store_u32(out + 4, most);
    store_u32(out + 8, mix);
    frame_write(out, sizeof out);
    free(map.keys);
    free(map.values);
    free(input);
    return 0;
}
