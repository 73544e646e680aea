/* histogram.c: how often each byte occurs, as 256 little-endian words. */
#include "frame.h"

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    uint32_t *counts = calloc(256, sizeof *counts);

    if (counts == NULL)
        frame_fail("out of memory");
    for (uint32_t i = 0; i < n; i++)
        counts[input[i]]++;

    uint8_t out[1024];
    for (uint32_t i = 0; i < 256; i++)
        store_u32(out + 4 * i, counts[i]);
    frame_write(out, sizeof out);
    free(counts);
    free(input);
    return 0;
}
