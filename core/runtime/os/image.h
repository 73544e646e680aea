/* image.h: a whole file in memory of malloc's, outside the program's figures. */
#ifndef RUNTIME_OS_IMAGE_H
#define RUNTIME_OS_IMAGE_H

#include "document.h"

#include <stdbool.h>

struct image {
    uint8_t *data; /* free it; NULL: nothing was read */
    uint32_t size;
};

/* Why a file could not be read. */
enum image_fault { IMAGE_WHOLE, IMAGE_NO_SIZE, IMAGE_TOO_LARGE, IMAGE_SHORT };

/* Reads what `fd` names, and closes it. On a fault nothing is kept. Traps `out of memory`. */
enum image_fault rt_image_read(x07_rt *rt, int fd, uint32_t limit, struct image *image);

/* A walk through bytes. */
struct walk {
    const uint8_t *at, *end;
};

/* The next `count` bytes, or NULL when there are not as many. */
static inline const uint8_t *
walk_take(struct walk *walk, uint32_t count)
{
    const uint8_t *taken = walk->at;

    if (count > (size_t)(walk->end - walk->at))
        return NULL;
    walk->at += count;
    return taken;
}

/* A little-endian number. False, and 0: there are not enough bytes. */
static inline bool
walk_u32(struct walk *walk, uint32_t *value)
{
    const uint8_t *from = walk_take(walk, 4);

    *value = from ? document_u32(from) : 0;
    return from;
}

/* A length and as many bytes. */
static inline bool
walk_text(struct walk *walk, x07_view *text)
{
    uint32_t len;

    if (!walk_u32(walk, &len) || !(text->ptr = walk_take(walk, len)))
        return false;
    text->len = len;
    return true;
}

static inline bool
view_is(x07_view a, x07_view b)
{
    return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
}

#endif
