/* bytes.c: bytes and views: making, copying, comparing. */
#include "internal.h"

void
x07_free(x07_rt *rt, uint8_t *memory)
{
    rt_memory_free(rt, memory);
}

uint8_t *
x07_zeroed(x07_rt *rt, uint32_t len)
{
    return rt_memory_take_zeroed(rt, len);
}

x07_bytes
x07___internal_bytes_alloc_aligned_v1(x07_rt *rt, uint32_t len, uint32_t align)
{
    if (align & (align - 1))
        x07_trap(rt, "bytes.alloc_aligned align must be power of two");
    if (!align)
        x07_trap(rt, "alloc align=0");
    if (align > HEAP_UNIT)
        x07_trap(rt, "alloc align too large");
    return x07_bytes_alloc(rt, len);
}

x07_bytes
x07_bytes1(x07_rt *rt, uint32_t x, const char *at)
{
    (void)at; /* a single byte is never out of bounds */
    uint8_t *byte = rt_memory_take(rt, 1);

    *byte = (uint8_t)x;
    return (x07_bytes){byte, 1};
}

x07_bytes
x07_view_to_bytes(x07_rt *rt, x07_view v)
{
    x07_bytes copy = {rt_memory_take(rt, v.len), v.len};

    rt_memory_copy(rt, copy.ptr, v.ptr, v.len);
    return copy;
}

x07_bytes
x07_bytes_lit(x07_rt *rt, const char *data, uint32_t len)
{
    return x07_view_to_bytes(rt, x07_view_lit(data, len));
}

x07_bytes
x07_bytes_slice(x07_rt *rt, x07_view b, uint32_t start, uint32_t len, const char *at)
{
    return x07_view_to_bytes(rt, x07_view_slice(rt, b, start, len, at));
}

x07_bytes
x07_bytes_copy_views(x07_rt *rt, x07_view src, x07_bytes dst)
{
    if (src.len > dst.len)
        x07_trap(rt, "bytes.copy dst too small");
    rt_memory_copy(rt, dst.ptr, src.ptr, src.len);
    return dst;
}

x07_bytes
x07_bytes_copy(x07_rt *rt, x07_bytes src, x07_bytes dst)
{
    x07_bytes_copy_views(rt, x07_view_of(src), dst);
    x07_drop_bytes(rt, src);
    return dst;
}

x07_bytes
x07_bytes_concat_views(x07_rt *rt, x07_view a, x07_view b)
{
    if (b.len > UINT32_MAX - a.len)
        x07_trap(rt, "bytes.concat overflow");
    x07_bytes both = {rt_memory_take(rt, a.len + b.len), a.len + b.len};
    rt_memory_copy(rt, both.ptr, a.ptr, a.len);
    rt_memory_copy(rt, both.ptr + a.len, b.ptr, b.len);
    return both;
}

x07_bytes
x07_bytes_concat(x07_rt *rt, x07_bytes a, x07_bytes b)
{
    x07_bytes both = x07_bytes_concat_views(rt, x07_view_of(a), x07_view_of(b));

    x07_drop_bytes(rt, a);
    x07_drop_bytes(rt, b);
    return both;
}

static uint32_t
sample(uint8_t *to, x07_view from)
{
    memcpy(to, from.ptr, from.len < COMPARISON_SAMPLE ? from.len : COMPARISON_SAMPLE);
    return from.len;
}

uint32_t
x07_view_eq(x07_rt *rt, x07_view a, x07_view b)
{
    struct comparison *last = &runtime_of(rt)->comparison;

    last->mismatch = a.len != b.len || memcmp(a.ptr, b.ptr, a.len) != 0;
    if (!last->mismatch)
        return 1;
    last->left_len = sample(last->left, a);
    last->right_len = sample(last->right, b);
    return 0;
}

static bool
range_within(x07_view v, uint32_t start, uint32_t len)
{
    return start <= v.len && len <= v.len - start;
}

uint32_t
x07_view_cmp_range(x07_rt *rt, x07_view a, uint32_t a_start, uint32_t a_len, x07_view b, uint32_t b_start,
                   uint32_t b_len)
{
    if (!range_within(a, a_start, a_len) || !range_within(b, b_start, b_len))
        x07_trap(rt, "view.cmp_range oob");
    int order = memcmp(a.ptr + a_start, b.ptr + b_start, a_len < b_len ? a_len : b_len);
    if (!order)
        order = (a_len > b_len) - (a_len < b_len);
    return order < 0 ? UINT32_MAX : order > 0;
}
