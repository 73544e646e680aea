/* slice.c: see slice.h. First what the place is in, then which declarations go with it, then what of each. */
#include "ast/slice_parts.h"

#include "ast/pointer.h"
#include "base/quote.h"

#include <inttypes.h>
#include <string.h>

/* Members of a declaration that speak of types. */
static const char *const type_members[] = {"type_params", "requires",     "ensures",
                                           "invariant",   "result_brand", NULL};

static bool
fail(struct text *message, const char *what, const char *value)
{
    text_puts(message, what);
    text_append_quoted(message, value, strlen(value));
    return false;
}

static bool
begins(const char *ptr, const char *root)
{
    size_t len = strlen(root);

    return strncmp(ptr, root, len) == 0 && (!ptr[len] || ptr[len] == '/');
}

/* What the place is in, from the tokens of its pointer. */
static void
look_at_place(struct slicing *slicing)
{
    const char *ptr = slicing->request->ptr;
    struct pointer pointer;
    uint64_t index;

    slicing->focus = -1;
    slicing->in_solve = begins(ptr, "/solve");
    if (begins(ptr, "/imports"))
        slicing->closure |= SLICE_IMPORTS;
    if (!begins(ptr, "/decls") || !pointer_start(&pointer, ptr, strlen(ptr)))
        return;
    pointer_next(&pointer);
    if (pointer_next(&pointer) && pointer_index(&pointer, &index))
        slicing->focus = (int64_t)index;
    bool in_params = false;
    for (int depth = 0; pointer_next(&pointer); depth++) {
        const char *token = text_string(&pointer.token);
        for (const char *const *name = type_members; !depth && *name; name++)
            if (strcmp(token, *name) == 0)
                slicing->closure |= SLICE_TYPES;
        in_params = depth ? in_params : strcmp(token, "params") == 0;
        if (in_params && depth == 2 && strcmp(token, "brand") == 0)
            slicing->closure |= SLICE_TYPES;
    }
    text_free(&pointer.token);
}

static bool
check(const struct slicing *slicing, struct text *message)
{
    const struct slice_request *request = slicing->request;
    struct text unused = {0};
    struct pointer pointer;
    size_t len = strlen(request->ptr);

    if (!pointer_start(&pointer, request->ptr, len))
        return fail(message, "invalid JSON Pointer (expected leading '/'): ", request->ptr);
    bool found = pointer_get(slicing->document, request->ptr, len, &unused);
    text_free(&unused);
    if (!found)
        return fail(message, "JSON Pointer not found: ", request->ptr);
    if (request->max_nodes && !*request->max_nodes) {
        text_puts(message, "--max_nodes must be >= 1");
        return false;
    }
    if (request->max_bytes && !*request->max_bytes) {
        text_puts(message, "--max_bytes must be >= 1");
        return false;
    }
    if (request->enclosure == SLICE_MODULE)
        return true;
    if (slicing->focus < 0) {
        text_printf(message, "--enclosure %s requires --ptr under /decls/<i>",
                    slice_enclosure_names[request->enclosure]);
        return false;
    }
    const struct ast_json *kind = slice_member(&slicing->decls->items[slicing->focus], "kind");
    if (request->enclosure == SLICE_DECL || ast_json_is(kind, "defn") || ast_json_is(kind, "defasync"))
        return true;
    text_puts(message, "--enclosure defn requires a defn/defasync decl, got kind=");
    text_append_quoted(message, kind->text, kind->count);
    return false;
}

/* ---- types ---- */

static struct ast_json
without_brands(struct arena *arena, const struct ast_json *params)
{
    static const char *const brand[] = {"brand", NULL};
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, params->count + 1);

    for (uint32_t i = 0; i < params->count; i++)
        items[i] = params->items[i].kind == JSON_OBJECT ? slice_without(arena, &params->items[i], brand)
                                                        : params->items[i];
    return (struct ast_json){.kind = JSON_ARRAY, .count = params->count, .items = items};
}

/* The names of a declaration's type parameters, and "contracts" when it has clauses, into `names`, which has
 * room. */
static size_t
note_types(const struct ast_json *decl, struct ast_json *names)
{
    const struct ast_json *params = slice_member(decl, "type_params");
    size_t count = 0;

    for (uint32_t i = 0; params && params->kind == JSON_ARRAY && i < params->count; i++) {
        const struct ast_json *name = slice_member(&params->items[i], "name");
        if (params->items[i].kind == JSON_STRING)
            name = &params->items[i];
        if (name && name->kind == JSON_STRING)
            names[count++] = *name;
    }
    for (const char *const *clause = slice_clauses; *clause; clause++)
        if (slice_member(decl, *clause)) {
            names[count++] = slice_string("contracts", strlen("contracts"));
            break;
        }
    return count;
}

static void
strip_types(struct slicing *slicing)
{
    size_t room = 0, count = 0;

    for (size_t i = 0; i < slicing->out_count; i++) {
        const struct ast_json *params = slice_member(&slicing->out[i].value, "type_params");
        room += 1 + (params ? params->count : 0);
    }
    struct ast_json *names = ARENA_ARRAY(slicing->arena, struct ast_json, room + 1);
    for (size_t i = 0; i < slicing->out_count; i++) {
        struct ast_json *decl = &slicing->out[i].value;
        const struct ast_json *params = slice_member(decl, "params");
        count += note_types(decl, names + count);
        if (params && params->kind == JSON_ARRAY)
            *decl = slice_with(slicing->arena, decl, "params", without_brands(slicing->arena, params));
        *decl = slice_without(slicing->arena, decl, type_members);
    }
    slicing->missing_types = slice_sorted_set(slicing->arena, names, count);
}

/* ---- the slice ---- */

static void
take_rest(struct slicing *slicing)
{
    const struct ast_json *meta = slice_member(slicing->document, "meta");

    if (slicing->request->enclosure == SLICE_MODULE)
        slicing->solve = slice_member(slicing->document, "solve");
    if (meta && meta->count)
        slicing->meta = meta;
    if (!(slicing->closure & SLICE_TYPES))
        strip_types(slicing);
    if (!(slicing->closure & SLICE_LOCALS))
        slicing->missing_locals = slice_missing_locals(slicing);
    struct ast_json imports = slice_imports(slicing);
    slicing->imports = (struct ast_json){.kind = JSON_ARRAY};
    if (slicing->closure & SLICE_IMPORTS)
        slicing->imports = imports;
    else
        slicing->missing_imports = imports;
}

bool
slice_cut(struct arena *arena, const struct ast_json *document, const struct slice_request *request,
          struct slice *slice, struct text *message)
{
    struct slicing slicing = {
        .arena = arena,
        .document = document,
        .request = request,
        .decls = slice_member(document, "decls"),
        .closure = request->closure,
    };

    *slice = (struct slice){.document = {.kind = JSON_NULL}};
    look_at_place(&slicing);
    bool ok = check(&slicing, message);
    if (ok) {
        slicing.selected = ARENA_ARRAY(arena, bool, slicing.decls->count + 1);
        slice_select(&slicing);
        take_rest(&slicing);
        ok = slice_limit(&slicing, &slice->document, message);
    }
    slice->meta = slice_meta(&slicing);
    slice->nodes_cut = slicing.nodes_cut;
    slice->bytes_cut = slicing.bytes_cut;
    return ok;
}
