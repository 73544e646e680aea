/* assertion.c: see assertion.h. The report is "X7T1", the size of a sample, the two lengths, the two samples.
 */
#include "assertion.h"

/* Status 0 and the code 1003, little-endian. */
static const uint8_t FAILED[] = {0x00, 0xeb, 0x03, 0x00, 0x00};
static const uint8_t MARK[] = {'X', '7', 'T', '1', COMPARISON_SAMPLE};

static uint8_t *
put(uint8_t *to, const uint8_t *from, uint32_t len)
{
    memcpy(to, from, len);
    return to + len;
}

static uint8_t *
put_u32_le(uint8_t *to, uint32_t x)
{
    uint8_t word[] = {(uint8_t)x, (uint8_t)(x >> 8), (uint8_t)(x >> 16), (uint8_t)(x >> 24)};

    return put(to, word, sizeof word);
}

static uint32_t
sample_len(uint32_t len)
{
    return len < COMPARISON_SAMPLE ? len : COMPARISON_SAMPLE;
}

uint32_t
rt_assertion_report(const struct comparison *last, x07_view result, uint8_t *report)
{
    if (!last->mismatch || result.len != sizeof FAILED || memcmp(result.ptr, FAILED, sizeof FAILED) != 0)
        return 0;
    uint8_t *to = put(report, MARK, sizeof MARK);
    to = put_u32_le(to, last->left_len);
    to = put_u32_le(to, last->right_len);
    to = put(to, last->left, sample_len(last->left_len));
    to = put(to, last->right, sample_len(last->right_len));
    return (uint32_t)(to - report);
}
