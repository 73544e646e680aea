/* read_doc.c: a document's top level, in the order in which its fields are checked. */
#include "ast/read.h"

#include "base/quote.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool
ast_read_fail_here(struct ast_reader *reader, const struct ast_loc *loc)
{
    text_puts(reader->message, " at ");
    ast_loc_write(loc, reader->message);
    return false;
}

bool
ast_read_fail(struct ast_reader *reader, const struct ast_loc *loc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(reader->message, format, args);
    va_end(args);
    return ast_read_fail_here(reader, loc);
}

const char *
ast_read_quote(struct ast_reader *reader, const char *text, size_t len)
{
    struct text quoted = {0};

    text_append_quoted(&quoted, text, len);
    const char *copy = arena_copy(reader->scratch, quoted.data, quoted.len);
    text_free(&quoted);
    return copy;
}

bool
ast_read_optional_string(struct ast_reader *reader, const struct ast_json *object, const struct ast_loc *loc,
                         const char *name, const struct ast_json **value)
{
    *value = ast_json_get(object, name);
    if (*value && (*value)->kind != JSON_STRING)
        return ast_read_fail(reader, ast_loc_member(reader->context, loc, name), "%s must be a string", name);
    return true;
}

const struct ast_json *
ast_read_string(struct ast_reader *reader, const struct ast_json *object, const struct ast_loc *loc,
                const char *name)
{
    const struct ast_json *value;

    if (!ast_read_optional_string(reader, object, loc, name, &value))
        return NULL;
    if (!value)
        ast_read_fail(reader, loc, "missing required field: %s", name);
    return value;
}

struct symbol *
ast_read_name(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc,
              ast_name_rule *rule)
{
    if (!rule(value->text, value->count, reader->message)) {
        ast_read_fail_here(reader, loc);
        return NULL;
    }
    return ast_intern(reader->context, value->text, value->count);
}

