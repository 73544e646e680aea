/* heap.c: pushes all words on a binary heap and takes the least until it is empty. */
#include "words.h"

struct heap {
    uint32_t *slots, len, capacity;
};

static void
push(struct heap *heap, uint32_t x)
{
    if (heap->len == heap->capacity) {
        heap->slots = realloc(heap->slots, (heap->capacity *= 2) * sizeof *heap->slots);
        if (heap->slots == NULL)
            frame_fail("out of memory");
    }
    uint32_t hole = heap->len++;
    while (hole > 0 && x < heap->slots[(hole - 1) / 2]) {
        heap->slots[hole] = heap->slots[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap->slots[hole] = x;
}

static void
pop(struct heap *heap)
{
    uint32_t x = heap->slots[--heap->len], hole = 0;

    for (uint32_t child = 1; child < heap->len; child = 2 * hole + 1) {
        if (child + 1 < heap->len && heap->slots[child + 1] < heap->slots[child])
            child++;
        if (heap->slots[child] >= x)
            break;
        heap->slots[hole] = heap->slots[child];
        hole = child;
    }
    heap->slots[hole] = x;
}

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);
    struct heap heap = {words_new(1024), 0, 1024};

    for (uint32_t i = 0; i < n / 4; i++)
        push(&heap, load_u32(input + 4 * (size_t)i));
    for (uint32_t i = 0; i < n / 4; i++) {
        mix = mix * 31 + heap.slots[0];
        pop(&heap);
    }
    words_answer(heap.len, mix);
    return 0;
}
