/* frame.h: the input and output frames that compiled x07 programs use (u32 little-endian length, then bytes),
 * so that the hand-written C programs of the benchmark do the same job. Knows nothing of the workloads. */
#ifndef FRAME_H
#define FRAME_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static inline void
frame_fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(2);
}

static inline uint32_t
load_u32(const uint8_t *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline void
store_u32(uint8_t *bytes, uint32_t value)
{
    memcpy(bytes, &value, sizeof value);
}

/* Memory in large pages where the system has them, as the x07 runtime asks for: the benchmark compares code,
 * not page sizes. The caller frees it. */
static inline uint8_t *
large_alloc(size_t len)
{
    enum { LARGE_PAGE = 2 << 20 };
    size_t rounded = (len + LARGE_PAGE) / LARGE_PAGE * LARGE_PAGE;
    uint8_t *bytes = aligned_alloc(LARGE_PAGE, rounded);

    if (bytes == NULL)
        frame_fail("out of memory");
    madvise(bytes, rounded, MADV_HUGEPAGE);
    return bytes;
}

/* Reads the whole input; the caller owns the buffer. */
static inline uint8_t *
frame_read(uint32_t *len)
{
    uint8_t prefix[4];

    if (fread(prefix, 1, sizeof prefix, stdin) != sizeof prefix)
        frame_fail("no input frame");
    *len = load_u32(prefix);
    uint8_t *bytes = large_alloc(*len);
    if (fread(bytes, 1, *len, stdin) != *len)
        frame_fail("input frame is short");
    return bytes;
}

static inline void
frame_write(const uint8_t *bytes, uint32_t len)
{
    uint8_t prefix[4];

    store_u32(prefix, len);
    if (fwrite(prefix, 1, sizeof prefix, stdout) != sizeof prefix || fwrite(bytes, 1, len, stdout) != len ||
        fflush(stdout) != 0)
        frame_fail("cannot write the output frame");
}

#endif
