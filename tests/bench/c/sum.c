/* sum.c: sixteen passes that add up all bytes of the input. */
#include "frame.h"

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    uint32_t sum = 0;

    for (uint32_t pass = 0; pass < 16; pass++) {
        sum = sum * 33 + pass;
        for (uint32_t i = 0; i < n; i++)
            sum += input[i];
    }

    uint8_t out[4];
    store_u32(out, sum);
    frame_write(out, sizeof out);
    free(input);
    return 0;
}
