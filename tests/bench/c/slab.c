/* slab.c: a pool with a free list: a word names a handle, which is freed when it is in use; otherwise one is taken. */
#include "words.h"

enum { CAPACITY = 65536 };

struct slab {
    uint32_t next[CAPACITY + 1], values[CAPACITY + 1];
    uint32_t len, free_head;
};

static struct slab slab = {.free_head = 1};

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);

    for (uint32_t h = 1; h < CAPACITY; h++)
        slab.next[h] = h + 1;
    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t x = load_u32(input + 4 * (size_t)i), h = (x & 65535) + 1;

        if (slab.next[h] == UINT32_MAX) {
            mix = mix * 31 + slab.values[h];
            slab.next[h] = slab.free_head;
            slab.free_head = h;
            slab.len--;
        } else if (slab.free_head) {
            h = slab.free_head;
            slab.free_head = slab.next[h];
            slab.next[h] = UINT32_MAX;
            slab.values[h] = x | 1;
            slab.len++;
        }
    }
    words_answer(slab.len, mix);
    return 0;
}
