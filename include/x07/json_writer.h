/* x07/json_writer.h: writes the JSON layouts of x07's reports. Optional: a plugin may write JSON as it likes.
 *
 * Compact (no white space) or pretty (two spaces, one member or element per line, empty containers as {} and
 * []). Members appear in the order of the calls; a report whose keys are sorted is written in sorted order.
 * Strings must be valid UTF-8; escapes are \" \\ \b \f \n \r \t and \u00xx for other control characters.
 *
 * Memory comes from `host` (so the text may be handed over as a result), or from the C library when host is
 * NULL. Containers may be nested 64 deep. Not thread-safe. Everything here is compiled into its user.
 *
 *     x07_json json = {.host = host, .pretty = 1};
 *     x07_json_begin(&json, '{');
 *     x07_json_name(&json, "ok");
 *     x07_json_bool(&json, 1);
 *     x07_json_end(&json, '}');
 *     x07_json_line(&json);
 *     ... json.data, json.len ...
 *     x07_json_free(&json);
 *
 * Since ABI 1.0. */
#ifndef X07_JSON_WRITER_H
#define X07_JSON_WRITER_H

#include <x07/host.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Calls rather than copies: a report is a long row of them, and is not where time goes. */
#define X07_JSON_CALL __attribute__((noinline, unused))

/* Zero-initialise it and set host and pretty. */
typedef struct x07_json {
    const x07_host *host;
    uint32_t pretty;
    uint32_t depth;
    uint64_t filled;   /* bit N: the container at depth N has a member already */
    uint32_t has_name; /* the next value follows its name on the same line */
    uint32_t reserved;
    char *data; /* NUL-terminated once something was written */
    uint64_t len;
    uint64_t capacity;
} x07_json;

static inline void
x07_json_free(x07_json *json)
{
    if (json->host)
        json->host->release(json->host, json->data);
    else
        free(json->data);
    json->data = NULL;
    json->len = json->capacity = 0;
}

/* Makes room for `more` bytes. Worth a call before large values, so that they are not moved as they grow. */
static X07_JSON_CALL void
x07_json_reserve(x07_json *json, uint64_t more)
{
    uint64_t needed = json->len + more + 1;
    uint64_t capacity = json->capacity + json->capacity / 2 + 256;
    char *data;

    if (needed <= json->capacity)
        return;
    if (capacity < needed)
        capacity = needed;
    if (json->host) {
        data = (char *)json->host->alloc(json->host, capacity);
        if (json->len)
            memcpy(data, json->data, (size_t)json->len);
        json->host->release(json->host, json->data);
    } else {
        data = (char *)realloc(json->data, (size_t)capacity);
        if (!data)
            abort();
    }
    json->data = data;
    json->capacity = capacity;
}

/* Bytes as they are, without regard to layout. */
static X07_JSON_CALL void
x07_json_put(x07_json *json, const char *bytes, uint64_t count)
{
    x07_json_reserve(json, count);
    if (count)
        memcpy(json->data + json->len, bytes, (size_t)count);
    json->len += count;
    json->data[json->len] = '\0';
}

static inline void
x07_json_indent(x07_json *json)
{
    uint32_t i;

    if (!json->pretty)
        return;
    x07_json_put(json, "\n", 1);
    for (i = 0; i < json->depth; i++)
        x07_json_put(json, "  ", 2);
}

/* What goes before a name, an element or a top-level value. */
static X07_JSON_CALL void
x07_json_separate(x07_json *json)
{
    if (json->has_name) {
        json->has_name = 0;
        return;
    }
    if (!json->depth)
        return;
    if (json->filled >> (json->depth - 1) & 1)
        x07_json_put(json, ",", 1);
    json->filled |= (uint64_t)1 << (json->depth - 1);
    x07_json_indent(json);
}

/* '{' or '['. */
static X07_JSON_CALL void
x07_json_begin(x07_json *json, char bracket)
{
    x07_json_separate(json);
    x07_json_put(json, &bracket, 1);
    if (json->depth == 64)
        abort();
    json->depth++;
    json->filled &= ~((uint64_t)1 << (json->depth - 1));
}

