/* run_length.c: run-length encoding into (length, byte) pairs, in a buffer that grows by doubling. */
#include "frame.h"

struct buffer {
    uint8_t *bytes;
    uint32_t len, cap;
};

static inline void
push(struct buffer *buffer, uint8_t byte)
{
    if (buffer->len == buffer->cap) {
        buffer->cap *= 2;
        buffer->bytes = realloc(buffer->bytes, buffer->cap);
        if (buffer->bytes == NULL)
            frame_fail("out of memory");
    }
    buffer->bytes[buffer->len++] = byte;
}

int
main(void)
{
    uint32_t n;
    uint8_t *input = frame_read(&n);
    struct buffer out = {.bytes = malloc(1024), .cap = 1024};
    uint32_t length = 0;
    uint8_t current = 0;

    if (out.bytes == NULL)
        frame_fail("out of memory");
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
