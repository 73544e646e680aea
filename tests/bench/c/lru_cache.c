/* lru_cache.c: looks each key up in a cache of the latest ones, then puts it there. */
#include "words.h"

enum { CAPACITY = 32768 };

struct entry {
    uint32_t key, value, prev, next;
};

/* Slot 0 is none. */
static struct entry entries[CAPACITY + 1];
static uint32_t len, head, tail;

static void
unlink_entry(uint32_t slot)
{
    struct entry *entry = &entries[slot];

    *(entry->prev ? &entries[entry->prev].next : &head) = entry->next;
    *(entry->next ? &entries[entry->next].prev : &tail) = entry->prev;
}

static void
link_first(uint32_t slot)
{
    entries[slot].prev = 0;
    entries[slot].next = head;
    *(head ? &entries[head].prev : &tail) = slot;
    head = slot;
}

static void
put(struct map *map, uint32_t key, uint32_t value)
{
    uint32_t slot = map_get(map, key, 0);

    if (slot && slot == head) {
        entries[slot].value = value;
        return;
    }
    if (slot) {
        unlink_entry(slot);
    } else if (len < CAPACITY) {
        slot = ++len;
    } else {
        slot = tail;
        map_remove(map, entries[slot].key);
        unlink_entry(slot);
    }
    entries[slot].key = key;
    entries[slot].value = value;
    link_first(slot);
    map_set(map, key, slot);
}

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);
    struct map map = map_new(4 * CAPACITY);

    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i) >> 16;
        uint32_t slot = map_get(&map, key, 0);

        mix = mix * 31 + (slot ? entries[slot].value : 0);
        put(&map, key, i + 1);
    }
    words_answer(len, mix);
    return 0;
}
