/* latency.c: see latency.h. A file is X7FL or X7KL, u16 1, u16 0, u32 default, u32 count, and for each name
 * u32 length, the name, u32 ticks. */
#include "latency.h"

#include "../internal.h"
#include "image.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER_SIZE = 16, VERSION = 1, TRAP_TEXT = 64 };

enum kind { FILES, KEYS, KINDS };

static const struct {
    const char *path, *magic, *traps, *name; /* what the traps begin with, and call a name */
} kinds[KINDS] = {
    [FILES] = {".x07_fs/latency.evfslat", "X7FL", "fs latency", "path"},
    [KEYS] = {".x07_kv/latency.evkvlat", "X7KL", "kv latency", "key"},
};

struct index {
    bool known; /* that there is a file, or none */
    struct image image;
};

static _Noreturn void
refuse(x07_rt *rt, enum kind kind, const char *what, const char *suffix)
{
    char text[TRAP_TEXT];

    snprintf(text, sizeof text, "%s %s%s", kinds[kind].traps, what, suffix);
    x07_trap(rt, text);
}

static void
indexes_release(void *data)
{
    struct index *indexes = data;

    for (int kind = 0; kind < KINDS; kind++)
        free(indexes[kind].image.data);
    free(indexes);
}

/* Walks the entries; the ticks of `name`, or the default's. Without a name all entries are looked at. */
static uint32_t
index_find(x07_rt *rt, enum kind kind, const struct image *image, const x07_view *name)
{
    struct walk walk = {image->data + 8, image->data + image->size};
    uint32_t ticks, otherwise, count, len;
    const uint8_t *found;

    walk_u32(&walk, &otherwise);
    walk_u32(&walk, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!walk_u32(&walk, &len))
            refuse(rt, kind, kind == FILES ? "truncated path_len" : "truncated key_len", "");
        if (!(found = walk_take(&walk, len)))
            refuse(rt, kind, "truncated ", kinds[kind].name);
        if (!walk_u32(&walk, &ticks))
            refuse(rt, kind, "truncated ticks", "");
        if (name && view_is((x07_view){found, len}, *name))
            return ticks;
    }
    if (walk.at != walk.end)
        refuse(rt, kind, "trailing bytes", "");
    return otherwise;
}

static void
index_check(x07_rt *rt, enum kind kind, const struct image *image)
{
    if (image->size < HEADER_SIZE)
        refuse(rt, kind, "too short", "");
    if (memcmp(image->data, kinds[kind].magic, 4) != 0)
        refuse(rt, kind, "bad magic", "");
    if ((image->data[4] | image->data[5] << 8) != VERSION)
        refuse(rt, kind, "bad version", "");
    index_find(rt, kind, image, NULL);
}

static void
index_read(x07_rt *rt, enum kind kind, struct image *image)
{
    static const char *const faults[] = {NULL, "tell failed", "too large", "short read"};
    int fd = open(kinds[kind].path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    enum image_fault fault = rt_image_read(rt, fd, INT32_MAX, image);
    if (fault != IMAGE_WHOLE)
        refuse(rt, kind, faults[fault], "");
    index_check(rt, kind, image);
}

static uint32_t
latency(x07_rt *rt, enum kind kind, x07_view name)
{
    struct native_state *state = &runtime_of(rt)->latencies;

    if (!state->data)
        *state = (struct native_state){calloc(KINDS, sizeof(struct index)), indexes_release};
    if (!state->data)
        x07_trap(rt, "out of memory");
    struct index *index = (struct index *)state->data + kind;
    if (!index->known)
        index_read(rt, kind, &index->image);
    index->known = true;
    return index->image.data ? index_find(rt, kind, &index->image, &name) : 0;
}

uint32_t
rt_fs_latency(x07_rt *rt, x07_view path)
{
    return latency(rt, FILES, path);
}

uint32_t
rt_kv_latency(x07_rt *rt, x07_view key)
{
    return latency(rt, KEYS, key);
}
