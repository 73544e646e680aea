/* split_lines.c: where the lines of the input are, without the carriage return before a line feed. */
#include "split.h"

static void
add_line(struct split *split, const uint8_t *input, uint32_t start, uint32_t end)
{
    split_add(split, start, end - start - (end > start && input[end - 1] == '\r'));
}

int
main(void)
{
    uint32_t n, start = 0;
    uint8_t *input = frame_read(&n);
    int open = n == 0 || input[n - 1] != '\n';
    struct split split = split_open(split_count(input, n, '\n') + (uint32_t)open);

    for (uint32_t i = 0; i < n; i++) {
        if (input[i] != '\n')
            continue;
        add_line(&split, input, start, i);
        start = i + 1;
    }
    if (open)
        add_line(&split, input, start, n);
    frame_write(split.out, split.len);
    return 0;
}
