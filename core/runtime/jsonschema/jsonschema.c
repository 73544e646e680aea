/* jsonschema.c: jsonschema.* as documents: handles, verdicts, lists of errors. */
#include "../internal.h"
#include "../x07rt_jsonschema.h"
#include "schema.h"

#include "base/utf8.h"

#include <stdlib.h>

enum { COMPILED_SIZE = 15, HEADER = 6, CODE_INVALID = 1, CODE_HANDLE = 2, CODE_NOT_JSON = 3 };

struct entry {
    struct schema *schema;
    uint64_t hash;
    uint32_t len;
};

/* All schemas of a program; handles count from 1. */
struct schemas {
    struct entry *items;
    uint32_t count, cap;
};

static void
schemas_release(void *data)
{
    struct schemas *schemas = data;

    for (uint32_t i = 0; i < schemas->count; i++)
        schema_free(schemas->items[i].schema);
    free(schemas->items);
    free(schemas);
}

static struct schemas *
schemas_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->jsonschema;

    if (!state->data) {
        state->data = calloc(1, sizeof(struct schemas));
        if (!state->data)
            x07_trap(rt, "out of memory");
        state->release = schemas_release;
    }
    return state->data;
}

static uint64_t
fnv1a(x07_view text, uint64_t hash, uint64_t prime)
{
    for (uint32_t i = 0; i < text.len; i++)
        hash = (hash ^ text.ptr[i]) * prime;
    return hash;
}

static uint64_t
fnv1a_64(x07_view text)
{
    return fnv1a(text, UINT64_C(14695981039346656037), UINT64_C(1099511628211));
}

/* The handle of the text, compiled now or before; 0 with a code and a message. */
static uint32_t
handle_of(x07_rt *rt, x07_view text, enum schema_code *code, struct text *message)
{
    struct schemas *schemas = schemas_of(rt);
    uint64_t hash = fnv1a_64(text);

    for (uint32_t i = 0; i < schemas->count; i++)
        if (schemas->items[i].hash == hash && schemas->items[i].len == text.len)
            return i + 1;
    struct schema *schema = schema_new((const char *)text.ptr, text.len, code, message);
    if (!schema)
        return 0;
    if (schemas->count == schemas->cap) {
        uint32_t cap = schemas->cap ? 2 * schemas->cap : 8;
        struct entry *items = realloc(schemas->items, cap * sizeof *items);

        if (!items)
            x07_trap(rt, "out of memory");
        schemas->items = items;
        schemas->cap = cap;
    }
    schemas->items[schemas->count++] = (struct entry){schema, hash, text.len};
    return schemas->count;
}

static void
put_word(uint8_t *to, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(word >> 8 * i);
}

/* 0, the magic, 1, a code, a length, a text. */
static x07_bytes
error_document(x07_rt *rt, const char *magic, uint32_t code, const struct text *text)
{
    x07_bytes out = x07_bytes_alloc(rt, HEADER + 8 + (uint32_t)text->len);

    memcpy(out.ptr + 1, magic, 4);
    out.ptr[5] = 1;
    put_word(out.ptr + HEADER, code);
    put_word(out.ptr + HEADER + 4, (uint32_t)text->len);
    memcpy(out.ptr + HEADER + 8, text_string(text), text->len);
    return out;
}

x07_bytes
x07_jsonschema_compile_v1(x07_rt *rt, x07_view schema)
{
    struct text message = {0};
    enum schema_code code = SCHEMA_OK;
    uint32_t handle = handle_of(rt, schema, &code, &message);

    if (!handle) {
        x07_bytes out = error_document(rt, "X7JS", code, &message);
        text_free(&message);
        return out;
    }
    text_free(&message);
    x07_bytes out = x07_bytes_alloc(rt, COMPILED_SIZE);
    memcpy(out.ptr, "\1X7JS\1", HEADER);
    put_word(out.ptr + HEADER, handle);
    out.ptr[10] = (uint8_t)schemas_of(rt)->items[handle - 1].schema->dialect;
    put_word(out.ptr + 11, (uint32_t)fnv1a(schema, 2166136261U, 16777619U));
    return out;
}

