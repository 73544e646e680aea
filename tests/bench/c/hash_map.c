/* hash_map.c: counts 32-bit keys of a wide range. */
#include "words.h"

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);
    struct map map = map_new(2097152);

    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t key = load_u32(input + 4 * (size_t)i) >> 11;
        mix = mix * 31 + map_set(&map, key, map_get(&map, key, 0) + 1);
    }
    words_answer(map.len, mix);
    return 0;
}