bool
ast_read_is_word(const struct ast_json *value, const char *word)
{
    const char *text = value->text;
    size_t len = value->count;

    utf8_trim(&text, &len);
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

static int
symbol_compare(const void *left, const void *right)
{
    const struct symbol *a = *(struct symbol *const *)left;
    const struct symbol *b = *(struct symbol *const *)right;
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    if (order)
        return order;
    return a->len < b->len ? -1 : a->len > b->len;
}

void
ast_read_sort_names(struct symbol **names, uint32_t *count)
{
    uint32_t kept = 0;

    qsort(names, *count, sizeof *names, symbol_compare);
    for (uint32_t i = 0; i < *count; i++) {
        if (!kept || names[kept - 1] != names[i])
            names[kept++] = names[i];
    }
    *count = kept;
}

/* A required member of the root. */
static const struct ast_json *
root_member(struct ast_reader *reader, const struct ast_json *root, const char *name)
{
    const struct ast_json *value = ast_json_get(root, name);

    if (!value)
        ast_read_fail(reader, NULL, "missing required field: %s", name);
    return value;
}

static bool
read_version(struct ast_reader *reader, const struct ast_json *root)
{
    static const char *const versions[] = {"x07.x07ast@0.3.0", "x07.x07ast@0.4.0", "x07.x07ast@0.5.0"};
    const struct ast_json *value = ast_read_string(reader, root, NULL, "schema_version");

    if (!value)
        return false;
    for (int i = 0; i < (int)(sizeof versions / sizeof versions[0]); i++) {
        if (ast_json_is(value, versions[i])) {
            reader->doc->schema_version = ast_intern_string(reader->context, versions[i]);
            reader->doc->minor = i + 3;
            return true;
        }
    }
    return ast_read_fail(
        reader, ast_loc_member(reader->context, NULL, "schema_version"),
        "unsupported schema_version: got %s (supported: %s, %s, %s) (hint: if this comes from "
        "a dependency package, upgrade to a newer package version)",
        ast_read_quote(reader, value->text, value->count), versions[0], versions[1], versions[2]);
}

static bool
read_kind(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *value = ast_read_string(reader, root, NULL, "kind");

    if (!value)
        return false;
    bool entry = ast_read_is_word(value, "entry");
    if (!entry && !ast_read_is_word(value, "module"))
        return ast_read_fail(reader, ast_loc_member(reader->context, NULL, "kind"),
                             "invalid kind: expected \"entry\" or \"module\" got %s",
                             ast_read_quote(reader, value->text, value->count));
    reader->doc->kind = entry ? AST_ENTRY : AST_MODULE;
    return true;
}

static bool
read_module_id(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *value = ast_read_string(reader, root, NULL, "module_id");

    if (!value)
        return false;
    reader->doc->module_id =
        ast_read_name(reader, value, ast_loc_member(reader->context, NULL, "module_id"), ast_check_symbol);
    return reader->doc->module_id != NULL;
}

static bool
read_imports(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *imports = root_member(reader, root, "imports");
    const struct ast_loc *loc = ast_loc_member(reader->context, NULL, "imports");
    struct ast_doc *doc = reader->doc;

    if (!imports)
        return false;
    if (imports->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "imports must be an array");
    doc->imports = ARENA_ARRAY(reader->context->arena, struct symbol *, imports->count);
    for (uint32_t i = 0; i < imports->count; i++) {
        const struct ast_json *item = &imports->items[i];

        if (item->kind != JSON_STRING)
            return ast_read_fail(reader, ast_loc_index(reader->context, loc, i),
                                 "imports[%u] must be a string", i);
        doc->imports[i] = ast_read_name(reader, item, loc, ast_check_symbol);
        if (!doc->imports[i])
            return false;
    }
    doc->import_count = imports->count;
    ast_read_sort_names(doc->imports, &doc->import_count);
    return true;
}

static bool
read_decls(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *decls = root_member(reader, root, "decls");
    const struct ast_loc *loc = ast_loc_member(reader->context, NULL, "decls");

    if (!decls)
        return false;
    if (decls->kind != JSON_ARRAY)
        return ast_read_fail(reader, loc, "decls must be an array");
    reader->doc->funcs = ARENA_ARRAY(reader->context->arena, struct ast_func *, decls->count);
    for (uint32_t i = 0; i < decls->count; i++) {
        if (!ast_read_decl(reader, &decls->items[i], ast_loc_index(reader->context, loc, i), i))
            return false;
    }
    return true;
}

static bool
read_solve(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *solve = ast_json_get(root, "solve");

    if (!solve)
        return true;
    reader->doc->solve = ast_read_expr(reader, solve, ast_loc_member(reader->context, NULL, "solve"));
    return reader->doc->solve != NULL;
}

static void
read_meta(struct ast_reader *reader, const struct ast_json *root)
{
    const struct ast_json *meta = ast_json_get(root, "meta");

    if (!meta || meta->kind != JSON_OBJECT || meta->count == 0)
        return;
    struct ast_meta *kept = ARENA_NEW(reader->context->arena, struct ast_meta);
    kept->value = ast_json_copy_sorted(reader->context->arena, meta);
    reader->doc->meta = kept;
}

static bool
read_root(struct ast_reader *reader, const struct ast_json *root)
{
    if (root->kind != JSON_OBJECT)
        return ast_read_fail(reader, NULL, "x07ast root must be an object");
    if (!read_version(reader, root) || !read_kind(reader, root) || !read_module_id(reader, root) ||
        !read_imports(reader, root) || !read_decls(reader, root) || !read_solve(reader, root))
        return false;
    read_meta(reader, root);
    return true;
}

struct ast_doc *
ast_read(struct ast_context *context, const char *data, size_t len, struct text *message)
{
    struct ast_reader reader = {.context = context, .scratch = arena_new(), .message = message};
    struct ast_json root;
    bool ok;

    reader.doc = ARENA_NEW(context->arena, struct ast_doc);
    if (ast_json_read(reader.scratch, data, len, &root, message))
        ok = read_root(&reader, &root);
    else
        ok = ast_read_fail_here(&reader, NULL);
    symbol_set_free(&reader.functions);
    arena_free(reader.scratch);
    return ok ? reader.doc : NULL;
}

bool
ast_check_text(const char *data, size_t len, const char *what, struct text *message)
{
    struct text reason = {0};

    if (!utf8_check(data, len, &reason)) {
        text_printf(message, "%s must be UTF-8: %s", what, text_string(&reason));
        text_free(&reason);
        return false;
    }
    utf8_trim(&data, &len);
    if (len && data[0] == '{')
        return true;
    text_printf(message, "%s must be x07AST JSON (*.x07.json); legacy S-expr is not supported", what);
    return false;
}
