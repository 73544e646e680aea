/* word_count.c: lines, words and bytes of the input, in decimal. */
#include "frame.h"

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    uint32_t lines = 0, words = 0, inside = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = input[i];
        if (c == '\n')
            lines++;
        if (c <= ' ') {
            inside = 0;
        } else {
            words += inside ^ 1;
            inside = 1;
        }
    }

    char out[40];
    int len = snprintf(out, sizeof out, "%u\n%u\n%u\n", lines, words, n);
    frame_write((const uint8_t *)out, (uint32_t)len);
    free(input);
    return 0;
}
