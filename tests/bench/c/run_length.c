/* run_length.c: run-length encoding into (length, byte) pairs, in a buffer that grows by doubling. */
#include "frame.h"

struct buffer {
    uint8_t *bytes;
    uint32_t len, cap;
};

static void
grow(struct buffer *buffer)
{
    uint8_t *bytes = large_alloc((size_t)buffer->cap * 2);

    memcpy(bytes, buffer->bytes, buffer->len);
    free(buffer->bytes);
    buffer->bytes = bytes;
    buffer->cap *= 2;
}

static inline void
push(struct buffer *buffer, uint8_t byte)
{
    if (buffer->len == buffer->cap)
        grow(buffer);
    buffer->bytes[buffer->len++] = byte;
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    struct buffer out = {.bytes = large_alloc(1024), .cap = 1024};
    uint32_t length = 0;
    uint8_t current = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = input[i];
        if (c == current && length < 255) {
            length++;
        } else {
            if (length) {
                push(&out, (uint8_t)length);
                push(&out, current);
            }
            current = c;
            length = 1;
        }
    }
    if (length) {
        push(&out, (uint8_t)length);
        push(&out, current);
    }

    frame_write(out.bytes, out.len);
    free(out.bytes);
    free(input);
    return 0;
}
