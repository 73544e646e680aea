/* pointer.c: raw memory; see x07rt_pointer.h. Length 0 allows null pointers, which C's own functions do not.
 */
#include "x07rt_pointer.h"

#include "internal.h"

uint32_t
x07_memcpy(x07_rt *rt, void *to, const void *from, uint32_t len)
{
    if (len)
        rt_memory_copy(rt, to, from, len);
    return 0;
}

uint32_t
x07_memmove(x07_rt *rt, void *to, const void *from, uint32_t len)
{
    if (len)
        memmove(to, from, len);
    rt_memory_count_copy(rt, len);
    return 0;
}

uint32_t
x07_memset(x07_rt *rt, void *to, uint32_t x, uint32_t len)
{
    (void)rt;
    if (len)
        memset(to, (int)(x & 255), len);
    return 0;
}
