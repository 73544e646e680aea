/* x07rt_pointer.h: raw pointers and raw memory, included by programs that use them; see x07rt.h for the rules
 * that all calls share. Pointers are not checked: what a program does wrong with them is undefined. Bytes
 * that are copied count in memcpy_bytes. */
#ifndef X07RT_POINTER_H
#define X07RT_POINTER_H

#include "x07rt.h"

/* A number of bytes further, for null pointers too. */
static inline void *
x07_ptr_move(const void *p, int64_t bytes)
{
    return (void *)((uintptr_t)p + (uintptr_t)bytes);
}

static inline uint32_t
x07_ptr_read_u8(x07_rt *rt, const uint8_t *p)
{
    (void)rt;
    return *p;
}

static inline uint32_t
x07_ptr_write_u8(x07_rt *rt, uint8_t *p, uint32_t x)
{
    (void)rt;
    *p = (uint8_t)x;
    return 0;
}

/* Words may lie anywhere and be parts of objects of other types. */
static inline uint32_t
x07_ptr_read_i32(x07_rt *rt, const void *p)
{
    uint32_t x;

    (void)rt;
    memcpy(&x, p, sizeof x);
    return x;
}

static inline uint32_t
x07_ptr_write_i32(x07_rt *rt, void *p, uint32_t x)
{
    (void)rt;
    memcpy(p, &x, sizeof x);
    return 0;
}

uint32_t x07_memcpy(x07_rt *rt, void *to, const void *from, uint32_t len);
uint32_t x07_memmove(x07_rt *rt, void *to, const void *from, uint32_t len);
uint32_t x07_memset(x07_rt *rt, void *to, uint32_t x, uint32_t len);

#endif
