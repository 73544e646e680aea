/* map_value.h: the table behind map_value: open addressing over arrays of states, hashes, keys and values.
 * Knows shapes and hashes; knows nothing of handles or of the heads that use it. */
#ifndef RUNTIME_MAP_VALUE_H
#define RUNTIME_MAP_VALUE_H

#include "value.h"

struct map_value {
    enum shape key_shape, value_shape;
    uint32_t cap, len; /* cap is a power of two; len counts live entries */
    uint8_t *states;
    uint32_t *hashes;
    void *keys, *values;
};

enum { MAP_VALUE_ABSENT = -1 };

/* Gives an empty map its four arrays; traps when their sizes overflow. */
void rt_map_value_open(x07_rt *rt, struct map_value *map, uint32_t cap);

/* Drops all entries; the arrays stay. */
void rt_map_value_empty(x07_rt *rt, struct map_value *map);

/* Drops all entries and frees the arrays. */
void rt_map_value_close(x07_rt *rt, struct map_value *map);

/* The slot of the key, or MAP_VALUE_ABSENT. The key stays the caller's. */
int64_t rt_map_value_slot(x07_rt *rt, const struct map_value *map, union value key);

/* Takes over key and value: inserts, or replaces the value and drops the old value and the new key. */
void rt_map_value_put(x07_rt *rt, struct map_value *map, union value key, union value value);

/* Drops the entry at a slot that rt_map_value_slot gave. */
void rt_map_value_take_out(x07_rt *rt, struct map_value *map, uint32_t slot);

#endif
