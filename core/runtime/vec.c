/* vec.c: vec_u8, the parts that are not inline. */
#include "internal.h"

static x07_vec
set_cap(x07_rt *rt, x07_vec v, uint32_t cap)
{
    v.ptr = rt_memory_grow(rt, v.ptr, v.cap, v.len, cap);
    v.cap = cap;
    return v;
}

/* Doubles the capacity until it holds `needed`. */
static x07_vec
make_room(x07_rt *rt, x07_vec v, uint32_t needed)
{
    uint64_t cap = v.cap ? v.cap : 1;

    if (needed <= v.cap)
        return v;
    while (cap < needed)
        cap *= 2;
    return set_cap(rt, v, cap > UINT32_MAX ? needed : (uint32_t)cap);
}

x07_vec
x07_vec_u8_with_capacity(x07_rt *rt, uint32_t cap)
{
    return (x07_vec){rt_memory_take(rt, cap), 0, cap};
}

x07_vec
x07_vec_u8_room_for_one(x07_rt *rt, x07_vec v)
{
    if (v.len == UINT32_MAX)
        x07_trap(rt, "out of memory");
    return make_room(rt, v, v.len + 1);
}

x07_vec
x07_vec_u8_reserve_exact(x07_rt *rt, x07_vec v, uint32_t additional)
{
    if (additional > UINT32_MAX - v.len)
        x07_trap(rt, "vec_u8.reserve_exact overflow");
    return v.len + additional > v.cap ? set_cap(rt, v, v.len + additional) : v;
}

x07_vec
x07_vec_u8_extend_zeroes(x07_rt *rt, x07_vec v, uint32_t n)
{
    if (n > UINT32_MAX - v.len)
        x07_trap(rt, "vec_u8.extend_zeroes overflow");
    v = make_room(rt, v, v.len + n);
    memset(v.ptr + v.len, 0, n);
    v.len += n;
    return v;
}

/* The bytes may be a view of the vector itself, which growth can move: then they are found again in the new
 * place. */
static X07_COLD x07_vec
extend_grown(x07_rt *rt, x07_vec v, x07_view b)
{
    if (b.len > UINT32_MAX - v.len)
        x07_trap(rt, "vec_u8.extend_bytes overflow");
    bool own = v.len && (uintptr_t)b.ptr - (uintptr_t)v.ptr < v.len;
    size_t own_start = own ? (size_t)(b.ptr - v.ptr) : 0;
    v = make_room(rt, v, v.len + b.len);
    rt_memory_copy(rt, v.ptr + v.len, own ? v.ptr + own_start : b.ptr, b.len);
    v.len += b.len;
    return v;
}

static inline x07_vec
extend(x07_rt *rt, x07_vec v, x07_view b)
{
    if (X07_UNLIKELY(b.len > v.cap - v.len))
        return extend_grown(rt, v, b);
    memcpy(v.ptr + v.len, b.ptr, b.len);
    runtime_of(rt)->figures.bytes_copied += b.len;
    v.len += b.len;
    return v;
}

x07_vec
x07_vec_u8_extend_bytes(x07_rt *rt, x07_vec v, x07_view b)
{
    return extend(rt, v, b);
}

x07_vec
x07_vec_u8_extend_bytes_range(x07_rt *rt, x07_vec v, x07_view b, uint32_t start, uint32_t len)
{
    if (start > b.len || len > b.len - start)
        x07_trap(rt, "vec_u8.extend_bytes_range oob");
    return extend(rt, v, (x07_view){b.ptr + start, len});
}

x07_bytes
x07_vec_u8_into_bytes(x07_rt *rt, x07_vec v)
{
    if (v.len)
        return (x07_bytes){v.ptr, v.len};
    x07_drop_vec(rt, v);
    return X07_EMPTY_BYTES;
}
