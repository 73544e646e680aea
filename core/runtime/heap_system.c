/* heap_system.c: arenas that the operating system gives. Apart from heap.c, so that programs that are given
 * their arena need no system at all. */
#include "heap.h"

#include <stddef.h>
#include <sys/mman.h>

enum { SMALL_PAGES = 1 << 20 };

/* Programs with much data run faster on large pages; those with little are not to pay for clearing one, so
 * the beginning of the heap has small ones until more is expected. */
static void
prefer_large_pages(uint8_t *base, uint64_t size, uint64_t from)
{
    if (size > from)
        madvise(base + from, size - from, MADV_HUGEPAGE);
}

void
rt_heap_expect(const struct heap *heap, uint64_t bytes)
{
    if (bytes >= SMALL_PAGES)
        prefer_large_pages(heap->base, (uint64_t)heap->units * HEAP_UNIT, 0);
}

enum heap_status
rt_heap_open(struct heap *heap, uint64_t size)
{
    uint64_t units = size / HEAP_UNIT;

    if (units > UINT32_MAX / HEAP_UNIT)
        units = UINT32_MAX / HEAP_UNIT;
    *heap = (struct heap){0};
    if (units < 2)
        return HEAP_TOO_SMALL;
    void *base = mmap(NULL, units * HEAP_UNIT, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return HEAP_NO_MEMORY;
    prefer_large_pages(base, units * HEAP_UNIT, SMALL_PAGES);
    rt_heap_place(heap, base, units * HEAP_UNIT);
    heap->touched = 0; /* fresh pages are zero */
    return HEAP_OK;
}

void
rt_heap_close(struct heap *heap)
{
    if (!heap->base)
        return;
    rt_heap_leave(heap);
    munmap(heap->base, (uint64_t)heap->units * HEAP_UNIT);
    heap->base = NULL;
}
