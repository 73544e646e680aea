/* url.c: see url.h. */
#include "package/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The part of a URL that is being read. */
struct reading {
    struct arena *arena;
    struct text *message;
};

static bool
fail(const struct reading *reading, const char *text)
{
    text_puts(reading->message, text);
    return false;
}

static char *
lower(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_copy(arena, text, len);

    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static bool
has_bad_character(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c <= ' ' || *c == '\\' || *c == '?' || *c == '#' || *c >= 0x7f)
            return true;
    return false;
}

static bool
read_scheme(const struct reading *reading, const char **at, struct url *url)
{
    size_t len = 0;

    while (isalnum((unsigned char)(*at)[len]) || (len && strchr("+-.", (*at)[len]) && (*at)[len]))
        len++;
    if (!len || !isalpha((unsigned char)**at) || strncmp(*at + len, "://", 3) != 0)
        return fail(reading, "relative URL without a base");
    url->scheme = lower(reading->arena, *at, len);
    *at += len + 3;
    return true;
}

static bool
is_host(const char *host)
{
    size_t len = strlen(host);

    if (host[0] == '[')
        return len > 2 && strspn(host + 1, "0123456789abcdef:.") == len - 2 && host[len - 1] == ']';
    return len && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

/* "host", "host:port"; the default port of the scheme is left out. */
static bool
read_authority(const struct reading *reading, const char *text, size_t len, struct url *url)
{
    const char *end = text + len;
    const char *bracket = memchr(text, ']', len);
    const char *colon = memchr(bracket ? bracket : text, ':', (size_t)(end - (bracket ? bracket : text)));
    const char *host = lower(reading->arena, text, colon ? (size_t)(colon - text) : len);
    const char *known = strcmp(url->scheme, "https") == 0  ? "443"
                        : strcmp(url->scheme, "http") == 0 ? "80"
                                                           : "";

    if (memchr(text, '@', len))
        return fail(reading, "user names are not supported");
    if (!len && strcmp(url->scheme, "file") == 0) {
        url->origin = "file://";
        return true;
    }
    if (!*host)
        return fail(reading, "empty host");
    if (!is_host(host))
        return fail(reading, "invalid domain character");
    const char *port = colon ? arena_copy(reading->arena, colon + 1, (size_t)(end - colon - 1)) : "";
    while (port[0] == '0' && port[1])
        port++;
    if (strspn(port, "0123456789") != strlen(port) || strlen(port) > 5 || atol(port) > 65535)
        return fail(reading, "invalid port number");
    bool shown = *port && strcmp(port, known) != 0;
    url->origin =
        arena_printf(reading->arena, "%s://%s%s%s", url->scheme, host, shown ? ":" : "", shown ? port : "");
    return true;
}

/* 1 for ".", 2 for "..", else 0; '.' may be escaped. */
static int
dots(const char *segment, size_t len)
{
    int count = 0;

    while (len) {
        size_t width = *segment == '.' ? 1 : len >= 3 && strncasecmp(segment, "%2e", 3) == 0 ? 3 : 0;
        if (!width || ++count > 2)
            return 0;
        segment += width;
        len -= width;
    }
    return count;
}

/* Without "." and ".." segments, which are resolved. */
static const char *
normal_path(struct arena *arena, const char *path)
{
    struct text out = {0};

    while (*path == '/') {
        size_t len = strcspn(++path, "/");
        int count = dots(path, len);
        if (count == 2) {
            while (out.len && out.data[--out.len] != '/')
                ;
        }
        if (!count) {
            text_putc(&out, '/');
            text_append(&out, path, len);
        } else if (!path[len]) {
            text_putc(&out, '/');
        }
        path += len;
    }
    const char *result = arena_copy(arena, out.len ? out.data : "/", out.len ? out.len : 1);
    text_free(&out);
    return result;
}

bool
url_read(struct arena *arena, const char *text, struct url *url, struct text *message)
{
    struct reading reading = {arena, message};
    const char *at = text;

    *url = (struct url){0};
    if (!read_scheme(&reading, &at, url))
        return false;
    if (has_bad_character(at))
        return fail(&reading, "only a host and a path in printable ASCII are supported");
    size_t authority = strcspn(at, "/");
    if (!read_authority(&reading, at, authority, url))
        return false;
    url->path = normal_path(arena, at + authority);
    url->text = arena_printf(arena, "%s%s", url->origin, url->path);
    return true;
}

void
url_append_escaped(struct text *text, const char *segment)
{
    for (const unsigned char *c = (const unsigned char *)segment; *c; c++) {
        if (*c < 0x80 && (isalnum(*c) || strchr("-._~+", *c)))
            text_putc(text, (char)*c);
        else
            text_printf(text, "%%%02X", *c);
    }
}

static int
hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

const char *
url_file_path(struct arena *arena, const struct url *url)
{
    char *out = arena_copy(arena, url->path, strlen(url->path)), *to = out;

    for (const char *c = out; *c; c++) {
        if (*c != '%') {
            *to++ = *c;
            continue;
        }
        if (!isxdigit((unsigned char)c[1]) || !isxdigit((unsigned char)c[2]))
            return NULL;
        *to = (char)(hex_value(c[1]) * 16 + hex_value(c[2]));
        if (!*to++)
            return NULL;
        c += 2;
    }
    *to = '\0';
    return out;
}