static int
compare_findings(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int order = strcmp(x->pointer, y->pointer);

    if (!order)
        order = strcmp(x->keyword, y->keyword);
    return order ? order : strcmp(x->message, y->message);
}

static void
write_finding(const struct finding *finding, struct text *out)
{
    text_puts(out, "{\"jsonPointer\":");
    ast_json_write_string(finding->pointer, strlen(finding->pointer), out);
    text_puts(out, ",\"keyword\":");
    ast_json_write_string(finding->keyword, strlen(finding->keyword), out);
    text_puts(out, ",\"message\":");
    ast_json_write_string(finding->message, strlen(finding->message), out);
    text_putc(out, '}');
}

/* The sorted list of errors. */
static x07_bytes
findings_document(x07_rt *rt, uint32_t code, struct finding *items, size_t count)
{
    struct text list = {0};

    qsort(items, count, sizeof *items, compare_findings);
    text_putc(&list, '[');
    for (size_t i = 0; i < count; i++) {
        text_puts(&list, i ? "," : "");
        write_finding(&items[i], &list);
    }
    text_putc(&list, ']');
    x07_bytes out = error_document(rt, "X7JV", code, &list);
    text_free(&list);
    return out;
}

static x07_bytes
one_finding(x07_rt *rt, uint32_t code, const char *keyword, const char *message)
{
    struct finding finding = {"", keyword, message};

    return findings_document(rt, code, &finding, 1);
}

/* NULL when the document names no schema; *why says why not. */
static const struct schema *
find_schema(x07_rt *rt, x07_view compiled, const char **why)
{
    const struct schemas *schemas = schemas_of(rt);

    *why = NULL;
    if (compiled.len && !compiled.ptr[0])
        *why = "compiled handle is an error";
    if (compiled.len < COMPILED_SIZE)
        *why = "compiled handle too short";
    else if (!*why && (compiled.ptr[0] != 1 || memcmp(compiled.ptr + 1, "X7JS", 4) != 0))
        *why = "compiled handle magic mismatch";
    else if (!*why && compiled.ptr[5] != 1)
        *why = "compiled handle version mismatch";
    if (*why)
        return NULL;
    uint32_t handle = compiled.ptr[6] | (uint32_t)compiled.ptr[7] << 8 | (uint32_t)compiled.ptr[8] << 16 |
                      (uint32_t)compiled.ptr[9] << 24;
    if (handle && handle <= schemas->count)
        return schemas->items[handle - 1].schema;
    *why = "compiled schema handle not found";
    return NULL;
}

static x07_bytes
validate(x07_rt *rt, const struct schema *schema, const struct ast_json *instance, struct arena *arena)
{
    struct findings findings = {0};
    struct check check = {.schema = schema, .arena = arena, .findings = &findings, .base = "", .segment = ""};
    x07_bytes out;

    check_schema(&check, &schema->root, instance, NULL, arena_alloc(arena, (size_t)instance->count + 1));
    if (findings.count) {
        out = findings_document(rt, CODE_INVALID, findings.items, findings.count);
    } else {
        out = x07_bytes_alloc(rt, HEADER);
        memcpy(out.ptr, "\1X7JV\1", HEADER);
    }
    free(findings.items);
    return out;
}

x07_bytes
x07_jsonschema_validate_v1(x07_rt *rt, x07_view compiled, x07_view instance)
{
    const char *why;
    const struct schema *schema = find_schema(rt, compiled, &why);
    struct text message = {0};
    struct ast_json value;
    x07_bytes out;

    if (!schema)
        return one_finding(rt, CODE_HANDLE, "internal", why);
    if (!utf8_check((const char *)instance.ptr, instance.len, &message)) {
        text_free(&message);
        return one_finding(rt, CODE_NOT_JSON, "json", "instance_json must be utf-8");
    }
    struct arena *arena = arena_new();
    text_puts(&message, "invalid instance_json: ");
    if (ast_json_read(arena, (const char *)instance.ptr, instance.len, &value, &message)) {
        struct ast_json sorted = ast_json_copy_sorted(arena, &value);
        out = validate(rt, schema, &sorted, arena);
    } else {
        out = one_finding(rt, CODE_NOT_JSON, "json", text_string(&message));
    }
    text_free(&message);
    arena_free(arena);
    return out;
}
