/* suggest.c: see suggest.h. */
#include "lint/suggest.h"

#include "base/ptrmap.h"
#include "lint/lint.h"
#include "lint/suggest_func.h"

#include <stdlib.h>
#include <string.h>

/* A function whose name ends, in one of its segments, in a type. */
struct variant {
    uint32_t index; /* of the function in the document */
    int tag;
    struct symbol *base;
};

/* One document. */
struct suggest {
    struct ast_context *context;
    struct ast_doc doc;  /* what it becomes */
    struct ptrmap names; /* of its functions */
    struct variant *variants;
    size_t variant_count;
    struct text *bases; /* joined */
};

/* Finds the one segment that ends in "_<tag>". */
static bool
read_variant(struct suggest *suggest, const struct symbol *name, struct variant *variant)
{
    size_t start = 0;
    int found = 0;

    for (size_t end = 0; end <= name->len; end++) {
        if (end < name->len && name->text[end] != '.')
            continue;
        for (int tag = 0; tag < SUGGEST_TAGS; tag++) {
            const char *word = suggest_tag_name(tag);
            size_t len = strlen(word) + 1;
            if (end - start <= len || name->text[end - len] != '_' ||
                memcmp(name->text + end - len + 1, word, len - 1) != 0)
                continue;
            struct text base = {0};
            text_append(&base, name->text, end - len);
            text_append(&base, name->text + end, name->len - end);
            variant->tag = tag;
            variant->base = ast_intern(suggest->context, base.data, base.len);
            text_free(&base);
            found++;
        }
        start = end + 1;
    }
    return found == 1;
}

static int
compare_symbols(const struct symbol *a, const struct symbol *b)
{
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int
compare_variants(const void *left, const void *right)
{
    const struct variant *a = left;
    const struct variant *b = right;
    int order = compare_symbols(a->base, b->base);

    order = order ? order : a->tag - b->tag;
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void
find_variants(struct suggest *suggest)
{
    const struct ast_doc *doc = &suggest->doc;

    suggest->variants = ARENA_ARRAY(suggest->context->arena, struct variant, doc->func_count + 1);
    for (uint32_t i = 0; i < doc->func_count; i++) {
        struct variant *variant = &suggest->variants[suggest->variant_count];
        struct ast_func *func = doc->funcs[i];

        ptrmap_set(&suggest->names, func->name, func);
        variant->index = i;
        if (func->kind == AST_DEFN && !func->type_param_count && read_variant(suggest, func->name, variant))
            suggest->variant_count++;
    }
    if (suggest->variant_count)
        qsort(suggest->variants, suggest->variant_count, sizeof *suggest->variants, compare_variants);
}

/* The text of a function, by which two are compared. */
static void
write_func(const struct suggest *suggest, struct ast_func *func, struct text *out)
{
    struct ast_doc alone = suggest->doc;

    alone.funcs = &func;
    alone.func_count = 1;
    ast_write(&alone, out);
}

/* The generic function that all variants of a group are cases of, or NULL. */
static struct ast_func *
common_generic(struct suggest *suggest, const struct variant *group, size_t count)
{
    struct ast_func *first = NULL;
    struct text expected = {0};
    bool same = true;

    for (size_t i = 0; same && i < count; i++) {
        struct text text = {0};
        struct ast_func *generic = suggest_generic_of(suggest->context, suggest->doc.funcs[group[i].index],
                                                      group[i].tag, group[i].base);
        if (generic)
            write_func(suggest, generic, i ? &text : &expected);
        same =
            generic && (!i || (text.len == expected.len && memcmp(text.data, expected.data, text.len) == 0));
        first = first ? first : generic;
        text_free(&text);
    }
    text_free(&expected);
    return same ? first : NULL;
}

static bool
is_exported(const struct ast_doc *doc, const struct symbol *name)
{
    for (uint32_t i = 0; i < doc->export_count; i++)
        if (doc->exports[i] == name)
            return true;
    return false;
}

/* Adds a name to the sorted exports. */
static void
add_export(struct suggest *suggest, struct symbol *name)
{
    struct ast_doc *doc = &suggest->doc;
    struct symbol **exports = ARENA_ARRAY(suggest->context->arena, struct symbol *, doc->export_count + 1);
    uint32_t at = 0;

    while (at < doc->export_count && compare_symbols(doc->exports[at], name) < 0)
        at++;
    memcpy(exports, doc->exports, at * sizeof *exports);
    exports[at] = name;
    memcpy(exports + at + 1, doc->exports + at, (doc->export_count - at) * sizeof *exports);
    doc->exports = exports;
    doc->export_count++;
}

static void
replace_group(struct suggest *suggest, const struct variant *group, size_t count, struct ast_func *generic)
{
    struct ast_doc *doc = &suggest->doc;
    struct symbol *base = group[0].base;
    bool exported = false;

    for (size_t i = 0; i < count; i++) {
        struct ast_func **func = &doc->funcs[group[i].index];
        exported = exported || is_exported(doc, (*func)->name);
        *func = suggest_wrapper_of(suggest->context, *func, group[i].tag, base);
    }
    doc->funcs[doc->func_count++] = generic;
    if (exported)
        add_export(suggest, base);
    text_printf(suggest->bases, "%s%s", suggest->bases->len ? ", " : "suggested generic bases: ", base->text);
}

/* Takes the variants of one base, the first of each type. Returns the number of all. */
static size_t
take_group(struct suggest *suggest, struct variant *group, size_t count)
{
    size_t all = 1;
    size_t kept = 1;

    for (; all < count && group[all].base == group[0].base; all++)
        if (group[all].tag != group[kept - 1].tag)
            group[kept++] = group[all];
    if (kept < 2 || ptrmap_get(&suggest->names, group[0].base))
        return all;
    struct ast_func *generic = common_generic(suggest, group, kept);
    if (generic)
        replace_group(suggest, group, kept, generic);
    return all;
}

static void
suggest_for(struct suggest *suggest, struct suggestion *suggestion)
{
    struct ast_doc *doc = &suggest->doc;
    struct ast_func **funcs =
        ARENA_ARRAY(suggest->context->arena, struct ast_func *, doc->func_count * 2 + 1);

    if (doc->func_count)
        memcpy(funcs, doc->funcs, doc->func_count * sizeof *funcs);
    doc->funcs = funcs;
    find_variants(suggest);
    for (size_t i = 0; i < suggest->variant_count;)
        i += take_group(suggest, suggest->variants + i, suggest->variant_count - i);
    if (!suggestion->note.len)
        return;
    if (doc->minor != 5)
        doc->schema_version = ast_intern_string(suggest->context, "x07.x07ast@0.4.0");
    ast_write(doc, &suggestion->document);
}

bool
suggest_generics(const char *text, size_t len, struct suggestion *suggestion, struct text *message)
{
    struct lint_source source;

    if (!lint_open(&source, text, len, message))
        return false;
    struct suggest suggest = {.context = &source.context, .doc = *source.doc, .bases = &suggestion->note};
    suggest_for(&suggest, suggestion);
    ptrmap_free(&suggest.names);
    lint_close(&source);
    return true;
}
