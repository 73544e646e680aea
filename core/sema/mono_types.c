/* mono_types.c: type operands of tapp and ty.*: reading, substituting, measuring, printing, and bounds.
 * Knows no functions and no lowerings. */
#include "ast/json.h"
#include "sema/mono_inside.h"

#include <string.h>

bool
mono_fail_type(struct mono_work *work, const char *format, const struct symbol *name,
               const struct ast_type *type)
{
    struct text display = {0};

    ast_type_display(type, &display);
    failure_set(work->program->failure, KIND_TYPING, format, name);
    failure_append(work->program->failure, "%s", text_string(&display));
    text_free(&display);
    return false;
}

/* ---- reading ---- */

static struct ast_type *
type_new(struct mono_work *work, enum ast_type_kind kind, struct symbol *name, uint32_t count)
{
    struct ast_type *type = ARENA_NEW(work->program->context->arena, struct ast_type);

    type->kind = kind;
    type->name = name;
    type->count = count;
    if (count)
        type->args = ARENA_ARRAY(work->program->context->arena, struct ast_type *, count);
    return type;
}

static struct ast_type *
type_fail(struct mono_work *work, const char *message)
{
    failure_set(work->program->failure, KIND_PARSE, "%s", message);
    return NULL;
}

static struct ast_type *
type_read_list(struct mono_work *work, const struct ast_expr *list)
{
    struct symbol *head = list->items[0]->symbol;

    if (!strcmp(head->text, "t")) {
        if (list->count != 2)
            return type_fail(work, "type var expression must be [\"t\", <name>]");
        if (list->items[1]->kind != AST_ATOM)
            return type_fail(work, "type var name must be a string");
        return type_new(work, AST_TYPE_VAR, list->items[1]->symbol, 0);
    }
    if (list->count < 2)
        return type_fail(work, "type application must have at least 1 argument");
    struct ast_type *type = type_new(work, AST_TYPE_APP, head, list->count - 1);
    for (uint32_t i = 0; i < type->count; i++)
        if (!(type->args[i] = mono_type_read(work, list->items[i + 1])))
            return NULL;
    return type;
}

struct ast_type *
mono_type_read(struct mono_work *work, const struct ast_expr *expr)
{
    switch (expr->kind) {
    case AST_ATOM:
        return type_new(work, AST_TYPE_NAMED, expr->symbol, 0);
    case AST_LIST:
        return type_read_list(work, expr);
    case AST_INT:
        break;
    }
    return type_fail(work, "type expression must be a string or a list");
}

/* ---- substituting and measuring ---- */

static struct ast_type *
type_argument(struct mono_work *work, const struct mono_caller *caller, const struct symbol *name)
{
    for (uint32_t i = 0; i < caller->generic->type_param_count; i++)
        if (caller->generic->type_params[i].name == name)
            return caller->args[i];
    failure_set(work->program->failure, KIND_TYPING, "X07-TY-0107: unknown type var: %Q", name);
    return NULL;
}

struct ast_type *
mono_type_substitute(struct mono_work *work, const struct mono_caller *caller, struct ast_type *type)
{
    if (!caller->generic || type->kind == AST_TYPE_NAMED)
        return type;
    if (type->kind == AST_TYPE_VAR)
        return type_argument(work, caller, type->name);
    struct ast_type *result = type_new(work, AST_TYPE_APP, type->name, type->count);
    for (uint32_t i = 0; i < type->count; i++)
        if (!(result->args[i] = mono_type_substitute(work, caller, type->args[i])))
            return NULL;
    return result;
}

bool
mono_type_is_concrete(const struct ast_type *type)
{
    for (uint32_t i = 0; i < type->count; i++)
        if (!mono_type_is_concrete(type->args[i]))
            return false;
    return type->kind != AST_TYPE_VAR;
}

uint32_t
mono_type_depth(const struct ast_type *type, uint32_t *budget)
{
    uint32_t deepest = 0;

    if (*budget)
        (*budget)--;
    for (uint32_t i = 0; i < type->count && *budget; i++) {
        uint32_t depth = mono_type_depth(type->args[i], budget);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* ---- printing ---- */

void
mono_type_write(const struct ast_type *type, struct text *out)
{
    if (type->kind == AST_TYPE_NAMED) {
        ast_json_write_string(type->name->text, type->name->len, out);
        return;
    }
    text_putc(out, '[');
    if (type->kind == AST_TYPE_VAR)
        text_puts(out, "\"t\",");
    ast_json_write_string(type->name->text, type->name->len, out);
    for (uint32_t i = 0; i < type->count; i++) {
        text_putc(out, ',');
        mono_type_write(type->args[i], out);
    }
    text_putc(out, ']');
}

void
mono_type_write_name(const struct ast_type *type, struct text *out)
{
    if (type->kind == AST_TYPE_VAR)
        text_puts(out, "t_");
    text_append(out, type->name->text, type->name->len);
    for (uint32_t i = 0; i < type->count; i++) {
        text_putc(out, '_');
        mono_type_write_name(type->args[i], out);
    }
}

/* ---- bounds ---- */

struct mono_bound {
    const char *name;
    const char *display;
    const char *types[5]; /* that satisfy it; none listed: all do */
};

static const struct mono_bound bounds[] = {
    {"any", "Any", {NULL}},
    {"bytes_like", "BytesLike", {"bytes", "bytes_view"}},
    {"num_like", "NumLike", {"i32", "u32"}},
    {"value", "Value", {"i32", "u32", "bytes", "bytes_view"}},
    {"hashable", "Hashable", {"i32", "u32", "bytes", "bytes_view"}},
    {"orderable", "Orderable", {"i32", "u32", "bytes", "bytes_view"}},
};

const struct mono_bound *
mono_bound_find(const char *name)
{
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (!strcmp(bounds[i].name, name))
            return &bounds[i];
    return NULL;
}

static bool
bound_holds(const struct mono_bound *bound, const struct ast_type *type)
{
    if (!bound->types[0])
        return true;
    for (int i = 0; type->kind == AST_TYPE_NAMED && bound->types[i]; i++)
        if (!strcmp(bound->types[i], type->name->text))
            return true;
    return false;
}

bool
mono_bound_check(struct mono_work *work, const struct mono_bound *bound, const struct symbol *name,
                 const struct ast_type *type)
{
    if (bound_holds(bound, type))
        return true;
    struct text display = {0};
    ast_type_display(type, &display);
    failure_set(work->program->failure, KIND_TYPING,
                "X07-TY-0104: bound unsatisfied for %Q: expected %s got %s", name, bound->display,
                text_string(&display));
    text_free(&display);
    return false;
}
