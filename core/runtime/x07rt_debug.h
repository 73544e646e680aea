/* x07rt_debug.h: for programs compiled with debug borrow checks, included after the other headers. What reads
 * through a view asks first whether the memory is still its buffer's; a read of other memory is counted.
 * Heads that look at single bytes or words and comparisons then answer 0; all others read what lies there,
 * which is never outside the heap. */
#ifndef X07RT_DEBUG_H
#define X07RT_DEBUG_H

#include "x07rt.h"

/* 1 when `len` bytes may be read there; else the violation is counted. */
uint32_t x07_borrow_holds(x07_rt *rt, const uint8_t *ptr, uint32_t len);

static inline uint32_t
x07_checked_get_u8(x07_rt *rt, x07_view v, uint32_t index, const char *at)
{
    if (index < v.len && !x07_borrow_holds(rt, v.ptr + index, 1))
        return 0;
    return x07_view_get_u8(rt, v, index, at);
}

static inline uint32_t
x07_checked_read_u32_le(x07_rt *rt, x07_view b, uint32_t start)
{
    if (b.len >= 4 && start <= b.len - 4 && !x07_borrow_holds(rt, b.ptr + start, 4))
        return 0;
    return x07_codec_read_u32_le(rt, b, start);
}

static inline uint32_t
x07_checked_eq(x07_rt *rt, x07_view a, x07_view b)
{
    uint32_t hold = x07_borrow_holds(rt, a.ptr, a.len) & x07_borrow_holds(rt, b.ptr, b.len);

    return hold ? x07_view_eq(rt, a, b) : 0;
}

static inline uint32_t
x07_checked_cmp_range(x07_rt *rt, x07_view a, uint32_t a_start, uint32_t a_len, x07_view b, uint32_t b_start,
                      uint32_t b_len)
{
    uint32_t hold = x07_borrow_holds(rt, a.ptr, a.len) & x07_borrow_holds(rt, b.ptr, b.len);

    return hold ? x07_view_cmp_range(rt, a, a_start, a_len, b, b_start, b_len) : 0;
}

static inline x07_bytes
x07_checked_to_bytes(x07_rt *rt, x07_view v)
{
    x07_borrow_holds(rt, v.ptr, v.len);
    return x07_view_to_bytes(rt, v);
}

/* A view that a head without a checked form of its own is about to read. */
static inline x07_view
x07_watched(x07_rt *rt, x07_view v)
{
    x07_borrow_holds(rt, v.ptr, v.len);
    return v;
}

#define x07_view_get_u8 x07_checked_get_u8
#define x07_codec_read_u32_le x07_checked_read_u32_le
#define x07_view_eq x07_checked_eq
#define x07_view_cmp_range x07_checked_cmp_range
#define x07_view_to_bytes x07_checked_to_bytes

#endif
