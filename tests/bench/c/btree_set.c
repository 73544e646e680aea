/* btree_set.c: which keys of a small range were seen before, in a sorted array. */
#include "words.h"

static uint32_t
find(const uint32_t *keys, uint32_t len, uint32_t key)
{
    uint32_t low = 0, high = len;

    while (low < high) {
        uint32_t mid = (low + high) / 2;

        if (keys[mid] == key)
            return mid;
        if (keys[mid] < key)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static inline uint32_t
contains(const uint32_t *keys, uint32_t len, uint32_t key)
{
    uint32_t at = find(keys, len, key);

    return at < len && keys[at] == key;
}

int
main(void)
{
    uint32_t n, mix = 0, len = 0;
    uint8_t *input = frame_read(&n);
    uint32_t *keys = words_new(4096);

    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i) >> 20;

        mix = mix * 31 + contains(keys, len, key);
        uint32_t at = find(keys, len, key);
        if (at < len && keys[at] == key)
            continue;
        memmove(keys + at + 1, keys + at, (len++ - at) * sizeof *keys);
        keys[at] = key;
    }
    words_answer(len, mix);
    return 0;
}
