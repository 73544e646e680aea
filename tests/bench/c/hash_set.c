/* hash_set.c: which of many 32-bit keys are new. */
#include "words.h"

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);
    struct map map = map_new(2097152);

    for (uint32_t i = 0; i < n / 4; i++)
        mix = mix * 31 + map_set(&map, load_u32(input + 4 * (size_t)i) >> 11, 1);
    words_answer(map.len, mix);
    return 0;
}
