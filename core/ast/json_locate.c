/* json_locate.c: see json_locate.h. Walks text and tree side by side. */
#include "ast/json_locate.h"

#include <string.h>

struct walk {
    const char *at, *end;
    const struct ast_json *target;
    const struct ast_json_member *member;
    const char *start; /* of what was looked for, once found */
    bool found;
};

static void
skip_blank(struct walk *walk)
{
    while (walk->at < walk->end && strchr(" \t\r\n", *walk->at) && *walk->at)
        walk->at++;
}

/* Steps over the byte between values. */
static void
skip_mark(struct walk *walk)
{
    skip_blank(walk);
    if (walk->at < walk->end)
        walk->at++;
}

static void
skip_string(struct walk *walk)
{
    for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++)
        if (*walk->at == '\\')
            walk->at++;
    walk->at++;
}

static void
skip_word(struct walk *walk)
{
    while (walk->at < walk->end && !strchr(",]} \t\r\n", *walk->at))
        walk->at++;
}

static void walk_value(struct walk *walk, const struct ast_json *value);

static void
walk_members(struct walk *walk, const struct ast_json *value)
{
    for (uint32_t i = 0; i < value->count && !walk->found; i++) {
        const struct ast_json_member *member = &value->members[i];
        skip_mark(walk); /* '{' or ',' */
        skip_blank(walk);
        walk->start = walk->at;
        skip_string(walk);
        walk->found = member == walk->member;
        if (walk->found)
            return;
        skip_mark(walk); /* ':' */
        walk_value(walk, &member->value);
    }
}

static void
walk_items(struct walk *walk, const struct ast_json *value)
{
    for (uint32_t i = 0; i < value->count && !walk->found; i++) {
        skip_mark(walk); /* '[' or ',' */
        walk_value(walk, &value->items[i]);
    }
}

/* Leaves `at` behind the value, or behind what was found inside. */
static void
walk_value(struct walk *walk, const struct ast_json *value)
{
    skip_blank(walk);
    const char *start = walk->at;

    if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY) {
        if (value->kind == JSON_OBJECT)
            walk_members(walk, value);
        else
            walk_items(walk, value);
        if (walk->found)
            return;
        if (!value->count)
            walk->at++; /* the opening one */
        skip_mark(walk);
    } else if (value->kind == JSON_STRING) {
        skip_string(walk);
    } else {
        skip_word(walk);
    }
    if (value == walk->target) {
        walk->start = start;
        walk->found = true;
    }
}

bool
json_locate(const char *data, size_t len, const struct ast_json *root, const struct ast_json *target,
            size_t *start, size_t *end)
{
    struct walk walk = {.at = data, .end = data + len, .target = target};

    walk_value(&walk, root);
    *start = walk.found ? (size_t)(walk.start - data) : 0;
    *end = walk.found ? (size_t)(walk.at - data) : 0;
    return walk.found;
}

bool
json_locate_name(const char *data, size_t len, const struct ast_json *root,
                 const struct ast_json_member *member, size_t *end)
{
    struct walk walk = {.at = data, .end = data + len, .member = member};

    walk_value(&walk, root);
    *end = walk.found ? (size_t)(walk.at - data) : 0;
    return walk.found;
}

void
json_append_place(const char *data, size_t offset, struct text *out)
{
    size_t line = 1, column = 0;

    for (size_t i = 0; i < offset; i++) {
        column++;
        if (data[i] == '\n') {
            line++;
            column = 0;
        }
    }
    text_printf(out, " at line %zu column %zu", line, column);
}
