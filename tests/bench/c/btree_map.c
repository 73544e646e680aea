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

static uint32_t
get(const struct pair *pairs, uint32_t len, uint32_t key, uint32_t otherwise)
{
    uint32_t at = find(pairs, len, key);

    return at < len && pairs[at].key == key ? pairs[at].value : otherwise;
}

static void
put(struct pair *pairs, uint32_t *len, uint32_t key, uint32_t value)
{
    uint32_t at = find(pairs, *len, key);

    if (at == *len || pairs[at].key != key) {
        memmove(pairs + at + 1, pairs + at, (*len - at) * sizeof *pairs);
        ++*len;
    }
    pairs[at] = (struct pair){key, value};
}

int
main(void)
{
    uint32_t n, mix = 0, len = 0;
    uint8_t *input = frame_read(&n);
    struct pair *pairs = calloc(4096, sizeof *pairs); /* the keys have 12 bits */

    if (pairs == NULL)
        frame_fail("out of memory");
    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i) >> 20;
        uint32_t count = get(pairs, len, key, 0) + 1;

        put(pairs, &len, key, count);
        mix = mix * 31 + count;
    }
    words_answer(len, mix);
    return 0;
}
