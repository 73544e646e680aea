/* tokenize.c: the words of the input, runs of ASCII letters, in lower case, with one space between them. */
#include "frame.h"

int
main(void)
{
    uint32_t n, len = 0;
    uint8_t *input = frame_read(&n);
    uint8_t *out = large_alloc((size_t)n + 1);
    int inside = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = input[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + 32);
        if (c < 'a' || c > 'z') {
            inside = 0;
            continue;
        }
        if (!inside && len)
            out[len++] = ' ';
        inside = 1;
        out[len++] = c;
    }
    frame_write(out, len);
    return 0;
}
