/* frame.c: see frame.h. */
#include "frame.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LENGTH_SIZE = 4 };

static ssize_t
read_fd(void *context, void *to, size_t max)
{
    return read(*(const int *)context, to, max);
}

struct frame_source
rt_frame_source_fd(const int *fd)
{
    return (struct frame_source){read_fd, (void *)(uintptr_t)fd};
}

static bool
read_all(const struct frame_source *source, uint8_t *to, size_t len)
{
    while (len) {
        ssize_t n = source->read(source->context, to, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        to += n;
        len -= (size_t)n;
    }
    return true;
}

static uint32_t
get_length(const uint8_t *word)
{
    return (uint32_t)word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
}

bool
rt_frame_read_length(const struct frame_source *source, uint32_t *len)
{
    uint8_t word[LENGTH_SIZE];

    if (!read_all(source, word, sizeof word))
        return false;
    *len = get_length(word);
    return true;
}

bool
rt_frame_read_payload(const struct frame_source *source, uint8_t *payload, uint32_t len)
{
    return read_all(source, payload, len);
}

/* Moves past `n` bytes that were written. */
static void
skip(struct iovec *part, int count, size_t n)
{
    for (int i = 0; i < count; i++) {
        size_t step = n < part[i].iov_len ? n : part[i].iov_len;
        part[i].iov_base = (uint8_t *)part[i].iov_base + step;
        part[i].iov_len -= step;
        n -= step;
    }
}

bool
rt_frame_write(int fd, const uint8_t *payload, uint32_t len, const uint8_t *extra, uint32_t extra_len)
{
    uint32_t total = len + extra_len;
    uint8_t word[LENGTH_SIZE] = {(uint8_t)total, (uint8_t)(total >> 8), (uint8_t)(total >> 16),
                                 (uint8_t)(total >> 24)};
    struct iovec parts[] = {
        {word, sizeof word}, {(void *)(uintptr_t)payload, len}, {(void *)(uintptr_t)extra, extra_len}};

    for (uint64_t left = (uint64_t)total + sizeof word; left;) {
        ssize_t n = writev(fd, parts, 3);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        skip(parts, 3, (size_t)n);
        left -= (uint64_t)n;
    }
    return true;
}
