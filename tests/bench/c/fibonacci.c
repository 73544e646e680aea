/* fibonacci.c: as many Fibonacci steps, modulo 2^32, as the input says in decimal. */
#include "frame.h"

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    uint32_t steps = 0, a = 0, b = 1;

    for (uint32_t i = 0; i < n; i++) {
        if (input[i] < '0' || input[i] > '9')
            frame_fail("not a number");
        steps = steps * 10 + (uint32_t)(input[i] - '0');
    }
    for (uint32_t i = 0; i < steps; i++) {
        uint32_t next = a + b;
        a = b;
        b = next;
    }

    uint8_t out[4];
    store_u32(out, a);
    frame_write(out, sizeof out);
    free(input);
    return 0;
}
