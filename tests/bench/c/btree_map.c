/* btree_map.c: counts keys of a small range in a sorted array of pairs. */
#include "words.h"

struct pair {
    uint32_t key, value;
};

static uint32_t
find(const struct pair *pairs, uint32_t len, uint32_t key)
{
    uint32_t low = 0, high = len;

    while (low < high) {
        uint32_t mid = (low + high) / 2;

        if (pairs[mid].key == key)
            return mid;
        if (pairs[mid].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int
main(void)
{
    uint32_t n, mix = 0, len = 0, capacity = 0;
    uint8_t *input = frame_read(&n);
    struct pair *pairs = NULL;

    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i) >> 20;
        uint32_t at = find(pairs, len, key);

        if (at == len || pairs[at].key != key) {
            if (len == capacity)
                pairs = realloc(pairs, (capacity = capacity ? 2 * capacity : 8) * sizeof *pairs);
            if (pairs == NULL)
                frame_fail("out of memory");
            memmove(pairs + at + 1, pairs + at, (len++ - at) * sizeof *pairs);
            pairs[at] = (struct pair){key, 0};
        }
        mix = mix * 31 + ++pairs[at].value;
    }
    words_answer(len, mix);
    return 0;
}
