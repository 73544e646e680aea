/* typecheck_term.c: types as terms: how they are read, simplified and shown. */
#include "ast/json.h"
#include "sema/typecheck_unit.h"

#include <string.h>

static struct term *
term_new(struct unit *unit, enum term_kind kind, struct symbol *name)
{
    struct term *term = ARENA_NEW(unit->arena, struct term);

    term->kind = kind;
    term->name = name;
    return term;
}

static struct term *
term_symbol(struct unit *unit, struct symbol *name)
{
    if (!strcmp(name->text, "i32") || !strcmp(name->text, "u32"))
        return unit->i32;
    return term_new(unit, TERM_NAMED, name);
}

struct term *
term_named(struct unit *unit, const char *name)
{
    return term_new(unit, TERM_NAMED, ast_intern_string(unit->context, name));
}

struct term *
term_meta(struct unit *unit)
{
    struct term *term = term_new(unit, TERM_META, NULL);

    term->number = unit->meta_count++;
    return term;
}

/* The name of an application that is one of the concrete types, or NULL. */
static const char *
concrete_name(const struct symbol *head, const struct term *arg)
{
    static const struct {
        const char *head, *arg, *name;
    } table[] = {
        {"option", "i32", "option_i32"},
        {"option", "bytes", "option_bytes"},
        {"option", "bytes_view", "option_bytes_view"},
        {"result", "i32", "result_i32"},
        {"result", "bytes", "result_bytes"},
        {"result", "bytes_view", "result_bytes_view"},
        {"result", "result_bytes", "result_result_bytes"},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (!strcmp(table[i].head, head->text) && !strcmp(table[i].arg, arg->name->text))
            return table[i].name;
    return NULL;
}

static struct term *
term_applied(struct unit *unit, struct symbol *head, struct term **args, uint32_t count)
{
    const char *name = count == 1 && args[0]->kind == TERM_NAMED ? concrete_name(head, args[0]) : NULL;

    if (name)
        return term_named(unit, name);
    struct term *term = term_new(unit, TERM_APP, head);
    term->args = args;
    term->count = count;
    return term;
}

static struct term *
term_param(struct unit *unit, struct symbol *name, const struct term_env *env)
{
    for (uint32_t i = 0; env && i < env->count; i++)
        if (env->params[i].name == name)
            return env->args[i];
    return term_new(unit, TERM_PARAM, name);
}

struct term *
term_of_type(struct unit *unit, const struct ast_type *type, const struct term_env *env)
{
    if (type->kind == AST_TYPE_NAMED)
        return term_symbol(unit, type->name);
    if (type->kind == AST_TYPE_VAR)
        return term_param(unit, type->name, env);
    struct term **args = ARENA_ARRAY(unit->arena, struct term *, type->count);
    for (uint32_t i = 0; i < type->count; i++)
        args[i] = term_of_type(unit, type->args[i], env);
    return term_applied(unit, type->name, args, type->count);
}

struct term *
term_of_expr(struct unit *unit, const struct ast_expr *expr)
{
    if (expr->kind == AST_ATOM)
        return term_symbol(unit, expr->symbol);
    if (expr->kind == AST_INT || expr->count < 2)
        return NULL;
    struct symbol *head = expr->items[0]->symbol;
    if (!strcmp(head->text, "t"))
        return expr->count == 2 && expr->items[1]->kind == AST_ATOM
                   ? term_new(unit, TERM_PARAM, expr->items[1]->symbol)
                   : NULL;
    struct term **args = ARENA_ARRAY(unit->arena, struct term *, expr->count - 1);
    for (uint32_t i = 0; i + 1 < expr->count; i++)
        if (!(args[i] = term_of_expr(unit, expr->items[i + 1])))
            return NULL;
    return term_applied(unit, head, args, expr->count - 1);
}

struct term *
term_resolve(struct term *term)
{
    while (term->kind == TERM_META && term->bound)
        term = term->bound;
    return term;
}

/* Counts the parts, and the metavariables among them, until there are too many parts. */
static void
term_count(struct term *term, uint32_t *parts, uint32_t *metas)
{
    term = term_resolve(term);
    *metas += term->kind == TERM_META;
    for (uint32_t i = 0; ++*parts <= TERM_MAX_PARTS && i < term->count; i++)
        term_count(term->args[i], parts, metas);
}

bool
term_is_resolved(struct term *term)
{
    uint32_t parts = 0;
    uint32_t metas = 0;

    term_count(term, &parts, &metas);
    return !metas && parts <= TERM_MAX_PARTS;
}

static void
write_name(const struct symbol *name, struct text *out)
{
    ast_json_write_string(name->text, name->len, out);
}

static void
write_term(struct term *term, struct text *out)
{
    term = term_resolve(term);
    switch (term->kind) {
    case TERM_NAMED:
        write_name(term->name, out);
        break;
    case TERM_PARAM:
        text_puts(out, "[\"t\",");
        write_name(term->name, out);
        text_putc(out, ']');
        break;
    case TERM_META:
        text_printf(out, "[\"meta\",%u]", term->number);
        break;
    case TERM_NEVER:
        text_puts(out, "\"never\"");
        break;
    case TERM_APP:
        text_putc(out, '[');
        write_name(term->name, out);
        for (uint32_t i = 0; i < term->count; i++) {
            text_putc(out, ',');
            write_term(term->args[i], out);
        }
        text_putc(out, ']');
        break;
    }
}

void
term_write(struct term *term, struct text *out)
{
    uint32_t parts = 0;
    uint32_t metas = 0;

    term_count(term, &parts, &metas);
    if (parts <= TERM_MAX_PARTS)
        write_term(term, out);
    else
        text_puts(out, "null");
}

void
term_brief(struct term *term, struct text *out)
{
    term = term_resolve(term);
    if (term->kind == TERM_META)
        text_printf(out, "?%u", term->number);
    else
        text_puts(out, term->kind == TERM_NEVER ? "never" : term->name->text);
}
