/* resolve.c: names of schemas: URIs, references, JSON Pointers. */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

/* A scheme and a colon. */
static bool
is_absolute(const char *uri, size_t len)
{
    size_t i = 0;

    while (i < len && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.", uri[i]) &&
           uri[i])
        i++;
    return i > 0 && i < len && uri[i] == ':';
}

/* The length of a base up to where a relative path goes on: behind its last slash. */
static size_t
directory_length(const char *base, size_t len)
{
    const char *authority = strstr(base, "://");
    size_t least = authority ? (size_t)(authority + 3 - base) : 0;

    while (len > least && base[len - 1] != '/')
        len--;
    return len;
}

const char *
schema_resolve(struct arena *arena, const char *base, const char *reference, size_t len)
{
    size_t base_len = strcspn(base, "#");
    const char *authority = strstr(base, "://");

    if (is_absolute(reference, len))
        return arena_copy(arena, reference, len);
    if (len && reference[0] == '#')
        return arena_printf(arena, "%.*s%.*s", (int)base_len, base, (int)len, reference);
    if (len && reference[0] == '/' && authority)
        base_len = (size_t)(authority + 3 - base) + strcspn(authority + 3, "/#");
    else
        base_len = len ? directory_length(base, base_len) : base_len;
    return arena_printf(arena, "%.*s%.*s", (int)base_len, base, (int)len, reference);
}

static const char *
base_of(const struct schema *schema, const struct ast_json *node, const char *base)
{
    for (const struct base *known = schema->bases; known; known = known->next)
        if (known->schema == node)
            return known->uri;
    return base;
}

static int
hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c | 0x20) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* The next name of a pointer, unescaped, into `out`, which is large enough; moves behind it. */
static size_t
pointer_name(const char **pointer, char *out)
{
    const char *p = *pointer + 1;
    size_t len = 0;

    for (; *p && *p != '/'; p++) {
        char c = *p;

        if (c == '%' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
            c = (char)(hex_digit(p[1]) * 16 + hex_digit(p[2]));
            p += 2;
        }
        if (c == '~' && (p[1] == '0' || p[1] == '1'))
            c = *++p == '0' ? '~' : '/';
        out[len++] = c;
    }
    out[len] = '\0';
    *pointer = p;
    return len;
}

static const struct ast_json *
child(const struct ast_json *node, const char *name, size_t len)
{
    if (node->kind == JSON_ARRAY) {
        char *end;
        unsigned long index = strtoul(name, &end, 10);

        return *name && !*end && index < node->count ? &node->items[index] : NULL;
    }
    for (uint32_t i = 0; node->kind == JSON_OBJECT && i < node->count; i++)
        if (node->members[i].name_len == len && memcmp(node->members[i].name, name, len) == 0)
            return &node->members[i].value;
    return NULL;
}

/* Follows a pointer from the schema that has the base URI. */
static const struct ast_json *
follow(const struct schema *schema, const struct ast_json *node, const char *pointer, const char **base)
{
    char *name = malloc(strlen(pointer) + 1);

    while (name && node && *pointer == '/') {
        size_t len = pointer_name(&pointer, name);

        node = child(node, name, len);
        if (node)
            *base = base_of(schema, node, *base);
    }
    free(name);
    return *pointer ? NULL : node;
}

static const struct ast_json *
find_resource(const struct schema *schema, const char *uri, size_t len)
{
    for (const struct resource *resource = schema->resources; resource; resource = resource->next)
        if (strlen(resource->uri) == len && memcmp(resource->uri, uri, len) == 0)
            return resource->schema;
    return NULL;
}

const struct ast_json *
schema_find(struct arena *arena, const struct schema *schema, const char *uri, const char **base)
{
    size_t len = strcspn(uri, "#");
    const struct ast_json *node = find_resource(schema, uri, strlen(uri));

    *base = arena_copy(arena, uri, len);
    if (node)
        return node;
    node = find_resource(schema, uri, len);
    if (!node || !uri[len])
        return node;
    return uri[len + 1] == '\0' || uri[len + 1] == '/' ? follow(schema, node, uri + len + 1, base) : NULL;
}
