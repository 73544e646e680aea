/* split.h: a list of pieces of the input as the library's splitters write it: a head, then where each piece
 * starts and how long it is. Knows nothing of how the input is cut. */
#ifndef SPLIT_H
#define SPLIT_H

#include "frame.h"

enum { SPLIT_HEAD = 12, SPLIT_ROW = 8 };

struct split {
    uint8_t *out;
    uint32_t len;
};

static inline struct split
split_open(uint32_t rows)
{
    struct split split = {large_alloc((size_t)rows * SPLIT_ROW + SPLIT_HEAD), SPLIT_HEAD};

    memcpy(split.out, "X7SL\1\0\0\0", 8);
    store_u32(split.out + 8, rows);
    return split;
}

static inline void
split_add(struct split *split, uint32_t start, uint32_t len)
{
    store_u32(split->out + split->len, start);
    store_u32(split->out + split->len + 4, len);
    split->len += SPLIT_ROW;
}

static inline uint32_t
split_count(const uint8_t *input, uint32_t n, uint8_t separator)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        count += input[i] == separator;
    return count;
}

#endif
