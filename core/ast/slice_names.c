/* slice_names.c: which declarations a slice has, by who calls whom. */
#include "ast/slice_parts.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A function of the document. */
struct slice_name {
    const char *text;
    size_t len;
    uint32_t decl;
};

/* A list of strings that grows. */
struct strings {
    struct ast_json *items; /* from malloc */
    size_t count, capacity;
};

static void
strings_add(struct strings *strings, struct ast_json string)
{
    if (strings->count == strings->capacity) {
        strings->capacity = strings->capacity ? strings->capacity * 2 : 16;
        strings->items = memory_resize(strings->items, strings->capacity * sizeof *strings->items);
    }
    strings->items[strings->count++] = string;
}

static struct ast_json
strings_finish(struct arena *arena, struct strings *strings)
{
    struct ast_json set = slice_sorted_set(arena, strings->items, strings->count);

    free(strings->items);
    return set;
}

static bool
is_kind(const struct ast_json *decl, const char *kind)
{
    const struct ast_json *value = slice_member(decl, "kind");

    return value && ast_json_is(value, kind);
}

static bool
is_function(const struct ast_json *decl)
{
    return is_kind(decl, "defn") || is_kind(decl, "defasync") || is_kind(decl, "extern");
}

static int
compare_names(const void *left, const void *right)
{
    const struct slice_name *a = left;
    const struct slice_name *b = right;
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static void
list_names(struct slicing *slicing)
{
    struct slice_name *names = ARENA_ARRAY(slicing->arena, struct slice_name, slicing->decls->count + 1);

    for (uint32_t i = 0; i < slicing->decls->count; i++) {
        const struct ast_json *name = slice_member(&slicing->decls->items[i], "name");
        if (name && name->kind == JSON_STRING && is_function(&slicing->decls->items[i]))
            names[slicing->name_count++] = (struct slice_name){name->text, name->count, i};
    }
    qsort(names, slicing->name_count, sizeof *names, compare_names);
    slicing->names = names;
}

/* The function of the document with that name, or NULL. */
static const struct slice_name *
find_name(const struct slicing *slicing, const struct ast_json *name)
{
    struct slice_name key = {.text = name->text, .len = name->count};

    return bsearch(&key, slicing->names, slicing->name_count, sizeof key, compare_names);
}

/* ---- selection ---- */

/* Functions that are selected and whose calls have not been followed. */
struct work {
    struct slicing *slicing;
    uint32_t *todo;
    size_t count;
};

static void
select_called(void *context, const struct ast_json *name)
{
    struct work *work = context;
    const struct slice_name *found = find_name(work->slicing, name);

    if (!found || work->slicing->selected[found->decl])
        return;
    work->slicing->selected[found->decl] = true;
    work->todo[work->count++] = found->decl;
}

static void
select_exported(struct work *work, const struct ast_json *export)
{
    const struct ast_json *names = slice_member(export, "names");

    for (uint32_t i = 0; names && names->kind == JSON_ARRAY && i < names->count; i++)
        if (names->items[i].kind == JSON_STRING)
            select_called(work, &names->items[i]);
}

static void
select_locals(struct slicing *slicing)
{
    const struct ast_json *solve = slice_member(slicing->document, "solve");
    struct work work = {slicing, ARENA_ARRAY(slicing->arena, uint32_t, slicing->decls->count + 1), 0};

    if (slicing->in_solve && solve)
        slice_each_head(solve, select_called, &work);
    for (uint32_t i = 0; i < slicing->decls->count; i++)
        if (slicing->selected[i])
            work.todo[work.count++] = i;
    while (work.count) {
        const struct ast_json *decl = &slicing->decls->items[work.todo[--work.count]];
        if (is_kind(decl, "export"))
            select_exported(&work, decl);
        else
            slice_each_head_of_decl(decl, select_called, &work);
    }
}

/* The names of an export whose functions are selected. */
static struct ast_json
exported_names(const struct slicing *slicing, const struct ast_json *export)
{
    const struct ast_json *names = slice_member(export, "names");
    uint32_t count = names && names->kind == JSON_ARRAY ? names->count : 0;
    struct ast_json *items = ARENA_ARRAY(slicing->arena, struct ast_json, count + 1);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct slice_name *found =
            names->items[i].kind == JSON_STRING ? find_name(slicing, &names->items[i]) : NULL;
        if (found && slicing->selected[found->decl])
            items[kept++] = names->items[i];
    }
    return (struct ast_json){.kind = JSON_ARRAY, .count = kept, .items = items};
}

