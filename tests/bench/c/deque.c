/* deque.c: a queue in a ring that grows: every word goes in, three of four take one out. */
#include "words.h"

struct deque {
    uint32_t *slots, len, head, capacity;
};

static void
push(struct deque *queue, uint32_t x)
{
    if (queue->len == queue->capacity) {
        uint32_t *grown = words_new(2 * queue->capacity);
        uint32_t first = queue->capacity - queue->head;

        memcpy(grown, queue->slots + queue->head, first * sizeof *grown);
        memcpy(grown + first, queue->slots, (queue->len - first) * sizeof *grown);
        free(queue->slots);
        *queue = (struct deque){grown, queue->len, 0, 2 * queue->capacity};
    }
    uint32_t slot = queue->head + queue->len++;
    queue->slots[slot < queue->capacity ? slot : slot - queue->capacity] = x;
}

static uint32_t
pop(struct deque *queue)
{
    uint32_t x = queue->slots[queue->head];

    queue->head = queue->head + 1 < queue->capacity ? queue->head + 1 : 0;
    queue->len--;
    return x;
}

int
main(void)
{
    uint32_t n, mix = 0;
    uint8_t *input = frame_read(&n);
    struct deque queue = {words_new(1), 0, 0, 1};

    for (uint32_t i = 0; i < n / 4; i++) {
        uint32_t x = load_u32(input + 4 * (size_t)i);

        push(&queue, x);
        if (x & 3)
            mix = mix * 31 + pop(&queue);
    }
    words_answer(queue.len, mix);
    return 0;
}
