/* document.h: numbers in documents of bytes, and the document that says no more than an error code. */
#ifndef RUNTIME_OS_DOCUMENT_H
#define RUNTIME_OS_DOCUMENT_H

#include "../x07rt.h"

static inline void
document_put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static inline uint32_t
document_u32(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* 0, u32 code, u32 0. */
static inline x07_bytes
rt_error_document(x07_rt *rt, uint32_t code)
{
    x07_bytes out = x07_bytes_alloc(rt, 9);

    document_put_u32(out.ptr + 1, code);
    return out;
}

#endif
