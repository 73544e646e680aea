/* split_bytes.c: where the pieces of the input between its blanks are. */
#include "split.h"

int
main(void)
{
    uint32_t n, start = 0;
    uint8_t *input = frame_read(&n);
    struct split split = split_open(split_count(input, n, ' ') + 1);

    for (uint32_t i = 0; i < n; i++) {
        if (input[i] != ' ')
            continue;
        split_add(&split, start, i - start);
        start = i + 1;
    }
    split_add(&split, start, n - start);
    frame_write(split.out, split.len);
    return 0;
}
