/* lift.c: see lift.h. */
#include "report/lift.h"

#include <string.h>

enum { CODE_MAX = 64 };

static const char *const stages[] = {"parse",   "lint", "rewrite", "type", "lower",
                                     "codegen", "link", "run",     NULL};
static const char *const severities[] = {"error", "warning", "info", "hint", NULL};
static const char *const operations[] = {"add", "replace", "test", "remove", "move", "copy", NULL};

static const struct ast_json *
member(const struct ast_json *object, const char *name, enum ast_json_kind kind)
{
    const struct ast_json *value = object->kind == JSON_OBJECT ? ast_json_get(object, name) : NULL;

    return value && value->kind == kind ? value : NULL;
}

static bool
is_one_of(const struct ast_json *value, const char *const *words)
{
    for (; value && *words; words++)
        if (ast_json_is(value, *words))
            return true;
    return false;
}

/* Whether an object has no members but these. */
static bool
is_closed(const struct ast_json *object, const char *const *names)
{
    for (uint32_t i = 0; i < object->count; i++) {
        const struct ast_json_member *at = &object->members[i];
        const char *const *name = names;
        while (*name && (strlen(*name) != at->name_len || memcmp(*name, at->name, at->name_len) != 0))
            name++;
        if (!*name)
            return false;
    }
    return true;
}

static bool
is_position(const struct ast_json *value)
{
    static const char *const names[] = {"line", "col", "offset", NULL};
    const struct ast_json *offset;

    if (!value || !is_closed(value, names))
        return false;
    const struct ast_json *line = member(value, "line", JSON_INTEGER);
    const struct ast_json *col = member(value, "col", JSON_INTEGER);
    if (!line || !col || line->integer < 1 || col->integer < 1)
        return false;
    offset = ast_json_get(value, "offset");
    return !offset || (offset->kind == JSON_INTEGER && offset->integer >= 0);
}

static bool
is_optional_string(const struct ast_json *object, const char *name)
{
    const struct ast_json *value = ast_json_get(object, name);

    return !value || value->kind == JSON_STRING;
}

static bool
is_text_location(const struct ast_json *value)
{
    static const char *const names[] = {"kind", "span", "snippet", NULL};
    static const char *const span_names[] = {"start", "end", "file", NULL};
    const struct ast_json *span = member(value, "span", JSON_OBJECT);

    return span && is_closed(value, names) && is_closed(span, span_names) &&
           is_position(member(span, "start", JSON_OBJECT)) && is_position(member(span, "end", JSON_OBJECT)) &&
           is_optional_string(span, "file") && is_optional_string(value, "snippet");
}

static bool
is_location(const struct ast_json *value)
{
    static const char *const names[] = {"kind", "ptr", NULL};
    const struct ast_json *kind = member(value, "kind", JSON_STRING);

    if (!kind)
        return false;
    if (ast_json_is(kind, "x07ast"))
        return member(value, "ptr", JSON_STRING) && is_closed(value, names);
    return ast_json_is(kind, "text") && is_text_location(value);
}

static bool
is_operation(const struct ast_json *value)
{
    static const char *const with_value[] = {"op", "path", "value", NULL};
    static const char *const with_from[] = {"op", "path", "from", NULL};
    static const char *const alone[] = {"op", "path", NULL};
    const struct ast_json *op = member(value, "op", JSON_STRING);

    if (!is_one_of(op, operations) || !member(value, "path", JSON_STRING))
        return false;
    if (ast_json_is(op, "remove"))
        return is_closed(value, alone);
    if (ast_json_is(op, "move") || ast_json_is(op, "copy"))
        return member(value, "from", JSON_STRING) && is_closed(value, with_from);
    return ast_json_get(value, "value") && is_closed(value, with_value);
}

static bool
is_quickfix(const struct ast_json *value)
{
    static const char *const names[] = {"kind", "patch", "note", NULL};
    const struct ast_json *kind = member(value, "kind", JSON_STRING);
    const struct ast_json *patch = member(value, "patch", JSON_ARRAY);

    if (!kind || !ast_json_is(kind, "json_patch") || !patch || !is_closed(value, names) ||
        !is_optional_string(value, "note"))
        return false;
    for (uint32_t i = 0; i < patch->count; i++)
        if (!is_operation(&patch->items[i]))
            return false;
    return true;
}

