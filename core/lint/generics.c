/* generics.c: type variables that nothing declares, and declared ones that nothing uses. */
#include "lint/unit.h"

#include "base/ptrmap.h"
#include "base/quote.h"

/* One function. */
struct generics {
    struct lint_unit *unit;
    const struct ast_func *func;
    struct ptrmap declared; /* symbol -> its index + 1 */
    struct ptrmap used;
    struct ptrmap offered; /* variables that have a fix already */
};

/* The first variable of a type that is not declared, depth first; uses are recorded. */
static const struct symbol *
first_undeclared(struct generics *generics, const struct ast_type *type)
{
    const struct symbol *first = NULL;

    if (!type)
        return NULL;
    if (type->kind == AST_TYPE_VAR) {
        ptrmap_set(&generics->used, type->name, type->name);
        return ptrmap_get(&generics->declared, type->name) ? NULL : type->name;
    }
    for (uint32_t i = 0; i < type->count; i++) {
        const struct symbol *name = first_undeclared(generics, type->args[i]);
        first = first ? first : name;
    }
    return first;
}

/* Only the first finding of a variable gets a fix. */
static void
fix_declare(struct generics *generics, struct diagnostic *found, const struct symbol *name)
{
    struct lint_unit *unit = generics->unit;
    const struct ast_func *func = generics->func;
    const struct ast_loc *loc = ast_loc_member(unit->context, func->loc, "type_params");
    struct text value = {0};
    struct text note = {0};

    if (func->kind == AST_EXTERN || ptrmap_get(&generics->offered, name))
        return;
    ptrmap_set(&generics->offered, name, generics);
    text_puts(&value, func->type_param_count ? "{\"name\":" : "[{\"name\":");
    lint_write_symbol(name, &value);
    text_puts(&value, func->type_param_count ? "}" : "}]");
    if (func->type_param_count)
        loc = ast_loc_member(unit->context, loc, "-");
    lint_fix(unit, found, "add", loc, &value);
    text_append_quoted(&note, name->text, name->len);
    lint_fix_note(unit, found, "Declare type param %s", text_string(&note));
    text_free(&note);
}

static void
check_type(struct generics *generics, const struct ast_type *type, const struct ast_loc *loc)
{
    struct lint_unit *unit = generics->unit;
    const struct symbol *name = first_undeclared(generics, type);

    if (!name)
        return;
    struct diagnostic *found = lint_add(unit, CODE_GENERICS_UNDECLARED, loc,
                                        "undefined type var: %Q (not declared in type_params of %s)", name,
                                        generics->func->name->text);
    lint_note(unit, found, "Declare the type var under type_params, or use a concrete type.");
    fix_declare(generics, found, name);
}

/* ["t", name] among expressions. */
static void
check_expr(void *context, const struct ast_expr *expr)
{
    struct generics *generics = context;

    if (expr->kind != AST_LIST)
        return;
    const struct symbol *head = expr->items[0]->symbol;
    if (expr->count == 2 && head->len == 1 && head->text[0] == 't' && expr->items[1]->kind == AST_ATOM) {
        struct symbol *name = expr->items[1]->symbol;
        ptrmap_set(&generics->used, name, name);
        if (!ptrmap_get(&generics->declared, name)) {
            struct diagnostic *found =
                lint_add(generics->unit, CODE_GENERICS_UNDECLARED, expr->loc, "undefined type var: %Q", name);
            lint_note(generics->unit, found, "Declare the type var under type_params.");
            fix_declare(generics, found, name);
        }
    }
    for (uint32_t i = 0; i < expr->count; i++)
        check_expr(context, expr->items[i]);
}

static void
report_unused(struct generics *generics)
{
    struct lint_unit *unit = generics->unit;

    for (uint32_t i = 0; i < generics->func->type_param_count; i++) {
        const struct ast_type_param *param = &generics->func->type_params[i];

        if (ptrmap_get(&generics->used, param->name))
            continue;
        struct diagnostic *found =
            lint_add(unit, CODE_GENERICS_UNUSED, ast_loc_member(unit->context, param->loc, "name"),
                     "unused type param: %Q", param->name);
        lint_note(unit, found, "Remove the unused type param or use it in the signature/body.");
        lint_fix(unit, found, "remove", param->loc, NULL);
        lint_fix_note(unit, found, "Remove unused type param");
    }
}

static void
check_func(struct lint_unit *unit, const struct ast_func *func)
{
    struct generics generics = {.unit = unit, .func = func};

    for (uint32_t i = 0; i < func->type_param_count; i++)
        ptrmap_set(&generics.declared, func->type_params[i].name, &generics);
    for (uint32_t i = 0; i < func->param_count; i++)
        check_type(&generics, func->params[i].type, ast_loc_member(unit->context, func->params[i].loc, "ty"));
    check_type(&generics, func->result, ast_loc_member(unit->context, func->loc, "result"));
    lint_func_roots(func, check_expr, &generics);
    report_unused(&generics);
    ptrmap_free(&generics.declared);
    ptrmap_free(&generics.used);
    ptrmap_free(&generics.offered);
}

void
lint_generics(struct lint_unit *unit)
{
    for (uint32_t i = 0; i < unit->doc->func_count; i++)
        check_func(unit, unit->doc->funcs[i]);
}
