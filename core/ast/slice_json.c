/* slice_json.c: JSON as slices need it: copies that differ in a member, heads, sets of names. */
#include "ast/slice_parts.h"

#include <stdlib.h>
#include <string.h>

const char *const slice_clauses[] = {"requires", "ensures", "invariant", NULL};

const struct ast_json *
slice_member(const struct ast_json *object, const char *name)
{
    return object && object->kind == JSON_OBJECT ? ast_json_get(object, name) : NULL;
}

struct ast_json
slice_string(const char *text, size_t len)
{
    return (struct ast_json){.kind = JSON_STRING, .count = (uint32_t)len, .text = text};
}

static bool
is_named(const struct ast_json_member *member, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == member->name_len && memcmp(*names, member->name, member->name_len) == 0)
            return true;
    return false;
}

struct ast_json
slice_without(struct arena *arena, const struct ast_json *object, const char *const *names)
{
    struct ast_json_member *members = ARENA_ARRAY(arena, struct ast_json_member, object->count + 1);
    uint32_t count = 0;

    for (uint32_t i = 0; i < object->count; i++)
        if (!is_named(&object->members[i], names))
            members[count++] = object->members[i];
    return (struct ast_json){.kind = JSON_OBJECT, .count = count, .members = members};
}

struct ast_json
slice_with(struct arena *arena, const struct ast_json *object, const char *name, struct ast_json value)
{
    const char *const names[] = {name, NULL};
    struct ast_json copy = slice_without(arena, object, names);
    struct ast_json_member *members = (struct ast_json_member *)(uintptr_t)copy.members;

    members[copy.count++] =
        (struct ast_json_member){.name = name, .name_len = (uint32_t)strlen(name), .value = value};
    return copy;
}

void
slice_each_head(const struct ast_json *value, void (*hear)(void *context, const struct ast_json *head),
                void *context)
{
    if (value->kind == JSON_ARRAY && value->count && value->items[0].kind == JSON_STRING)
        hear(context, &value->items[0]);
    for (uint32_t i = 0; i < value->count && value->kind == JSON_ARRAY; i++)
        slice_each_head(&value->items[i], hear, context);
    for (uint32_t i = 0; i < value->count && value->kind == JSON_OBJECT; i++)
        slice_each_head(&value->members[i].value, hear, context);
}

void
slice_each_head_of_decl(const struct ast_json *decl, void (*hear)(void *context, const struct ast_json *head),
                        void *context)
{
    const struct ast_json *body = slice_member(decl, "body");

    if (body)
        slice_each_head(body, hear, context);
    for (const char *const *clause = slice_clauses; *clause; clause++) {
        const struct ast_json *list = slice_member(decl, *clause);
        if (list)
            slice_each_head(list, hear, context);
    }
}

static int
compare(const void *left, const void *right)
{
    const struct ast_json *a = left;
    const struct ast_json *b = right;
    int order = memcmp(a->text, b->text, a->count < b->count ? a->count : b->count);

    return order ? order : a->count < b->count ? -1 : a->count > b->count;
}

struct ast_json
slice_sorted_set(struct arena *arena, struct ast_json *strings, size_t count)
{
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, count + 1);
    uint32_t kept = 0;

    if (count)
        qsort(strings, count, sizeof *strings, compare);
    for (size_t i = 0; i < count; i++)
        if (!i || compare(&strings[i - 1], &strings[i]) != 0)
            items[kept++] = strings[i];
    return (struct ast_json){.kind = JSON_ARRAY, .count = kept, .items = items};
}