static bool
is_code(const struct ast_json *value)
{
    if (!value || !value->count || value->count > CODE_MAX || value->text[0] < 'A' || value->text[0] > 'Z')
        return false;
    for (uint32_t i = 1; i < value->count; i++)
        if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", value->text[i], 38))
            return false;
    return true;
}

static void
write_value(struct arena *arena, x07_json *json, const struct ast_json *value)
{
    struct ast_json sorted = ast_json_copy_sorted(arena, value);
    struct text text = {0};

    ast_json_write(&sorted, &text);
    x07_json_raw(json, text_string(&text), text.len);
    text_free(&text);
}

static void
write_text(x07_json *json, const char *name, const struct ast_json *value, const char *otherwise)
{
    x07_json_name(json, name);
    if (value)
        x07_json_string_n(json, value->text, value->count);
    else
        x07_json_string(json, otherwise);
}

/* The elements of a list that are good; no member when there is none. */
static void
write_list(struct arena *arena, x07_json *json, const struct ast_json *diagnostic, const char *name,
           bool (*is_good)(const struct ast_json *element))
{
    const struct ast_json *list = member(diagnostic, name, JSON_ARRAY);
    bool begun = false;

    for (uint32_t i = 0; list && i < list->count; i++) {
        if (!is_good(&list->items[i]))
            continue;
        if (!begun) {
            x07_json_name(json, name);
            x07_json_begin(json, '[');
        }
        begun = true;
        write_value(arena, json, &list->items[i]);
    }
    if (begun)
        x07_json_end(json, ']');
}

static bool
is_string(const struct ast_json *value)
{
    return value->kind == JSON_STRING;
}

static void
write_diagnostic(struct arena *arena, const struct ast_json *diagnostic, x07_json *json,
                 struct lifted *lifted)
{
    const struct ast_json *code = member(diagnostic, "code", JSON_STRING);
    const struct ast_json *data = member(diagnostic, "data", JSON_OBJECT);
    const struct ast_json *loc = member(diagnostic, "loc", JSON_OBJECT);
    const struct ast_json *message = member(diagnostic, "message", JSON_STRING);
    const struct ast_json *quickfix = member(diagnostic, "quickfix", JSON_OBJECT);
    const struct ast_json *severity = member(diagnostic, "severity", JSON_STRING);
    const struct ast_json *stage = member(diagnostic, "stage", JSON_STRING);

    x07_json_begin(json, '{');
    write_text(json, "code", is_code(code) ? code : NULL, LIFT_DEFAULT_CODE);
    if (data && data->count) {
        x07_json_name(json, "data");
        write_value(arena, json, data);
    }
    if (loc && is_location(loc)) {
        x07_json_name(json, "loc");
        write_value(arena, json, loc);
    }
    write_text(json, "message", message && message->count ? message : NULL, "wrapped command diagnostic");
    write_list(arena, json, diagnostic, "notes", is_string);
    if (quickfix && is_quickfix(quickfix)) {
        x07_json_name(json, "quickfix");
        write_value(arena, json, quickfix);
    }
    write_list(arena, json, diagnostic, "related", is_location);
    if (!is_one_of(severity, severities))
        severity = NULL;
    write_text(json, "severity", severity, "error");
    write_text(json, "stage", is_one_of(stage, stages) ? stage : NULL, "run");
    x07_json_end(json, '}');
    lifted->count++;
    lifted->has_error = lifted->has_error || !severity || ast_json_is(severity, "error");
}

bool
lift_diagnostics(struct arena *arena, const struct ast_json *document, x07_json *json, struct lifted *lifted)
{
    static const char *const names[] = {"diagnostics", "diags"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct ast_json *list = member(document, names[i], JSON_ARRAY);
        if (!list)
            continue;
        for (uint32_t k = 0; k < list->count; k++)
            if (list->items[k].kind == JSON_OBJECT)
                write_diagnostic(arena, &list->items[k], json, lifted);
        if (!list->count || lifted->count)
            return true;
    }
    return false;
}
