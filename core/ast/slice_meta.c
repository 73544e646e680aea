/* slice_meta.c: what a slice says of itself: what was asked, what it leaves out, what the limits took. */
#include "ast/slice_parts.h"

#include "base/json_out.h"

#include <string.h>

const char *const slice_enclosure_names[] = {"defn", "decl", "module"};

static const char *
closure_name(unsigned closure)
{
    switch (closure) {
    case SLICE_LOCALS:
        return "locals";
    case SLICE_TYPES:
        return "types";
    case SLICE_IMPORTS:
        return "imports";
    default:
        return "all";
    }
}

static void
write_string(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_list(x07_json *json, const char *name, const struct ast_json *list)
{
    struct text text = {0};

    x07_json_name(json, name);
    ast_json_write(list, &text);
    x07_json_raw(json, list->kind == JSON_ARRAY ? text_string(&text) : "[]",
                 list->kind == JSON_ARRAY ? text.len : 2);
    text_free(&text);
}

static void
write_classes(x07_json *json, const struct slicing *slicing)
{
    x07_json_name(json, "missing");
    x07_json_begin(json, '{');
    write_list(json, "imports", &slicing->missing_imports);
    write_list(json, "locals", &slicing->missing_locals);
    write_list(json, "types", &slicing->missing_types);
    x07_json_end(json, '}');
    x07_json_name(json, "omitted");
    x07_json_begin(json, '{');
    x07_json_name(json, "imports");
    x07_json_bool(json, !(slicing->closure & SLICE_IMPORTS));
    x07_json_name(json, "locals");
    x07_json_bool(json, !(slicing->closure & SLICE_LOCALS));
    x07_json_name(json, "types");
    x07_json_bool(json, !(slicing->closure & SLICE_TYPES));
    x07_json_end(json, '}');
}

/* Where the focus is in the slice, when that is another place than in the document. */
static void
write_remap(x07_json *json, const struct slicing *slicing)
{
    x07_json_name(json, "ptr_remap");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < slicing->out_count; i++) {
        struct text from = {0}, to = {0};
        if (slicing->focus < 0 || slicing->out[i].origin != slicing->focus || slicing->out[i].origin == i)
            continue;
        text_printf(&from, "/decls/%u", slicing->out[i].origin);
        text_printf(&to, "/decls/%zu", i);
        x07_json_begin(json, '{');
        write_string(json, "from", from.data);
        write_string(json, "to", to.data);
        x07_json_end(json, '}');
        text_free(&from);
        text_free(&to);
    }
    x07_json_end(json, ']');
}

static void
write_truncation(x07_json *json, const struct slicing *slicing)
{
    const struct slice_request *request = slicing->request;
    bool cut = slicing->nodes_cut || slicing->bytes_cut;

    x07_json_name(json, "truncated");
    x07_json_bool(json, cut);
    if (!cut)
        return;
    x07_json_name(json, "truncation");
    x07_json_begin(json, '{');
    x07_json_name(json, "bytes_after");
    x07_json_uint(json, slicing->bytes);
    x07_json_name(json, "bytes_before");
    x07_json_uint(json, slicing->full_bytes);
    x07_json_name(json, "decls_after");
    x07_json_uint(json, slicing->out_count);
    x07_json_name(json, "decls_before");
    x07_json_uint(json, slicing->full_count);
    if (request->max_bytes) {
        x07_json_name(json, "max_bytes");
        x07_json_uint(json, *request->max_bytes);
    }
    if (request->max_nodes) {
        x07_json_name(json, "max_nodes");
        x07_json_uint(json, *request->max_nodes);
    }
    write_string(json, "reason", slicing->nodes_cut ? "max_nodes" : "max_bytes");
    x07_json_end(json, '}');
}

const char *
slice_meta(const struct slicing *slicing)
{
    x07_json json = {0};
    struct text text = {0};

    x07_json_begin(&json, '{');
    write_string(&json, "closure", closure_name(slicing->request->closure));
    write_string(&json, "enclosure", slice_enclosure_names[slicing->request->enclosure]);
    write_classes(&json, slicing);
    write_string(&json, "ptr", slicing->request->ptr);
    write_remap(&json, slicing);
    write_truncation(&json, slicing);
    x07_json_end(&json, '}');
    json_out_take(&json, &text);
    const char *meta = arena_copy(slicing->arena, text.data, text.len);
    text_free(&text);
    return meta;
}
