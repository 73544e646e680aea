/* fuzz_frame.c: the input framing of compiled programs, fed from memory by a source that delivers in pieces
 * and may be interrupted or fail.
 *
 * The first byte of the input steers the source (its low bits: the size of the pieces, 0 for all at once; bit
 * 6: is interrupted before every piece; bit 7: fails instead of ending), the rest is the stream. */
#include "runtime/frame.h"
#include "runtime/heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 1 << 16, PIECE = 0x3f, INTERRUPTED = 0x40, FAILS = 0x80 };

struct stream {
    const uint8_t *data;
    size_t left, piece;
    int how, interrupted;
};

static ssize_t
deliver(void *context, void *to, size_t max)
{
    struct stream *stream = context;
    size_t n = stream->left < max ? stream->left : max;

    if ((stream->how & INTERRUPTED) && (stream->interrupted = !stream->interrupted)) {
        errno = EINTR;
        return -1;
    }
    if (!stream->left && (stream->how & FAILS)) {
        errno = EIO;
        return -1;
    }
    if (stream->piece && n > stream->piece)
        n = stream->piece;
    memcpy(to, stream->data, n);
    stream->data += n;
    stream->left -= n;
    return (ssize_t)n;
}

static void
demand(int condition)
{
    if (!condition)
        abort();
}

static uint32_t
expected_length(const uint8_t *data)
{
    uint32_t len = 0;

    for (int i = 3; i >= 0; i--)
        len = len << 8 | data[i];
    return len;
}

/* What the frame should be, found in the simplest way. */
static void
check(struct heap *heap, const uint8_t *data, size_t size, struct stream *stream)
{
    struct frame_source source = {deliver, stream};
    uint32_t len;

    if (!rt_frame_read_length(&source, &len)) {
        demand(size < 4);
        return;
    }
    demand(size >= 4 && len == expected_length(data));
    demand(stream->left == size - 4);
    uint8_t *payload = len ? rt_heap_take(heap, len) : NULL;
    if (!payload) {
        demand(!len || len > ARENA - 16);
        return;
    }
    int whole = rt_frame_read_payload(&source, payload, len);
    demand(whole == (len <= size - 4));
    demand(!whole || (memcmp(payload, data + 4, len) == 0 && stream->left == size - 4 - len));
    demand(rt_heap_give(heap, payload));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap heap;

    if (!size)
        return 0;
    struct stream stream = {.data = data + 1, .left = size - 1, .piece = data[0] & PIECE, .how = data[0]};
    demand(rt_heap_open(&heap, ARENA) == HEAP_OK);
    check(&heap, data + 1, size - 1, &stream);
    rt_heap_close(&heap);
    return 0;
}
