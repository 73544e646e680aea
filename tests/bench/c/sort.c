/* sort.c: heapsort of the input's bytes. */
#include "frame.h"

static void
sift_down(uint8_t *heap, uint32_t root, uint32_t end)
{
    uint8_t moving = heap[root];

    for (uint32_t child = root * 2 + 1; child < end; child = root * 2 + 1) {
        uint32_t right = child + 1;
        if (right < end)
            child += heap[child] < heap[right];
        uint8_t largest = heap[child];
        if (moving >= largest)
            break;
        heap[root] = largest;
        root = child;
    }
    heap[root] = moving;
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    uint8_t *heap = large_alloc(n);
    uint32_t half = n / 2;

    memcpy(heap, input, n);
    for (uint32_t i = 0; i < half; i++)
        sift_down(heap, half - i - 1, n);
    for (uint32_t done = 1; done < n; done++) {
        uint32_t last = n - done;
        uint8_t top = heap[0];
        heap[0] = heap[last];
        heap[last] = top;
        sift_down(heap, 0, last);
    }

    frame_write(heap, n);
    free(heap);
    free(input);
    return 0;
}
