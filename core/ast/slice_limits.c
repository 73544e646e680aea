/* slice_limits.c: the document of a slice, and what goes first when it is too large. */
#include "ast/slice_parts.h"

#include "ast/pointer.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
count_nodes(const struct ast_json *value)
{
    uint64_t count = 1;

    for (uint32_t i = 0; i < value->count && value->kind == JSON_ARRAY; i++)
        count += count_nodes(&value->items[i]);
    for (uint32_t i = 0; i < value->count && value->kind == JSON_OBJECT; i++)
        count += count_nodes(&value->members[i].value);
    return count;
}

/* The order of members does not matter for the length. */
static uint64_t
count_bytes(const struct ast_json *value)
{
    struct text text = {0};

    ast_json_write(value, &text);
    uint64_t len = text.len;
    text_free(&text);
    return len;
}

static struct ast_json
decl_list(const struct slicing *slicing)
{
    struct ast_json *items = ARENA_ARRAY(slicing->arena, struct ast_json, slicing->out_count + 1);

    for (size_t i = 0; i < slicing->out_count; i++)
        items[i] = slicing->out[i].value;
    return (struct ast_json){.kind = JSON_ARRAY, .count = (uint32_t)slicing->out_count, .items = items};
}

static struct ast_json
make_document(const struct slicing *slicing)
{
    static const char *const own[] = {"decls", "imports", "kind", "meta", "solve", NULL};
    struct arena *arena = slicing->arena;
    struct ast_json document = slice_without(arena, slicing->document, own);
    bool whole = slicing->request->enclosure == SLICE_MODULE;

    document = slice_with(arena, &document, "decls", decl_list(slicing));
    document = slice_with(arena, &document, "imports", slicing->imports);
    document = slice_with(arena, &document, "kind",
                          whole ? *slice_member(slicing->document, "kind") : slice_string("module", 6));
    if (slicing->solve)
        document = slice_with(arena, &document, "solve", *slicing->solve);
    if (slicing->meta)
        document = slice_with(arena, &document, "meta", *slicing->meta);
    return document;
}

static uint64_t
measure(const struct slicing *slicing, uint64_t (*count)(const struct ast_json *value))
{
    struct ast_json document = make_document(slicing);

    return count(&document);
}

static bool
is_focus(const struct slicing *slicing, size_t index)
{
    return slicing->focus >= 0 && slicing->out[index].origin == slicing->focus;
}

static void
drop(struct slicing *slicing, size_t index)
{
    slicing->out_count--;
    memmove(&slicing->out[index], &slicing->out[index + 1],
            (slicing->out_count - index) * sizeof *slicing->out);
}

/* Drops declarations from the end, but never the focus, until the measure is at most `most`; `least` stay.
 * `comma`: what each costs besides. Returns whether any went. */
static bool
drop_decls(struct slicing *slicing, uint64_t (*count)(const struct ast_json *value), uint64_t comma,
           uint64_t most, size_t least)
{
    uint64_t size = measure(slicing, count);
    size_t before = slicing->out_count;

    for (size_t i = slicing->out_count; size > most && i > 0 && slicing->out_count > least; i--) {
        if (is_focus(slicing, i - 1))
            continue;
        size -= count(&slicing->out[i - 1].value) + (slicing->out_count > 1 ? comma : 0);
        drop(slicing, i - 1);
    }
    return slicing->out_count != before;
}

/* ---- reducing one expression ---- */

static const struct ast_json zero = {.kind = JSON_INTEGER, .integer = 0};

/* Keeps what leads to the place: later siblings go, earlier arguments become 0. `pointer` stands before the
 * step into `value`. */
static struct ast_json
reduce_to_path(struct arena *arena, const struct ast_json *value, struct pointer *pointer)
{
    uint64_t index;

    if (!pointer_next(pointer))
        return *value;
    if (value->kind != JSON_ARRAY || !pointer_index(pointer, &index) || index >= value->count)
        return zero;
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, index + 1);
    for (uint64_t i = 0; i < index; i++)
        items[i] = i ? zero : value->items[0];
    items[index] = reduce_to_path(arena, &value->items[index], pointer);
    return (struct ast_json){.kind = JSON_ARRAY, .count = (uint32_t)index + 1, .items = items};
}

/* The expression whose pointer is `root`, reduced to the place; 0 when the place is elsewhere. */
static struct ast_json
reduce(struct slicing *slicing, const struct ast_json *value, const char *root)
{
    const char *ptr = slicing->request->ptr;
    size_t len = strlen(root);
    struct pointer pointer;
    struct ast_json reduced = zero;

    if (strncmp(ptr, root, len) == 0 && (!ptr[len] || ptr[len] == '/') &&
        pointer_start(&pointer, ptr + len, strlen(ptr + len))) {
        reduced = reduce_to_path(slicing->arena, value, &pointer);
        text_free(&pointer.token);
    }
    return reduced;
}

static struct slice_decl *
focus_of(struct slicing *slicing)
{
    for (size_t i = 0; i < slicing->out_count; i++)
        if (is_focus(slicing, i))
            return &slicing->out[i];
    return NULL;
}

static void
set_solve(struct slicing *slicing, struct ast_json value)
{
    struct ast_json *solve = ARENA_NEW(slicing->arena, struct ast_json);

    *solve = value;
    slicing->solve = solve;
}

static void
reduce_expressions(struct slicing *slicing, bool to_nothing)
{
    struct slice_decl *focus = focus_of(slicing);
    struct text root = {0};

    if (focus) {
        focus->value = slice_without(slicing->arena, &focus->value, slice_clauses);
        const struct ast_json *body = slice_member(&focus->value, "body");
        text_printf(&root, "/decls/%" PRId64 "/body", slicing->focus);
        if (body)
            focus->value = slice_with(slicing->arena, &focus->value, "body",
                                      to_nothing ? zero : reduce(slicing, body, text_string(&root)));
    }
    if (slicing->solve)
        set_solve(slicing, to_nothing ? zero : reduce(slicing, slicing->solve, "/solve"));
    text_free(&root);
}

/* ---- the limits ---- */

static bool
keep_bytes(struct slicing *slicing, uint64_t most)
{
    if (measure(slicing, count_bytes) <= most)
        return true;
    slicing->bytes_cut = true;
    drop_decls(slicing, count_bytes, 1, most, 1);
    if (measure(slicing, count_bytes) > most)
        reduce_expressions(slicing, false);
    if (measure(slicing, count_bytes) > most) {
        slicing->meta = NULL;
        reduce_expressions(slicing, true);
    }
    return measure(slicing, count_bytes) <= most;
}

bool
slice_limit(struct slicing *slicing, struct ast_json *document, struct text *message)
{
    const struct slice_request *request = slicing->request;
    bool kept = true;

    slicing->full_count = slicing->out_count;
    slicing->full_bytes = measure(slicing, count_bytes);
    if (request->max_nodes)
        slicing->nodes_cut = drop_decls(slicing, count_nodes, 0, *request->max_nodes, 0);
    if (request->max_bytes && !keep_bytes(slicing, *request->max_bytes)) {
        text_printf(message, "failed to truncate slice to --max_bytes=%" PRIu64, *request->max_bytes);
        kept = false;
    }
    *document = make_document(slicing);
    slicing->bytes = count_bytes(document);
    return kept;
}
