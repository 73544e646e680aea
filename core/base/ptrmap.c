/* ptrmap.c: open addressing with linear probing; entries are never removed. */
#include "base/ptrmap.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>

static size_t
ptrmap_slot(const struct ptrmap *map, const void *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t)(hash >> 32) & (map->capacity - 1);

    while (map->entries[slot].key && map->entries[slot].key != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void
ptrmap_grow(struct ptrmap *map)
{
    struct ptrmap bigger = {0};

    bigger.capacity = map->capacity ? map->capacity * 2 : 64;
    bigger.entries = memory_alloc(bigger.capacity * sizeof *bigger.entries);
    bigger.count = map->count;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].key)
            bigger.entries[ptrmap_slot(&bigger, map->entries[i].key)] = map->entries[i];
    free(map->entries);
    *map = bigger;
}

void *
ptrmap_get(const struct ptrmap *map, const void *key)
{
    return map->capacity ? map->entries[ptrmap_slot(map, key)].value : NULL;
}

void
ptrmap_set(struct ptrmap *map, const void *key, void *value)
{
    if (map->count * 2 >= map->capacity)
        ptrmap_grow(map);
    struct ptrmap_entry *entry = &map->entries[ptrmap_slot(map, key)];
    if (!entry->key)
        map->count++;
    entry->key = key;
    entry->value = value;
}

void
ptrmap_free(struct ptrmap *map)
{
    free(map->entries);
    *map = (struct ptrmap){0};
}
