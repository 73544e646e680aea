/* decimal_list.c: numbers separated by anything that is not a digit: how many, their sum, the largest. */
#include "frame.h"

struct totals {
    uint32_t count, sum, largest;
};

static inline void
take(struct totals *totals, uint32_t value)
{
    totals->count++;
    totals->sum += value;
    if (value > totals->largest)
        totals->largest = value;
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    struct totals totals = {0, 0, 0};
    uint32_t value = 0, digits = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t digit = (uint32_t)input[i] - '0';
        if (digit < 10) {
            value = value * 10 + digit;
            digits++;
        } else {
            if (digits)
                take(&totals, value);
            value = 0;
            digits = 0;
        }
    }
    if (digits)
        take(&totals, value);

    char out[40];
    int len = snprintf(out, sizeof out, "%u\n%u\n%u\n", totals.count, totals.sum, totals.largest);
    frame_write((const uint8_t *)out, (uint32_t)len);
    free(input);
    return 0;
}