/* Puts one declaration of the document into the slice. An export has the names of what is selected; one that
 * was asked for itself stays whole when nothing is added to it. */
static void
put(struct slicing *slicing, uint32_t index)
{
    const struct ast_json *decl = &slicing->decls->items[index];
    struct ast_json value = *decl;

    if (is_kind(decl, "export") && !(slicing->focus == index && !(slicing->closure & SLICE_LOCALS))) {
        struct ast_json names = exported_names(slicing, decl);
        if (!names.count && slicing->focus != index)
            return;
        value = slice_with(slicing->arena, decl, "names", names);
    } else if (!slicing->selected[index]) {
        return;
    }
    slicing->out[slicing->out_count++] = (struct slice_decl){value, index};
}

void
slice_select(struct slicing *slicing)
{
    bool focus_first = slicing->request->enclosure != SLICE_MODULE && slicing->focus >= 0;

    list_names(slicing);
    if (slicing->focus >= 0)
        slicing->selected[slicing->focus] = true;
    for (uint32_t i = 0; !slicing->request->ptr[0] && i < slicing->decls->count; i++)
        slicing->selected[i] = true;
    if (slicing->closure & SLICE_LOCALS)
        select_locals(slicing);
    slicing->out = ARENA_ARRAY(slicing->arena, struct slice_decl, slicing->decls->count + 1);
    if (focus_first)
        put(slicing, (uint32_t)slicing->focus);
    for (uint32_t i = 0; i < slicing->decls->count; i++)
        if (!focus_first || slicing->focus != i)
            put(slicing, i);
}

/* ---- what heads name ---- */

struct search {
    struct slicing *slicing;
    struct strings found;
};

static void
search_slice(struct search *search, void (*hear)(void *context, const struct ast_json *head))
{
    struct slicing *slicing = search->slicing;

    for (size_t i = 0; i < slicing->out_count; i++)
        slice_each_head_of_decl(&slicing->out[i].value, hear, search);
    if (slicing->solve)
        slice_each_head(slicing->solve, hear, search);
}

static void
hear_module(void *context, const struct ast_json *head)
{
    struct search *search = context;
    const char *dot = memrchr(head->text, '.', head->count);

    if (dot)
        strings_add(&search->found, slice_string(head->text, (size_t)(dot - head->text)));
}

/* The imports of the document that the slice calls into. */
struct ast_json
slice_imports(struct slicing *slicing)
{
    const struct ast_json *imports = slice_member(slicing->document, "imports");
    struct search search = {.slicing = slicing};
    uint32_t count = imports && imports->kind == JSON_ARRAY ? imports->count : 0;
    struct ast_json *items = ARENA_ARRAY(slicing->arena, struct ast_json, count + 1);
    uint32_t kept = 0, at = 0;

    search_slice(&search, hear_module);
    struct ast_json modules = strings_finish(slicing->arena, &search.found);
    struct ast_json *known = ARENA_ARRAY(slicing->arena, struct ast_json, count + 1);
    if (count)
        memcpy(known, imports->items, count * sizeof *known);
    struct ast_json sorted = slice_sorted_set(slicing->arena, known, count);
    for (uint32_t i = 0; i < sorted.count && at < modules.count;) {
        struct slice_name a = {sorted.items[i].text, sorted.items[i].count, 0};
        struct slice_name b = {modules.items[at].text, modules.items[at].count, 0};
        int order = compare_names(&a, &b);
        if (!order)
            items[kept++] = sorted.items[i];
        i += order <= 0;
        at += order >= 0;
    }
    return (struct ast_json){.kind = JSON_ARRAY, .count = kept, .items = items};
}

static void
hear_local(void *context, const struct ast_json *head)
{
    struct search *search = context;
    const struct slice_name *found = find_name(search->slicing, head);

    if (found && !search->slicing->selected[found->decl])
        strings_add(&search->found, *head);
}

/* The functions of the document that the slice calls and has not. */
struct ast_json
slice_missing_locals(struct slicing *slicing)
{
    struct search search = {.slicing = slicing};

    search_slice(&search, hear_local);
    return strings_finish(slicing->arena, &search.found);
}
