/* host_text.c: HOST:PORTS texts, as options and files have them. */
#include "policy/hosts.h"

#include "base/file.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HOST_BYTES = 255, MAX_PORT = 65535 };

static const uint64_t max_file_bytes = 4 * 1024 * 1024;

#define EXPECTED_PORTS "Expected HOST:PORTS (ports are 1..65535)."

static struct error *
fail(const char *message)
{
    return error_new("E_POLICY_HOST", "%s", message);
}

/* A copy without white space around it. */
static char *
trimmed(struct arena *arena, const char *text, size_t len)
{
    utf8_trim(&text, &len);
    return arena_copy(arena, text, len);
}

/* Cuts at the last ':', or behind the ']' of an IPv6 address. False: there is no host or no port. */
static bool
split(struct arena *arena, const char *spec, char **host, char **ports)
{
    const char *colon = strrchr(spec, ':');

    if (spec[0] == '[') {
        const char *bracket = strchr(spec, ']');
        if (!bracket || bracket[1] != ':')
            return false;
        *host = trimmed(arena, spec + 1, (size_t)(bracket - spec - 1));
        colon = bracket + 1;
    } else if (colon) {
        *host = trimmed(arena, spec, (size_t)(colon - spec));
    } else {
        return false;
    }
    *ports = trimmed(arena, colon + 1, strlen(colon + 1));
    return **host && **ports;
}

static struct error *
check_host(char *host)
{
    if (strlen(host) > MAX_HOST_BYTES)
        return fail("host must be <= 255 chars");
    if (strpbrk(host, "; \t\r\n\f\v"))
        return fail("host must not contain whitespace or semicolons");
    for (; *host; host++)
        *host = (char)tolower((unsigned char)*host);
    return NULL;
}

static struct error *
read_port(const char *text, uint16_t *port)
{
    unsigned long value = 0;

    if (!*text || strspn(text, "0123456789") != strlen(text))
        return fail(EXPECTED_PORTS);
    for (; *text && value <= MAX_PORT; text++)
        value = value * 10 + (unsigned long)(*text - '0');
    if (value > MAX_PORT)
        return fail(EXPECTED_PORTS);
    *port = (uint16_t)value;
    return value ? NULL : fail("ports are 1..65535");
}

static bool
add_port(struct host_ports *host, uint16_t port)
{
    for (size_t i = 0; i < host->port_count; i++)
        if (host->ports[i] == port)
            return true;
    if (host->port_count == HOSTS_MAX_PORTS)
        return false;
    host->ports[host->port_count++] = port;
    return true;
}

static struct error *
read_ports(struct arena *arena, const char *text, struct host_ports *host)
{
    host->ports = ARENA_ARRAY(arena, uint16_t, HOSTS_MAX_PORTS);
    for (;;) {
        size_t len = strcspn(text, ",");
        uint16_t port;
        struct error *error = read_port(trimmed(arena, text, len), &port);
        if (error)
            return error;
        if (!add_port(host, port))
            return fail("ports list would exceed 64 entries");
        if (!text[len])
            return NULL;
        text += len + 1;
    }
}

static struct error *
read_spec(struct arena *arena, const char *text, bool deny, struct host_ports *host)
{
    char *name;
    char *ports;

    if (!split(arena, trimmed(arena, text, strlen(text)), &name, &ports))
        return fail(deny ? "Expected HOST:PORTS (ports are 1..65535 or *).: Expected HOST:PORTS."
                         : EXPECTED_PORTS ": Expected HOST:PORTS.");
    bool all = strcmp(ports, "*") == 0;
    if (all && !deny)
        return fail("Expected HOST:PORTS (ports are 1..65535; '*' is only valid for --deny-host).");
    struct error *error = check_host(name);
    *host = (struct host_ports){.host = name, .all_ports = all};
    return error || all ? error : read_ports(arena, ports, host);
}

static int
compare_hosts(const void *left, const void *right)
{
    return strcmp(((const struct host_ports *)left)->host, ((const struct host_ports *)right)->host);
}

/* One host of the `count` that have the same name. */
static struct host_ports
unite(struct arena *arena, const struct host_ports *same, size_t count)
{
    struct host_ports all = {.host = same->host};
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        all.all_ports |= same[i].all_ports;
        total += same[i].port_count;
    }
    if (all.all_ports)
        return all;
    all.ports = ARENA_ARRAY(arena, uint16_t, total + 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(all.ports + all.port_count, same[i].ports, same[i].port_count * sizeof *all.ports);
        all.port_count += same[i].port_count;
    }
    hosts_settle_ports(&all);
    return all;
}

struct error *
hosts_parse(struct arena *arena, const struct json_strings *texts, bool deny, struct host_set *set)
{
    struct host_ports *read = ARENA_ARRAY(arena, struct host_ports, texts->count + 1);

    *set = (struct host_set){.items = ARENA_ARRAY(arena, struct host_ports, texts->count + 1)};
    for (size_t i = 0; i < texts->count; i++) {
        struct error *error = read_spec(arena, texts->items[i], deny, &read[i]);
        if (error)
            return error;
    }
    qsort(read, texts->count, sizeof *read, compare_hosts);
    for (size_t i = 0, same; i < texts->count; i += same) {
        for (same = 1; i + same < texts->count && strcmp(read[i].host, read[i + same].host) == 0; same++)
            ;
        set->items[set->count++] = unite(arena, &read[i], same);
    }
    return NULL;
}

/* The text of a line; "" for one that says nothing. */
static const char *
line_text(struct arena *arena, const char *line, size_t len)
{
    const char *comment = memchr(line, '#', len);

    return trimmed(arena, line, comment ? (size_t)(comment - line) : len);
}

static size_t
count_lines(const struct text *text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text->len; i++)
        lines += text->data[i] == '\n';
    return lines;
}

static void
append_lines(struct arena *arena, const struct text *text, struct json_strings *texts)
{
    const char **items = ARENA_ARRAY(arena, const char *, texts->count + count_lines(text) + 1);

    if (texts->count)
        memcpy(items, texts->items, texts->count * sizeof *items);
    texts->items = items;
    for (size_t at = 0; at < text->len;) {
        const char *end = memchr(text->data + at, '\n', text->len - at);
        size_t len = end ? (size_t)(end - text->data) - at : text->len - at;
        const char *line = line_text(arena, text->data + at, len);
        if (*line)
            texts->items[texts->count++] = line;
        at += len + 1;
    }
}

struct error *
hosts_read_file(struct arena *arena, const char *path, struct json_strings *texts)
{
    struct text text = {0};
    struct error *error = error_wrap(file_read(path, max_file_bytes, &text), "read");

    if (!error &&
        (utf8_prefix(text_string(&text), text.len) < text.len || memchr(text_string(&text), 0, text.len)))
        error = fail("host spec file must be utf-8");
    if (!error)
        append_lines(arena, &text, texts);
    text_free(&text);
    return error;
}
