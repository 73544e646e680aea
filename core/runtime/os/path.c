/* path.c: see path.h. */
#include "path.h"

#include "../utf8.h"

#include <stdlib.h>

/* The next segment; false at the end. `*rest` moves on. */
static bool
next_segment(x07_view *rest, x07_view *segment)
{
    if (!rest->ptr)
        return false;
    const uint8_t *slash = memchr(rest->ptr, '/', rest->len);
    uint32_t len = slash ? (uint32_t)(slash - rest->ptr) : rest->len;

    *segment = (x07_view){rest->ptr, len};
    *rest = slash ? (x07_view){slash + 1, rest->len - len - 1} : (x07_view){NULL, 0};
    return true;
}

static bool
segment_is(x07_view segment, const char *text)
{
    return segment.len == strlen(text) && !memcmp(segment.ptr, text, segment.len);
}

static bool
has_foreign_bytes(x07_view path)
{
    return memchr(path.ptr, 0, path.len) || memchr(path.ptr, '\\', path.len);
}

bool
rt_path_is_safe(x07_view path)
{
    static const char reserved[] = ".x07_";
    x07_view segment;

    if (has_foreign_bytes(path))
        return false;
    while (next_segment(&path, &segment))
        if (!segment.len || segment_is(segment, ".") || segment_is(segment, "..") ||
            (segment.len >= strlen(reserved) && !memcmp(segment.ptr, reserved, strlen(reserved))))
            return false;
    return true;
}

bool
rt_path_is_hidden(x07_view path)
{
    x07_view segment;

    while (next_segment(&path, &segment))
        if (segment.len && segment.ptr[0] == '.')
            return true;
    return false;
}

char *
rt_path_clean(x07_rt *rt, x07_view path)
{
    char *clean, *to;
    x07_view segment;

    if (has_foreign_bytes(path) || !utf8_is_valid(path.ptr, path.len))
        return NULL;
    clean = to = rt_os_alloc(rt, (size_t)path.len + 1);
    while (next_segment(&path, &segment)) {
        if (!segment.len || segment_is(segment, "..")) {
            free(clean);
            return NULL;
        }
        if (segment_is(segment, "."))
            continue;
        if (to > clean)
            *to++ = '/';
        memcpy(to, segment.ptr, segment.len);
        to += segment.len;
    }
    *to = '\0';
    if (to > clean)
        return clean;
    free(clean);
    return NULL;
}

void *
rt_os_alloc(x07_rt *rt, size_t size)
{
    void *memory = malloc(size ? size : 1);

    if (!memory)
        x07_trap(rt, "out of memory");
    return memory;
}

char *
rt_os_text(x07_rt *rt, const char *text, size_t len)
{
    char *copy = rt_os_alloc(rt, len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *
rt_path_join(x07_rt *rt, const char *first, const char *rest)
{
    size_t len = strlen(first);
    bool slash = len && first[len - 1] != '/';
    char *joined = rt_os_alloc(rt, len + strlen(rest) + 2);

    memcpy(joined, first, len);
    if (slash)
        joined[len++] = '/';
    strcpy(joined + len, rest);
    return joined;
}
