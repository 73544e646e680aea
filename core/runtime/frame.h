/* frame.h: how input and output travel: a 32-bit little-endian length, then that many bytes. Knows nothing of
 * the runtime. Not thread-safe; nothing is kept. */
#ifndef RUNTIME_FRAME_H
#define RUNTIME_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where a frame comes from. `read` is as read(2): how many bytes, 0 at the end, -1 and errno on an error. */
struct frame_source {
    ssize_t (*read)(void *context, void *to, size_t max);
    void *context;
};

/* A source that reads a file descriptor, which must outlive it. */
struct frame_source rt_frame_source_fd(const int *fd);

/* Each returns false when the source ends or fails first. Nothing beyond the frame is read. */
bool rt_frame_read_length(const struct frame_source *source, uint32_t *len);
bool rt_frame_read_payload(const struct frame_source *source, uint8_t *payload, uint32_t len);

/* Writes a frame whose payload is `payload` followed by `extra`; false when not all of it could be written.
 */
bool rt_frame_write(int fd, const uint8_t *payload, uint32_t len, const uint8_t *extra, uint32_t extra_len);

#endif
