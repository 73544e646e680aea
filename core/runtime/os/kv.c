/* kv.c: kv.*: a store of keys and values that begins as the file .x07_kv/seed.evkv and is not written back.
 * The file is X7KV, u16 1, u32 count, and for each entry u32 length, the key, u32 length, the value. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "image.h"
#include "latency.h"

#include <fcntl.h>
#include <stdlib.h>

enum { HEADER_SIZE = 10, VERSION = 1 };

/* What came with the seed lies in its image; what was set belongs to the store, and is kept beside the view
 * of it. */
struct entry {
    x07_view key, value;
    x07_bytes own_key, own_value; /* of length 0 when there is none */
};

struct store {
    struct image seed;
    x07_rt *rt;
    struct entry *entries;
    uint32_t count, room;
};

static void
store_release(void *data)
{
    struct store *store = data;

    for (uint32_t i = 0; i < store->count; i++) {
        x07_drop_bytes(store->rt, store->entries[i].own_key);
        x07_drop_bytes(store->rt, store->entries[i].own_value);
    }
    free(store->entries);
    free(store->seed.data);
    free(store);
}

static void
store_add(x07_rt *rt, struct store *store, struct entry entry)
{
    if (store->count == store->room) {
        uint32_t room = store->room ? store->room * 2 : 16;
        struct entry *entries = realloc(store->entries, room * sizeof *entries);

        if (!entries)
            x07_trap(rt, "out of memory");
        store->entries = entries;
        store->room = room;
    }
    store->entries[store->count++] = entry;
}

/* The first entry of a key, or NULL. */
static struct entry *
store_find(struct store *store, x07_view key)
{
    for (uint32_t i = 0; i < store->count; i++)
        if (view_is(store->entries[i].key, key))
            return &store->entries[i];
    return NULL;
}

static void
seed_read(x07_rt *rt, struct image *seed)
{
    static const char *const faults[] = {NULL, "kv seed tell failed", "kv seed too large",
                                         "kv seed short read"};
    int fd = open(".x07_kv/seed.evkv", O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        x07_trap(rt, "kv seed open failed");
    enum image_fault fault = rt_image_read(rt, fd, INT32_MAX, seed);
    if (fault != IMAGE_WHOLE)
        x07_trap(rt, faults[fault]);
    if (seed->size < HEADER_SIZE)
        x07_trap(rt, "kv seed too short");
    if (memcmp(seed->data, "X7KV", 4) != 0)
        x07_trap(rt, "kv seed bad magic");
    if ((seed->data[4] | seed->data[5] << 8) != VERSION)
        x07_trap(rt, "kv seed bad version");
}

/* A length and as many bytes; traps with the first text without the one, with the second without the other.
 */
static x07_view
seed_text(x07_rt *rt, struct walk *walk, const char *no_length, const char *no_bytes)
{
    x07_view text = X07_EMPTY_VIEW;

    if (!walk_u32(walk, &text.len))
        x07_trap(rt, no_length);
    text.ptr = walk_take(walk, text.len);
    if (!text.ptr)
        x07_trap(rt, no_bytes);
    return text;
}

static void
seed_entries(x07_rt *rt, struct store *store)
{
    struct walk walk = {store->seed.data + 6, store->seed.data + store->seed.size};
    uint32_t count;

    walk_u32(&walk, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct entry entry = {0};

        entry.key = seed_text(rt, &walk, "kv seed truncated klen", "kv seed truncated key");
        entry.value = seed_text(rt, &walk, "kv seed truncated vlen", "kv seed truncated value");
        store_add(rt, store, entry);
    }
    if (walk.at != walk.end)
        x07_trap(rt, "kv seed trailing bytes");
}

void
x07_kv_start(x07_rt *rt)
{
    struct store *store = calloc(1, sizeof *store);

    if (!store)
        x07_trap(rt, "out of memory");
    store->rt = rt;
    runtime_of(rt)->store = (struct native_state){store, store_release};
    seed_read(rt, &store->seed);
    seed_entries(rt, store);
}

static x07_view
value_of(x07_rt *rt, x07_view key)
{
    const struct entry *entry = store_find(runtime_of(rt)->store.data, key);

    return entry ? entry->value : X07_EMPTY_VIEW;
}

x07_bytes
x07_kv_get(x07_rt *rt, x07_view key)
{
    runtime_of(rt)->world.kv_gets++;
    if (!rt_sleep(rt, rt_kv_latency(rt, key)))
        return X07_EMPTY_BYTES;
    return x07_view_to_bytes(rt, value_of(rt, key));
}

x07_iface
x07_kv_get_stream(x07_rt *rt, x07_view key)
{
    runtime_of(rt)->world.kv_gets++;
    x07_bytes value = x07_view_to_bytes(rt, value_of(rt, key));
    return rt_reader_of(rt, value, rt_kv_latency(rt, key));
}

uint32_t
x07_kv_set(x07_rt *rt, x07_bytes key, x07_bytes value)
{
    struct store *store = runtime_of(rt)->store.data;
    struct entry *entry = store_find(store, x07_view_of(key));

    runtime_of(rt)->world.kv_sets++;
    if (!entry) {
        store_add(rt, store, (struct entry){x07_view_of(key), x07_view_of(value), key, value});
        return 1;
    }
    x07_drop_bytes(rt, key);
    x07_drop_bytes(rt, entry->own_value);
    entry->own_value = value;
    entry->value = x07_view_of(value);
    return 0;
}