/* '}' or ']'. */
static X07_JSON_CALL void
x07_json_end(x07_json *json, char bracket)
{
    uint64_t filled = json->filled >> (json->depth - 1) & 1;

    json->depth--;
    if (filled)
        x07_json_indent(json);
    x07_json_put(json, &bracket, 1);
}

static X07_JSON_CALL void
x07_json_quote(x07_json *json, const char *text, uint64_t count)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    uint64_t start = 0;
    uint64_t i;

    x07_json_put(json, "\"", 1);
    for (i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape[8];
        size_t pair;

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        x07_json_put(json, text + start, i - start);
        start = i + 1;
        snprintf(escape, sizeof escape, "\\u%04x", c);
        for (pair = 0; pair + 1 < sizeof shorts; pair += 2)
            if ((unsigned char)shorts[pair] == c) {
                escape[1] = shorts[pair + 1];
                escape[2] = '\0';
                break;
            }
        x07_json_put(json, escape, strlen(escape));
    }
    x07_json_put(json, text + start, count - start);
    x07_json_put(json, "\"", 1);
}

/* The name of the next member; its value must follow. */
static X07_JSON_CALL void
x07_json_name(x07_json *json, const char *name)
{
    x07_json_separate(json);
    x07_json_quote(json, name, strlen(name));
    x07_json_put(json, ": ", json->pretty ? 2 : 1);
    json->has_name = 1;
}

static inline void
x07_json_string_n(x07_json *json, const char *text, uint64_t count)
{
    x07_json_separate(json);
    x07_json_quote(json, text, count);
}

/* A text that is itself JSON, e.g. "null". It is not laid out anew. */
static X07_JSON_CALL void
x07_json_raw(x07_json *json, const char *text, uint64_t count)
{
    x07_json_separate(json);
    x07_json_put(json, text, count);
}

static inline void
x07_json_null(x07_json *json)
{
    x07_json_raw(json, "null", 4);
}

/* NULL gives null. */
static X07_JSON_CALL void
x07_json_string(x07_json *json, const char *text)
{
    if (text)
        x07_json_string_n(json, text, strlen(text));
    else
        x07_json_null(json);
}

static inline void
x07_json_bool(x07_json *json, int value)
{
    x07_json_raw(json, value ? "true" : "false", value ? 4 : 5);
}

static X07_JSON_CALL void
x07_json_int(x07_json *json, int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRId64, value);
    x07_json_raw(json, digits, strlen(digits));
}

static X07_JSON_CALL void
x07_json_uint(x07_json *json, uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRIu64, value);
    x07_json_raw(json, digits, strlen(digits));
}

/* Bytes as a string in base64: standard alphabet, padded. Made in place, so a large value costs its text
 * once. */
static inline void
x07_json_base64(x07_json *json, const uint8_t *bytes, uint64_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint64_t i;
    char *out;

    x07_json_separate(json);
    x07_json_reserve(json, (count + 2) / 3 * 4 + 2);
    out = json->data + json->len;
    *out++ = '"';
    for (i = 0; i + 2 < count; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        *out++ = digits[three >> 18];
        *out++ = digits[three >> 12 & 63];
        *out++ = digits[three >> 6 & 63];
        *out++ = digits[three & 63];
    }
    if (i < count) {
        uint32_t rest = (uint32_t)bytes[i] << 16 | (i + 1 < count ? (uint32_t)bytes[i + 1] << 8 : 0);
        *out++ = digits[rest >> 18];
        *out++ = digits[rest >> 12 & 63];
        *out++ = i + 1 < count ? digits[rest >> 6 & 63] : '=';
        *out++ = '=';
    }
    *out++ = '"';
    *out = '\0';
    json->len = (uint64_t)(out - json->data);
}

/* The line feed at the end of a document. */
static inline void
x07_json_line(x07_json *json)
{
    x07_json_put(json, "\n", 1);
}

#endif
