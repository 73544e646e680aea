/* typecheck_type_head.c: the ty.* heads, whose first operand is a type. */
#include "sema/typecheck_unit.h"

#include <string.h>

enum type_result { RESULT_I32, RESULT_TYPE, RESULT_BYTES, RESULT_VEC };

static const struct type_head {
    const char *name;
    enum type_result result;
    bool strict; /* takes exactly the type and one value of it */
} type_heads[] = {
    {"ty.size_bytes", RESULT_I32, false},  {"ty.size", RESULT_I32, false},
    {"ty.lt", RESULT_I32, false},          {"ty.eq", RESULT_I32, false},
    {"ty.cmp", RESULT_I32, false},         {"ty.hash32", RESULT_I32, false},
    {"ty.read_le_at", RESULT_TYPE, false}, {"ty.write_le_at", RESULT_BYTES, false},
    {"ty.push_le", RESULT_VEC, false},     {"ty.clone", RESULT_TYPE, true},
    {"ty.drop", RESULT_I32, true},
};

bool
is_type_head(const struct symbol *head)
{
    return !strncmp(head->text, "ty.", 3);
}

static const struct type_head *
find_type_head(const char *name)
{
    for (size_t i = 0; i < sizeof type_heads / sizeof type_heads[0]; i++)
        if (!strcmp(type_heads[i].name, name))
            return &type_heads[i];
    return NULL;
}

static struct term *
result_term(struct unit *unit, enum type_result result, struct term *type)
{
    switch (result) {
    case RESULT_TYPE:
        return type;
    case RESULT_BYTES:
        return unit->bytes;
    case RESULT_VEC:
        return unit->vec;
    case RESULT_I32:
        break;
    }
    return unit->i32;
}

static void
infer_operands(struct unit *unit, const struct ast_expr *expr)
{
    for (uint32_t i = 2; i < expr->count; i++)
        infer(unit, expr->items[i], NULL);
}

static void
check_strict(struct unit *unit, const struct ast_expr *expr, struct term *type)
{
    struct symbol *head = expr->items[0]->symbol;

    if (expr->count == 3) {
        expect(unit, expr->items[2],
               (struct constraint){.want = type, .origin = ORIGIN_CALL_ARG, .name = head, .index = 1});
        return;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, "X07-TYPE-CALL-0003", SEVERITY_ERROR, "type", expr->loc,
                        "arity mismatch for %Q: expected 2 args got %d", head, (int)expr->count - 1);
    diagnostic_data_symbol(unit->out, diagnostic, "callee", head);
    diagnostic_data_number(unit->out, diagnostic, "want", 2);
    diagnostic_data_number(unit->out, diagnostic, "got", expr->count - 1);
    infer_operands(unit, expr);
}

struct term *
infer_type_head(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    const struct type_head *head = find_type_head(expr->items[0]->symbol->text);
    struct term *type = expr->count > 1 ? term_of_expr(unit, expr->items[1]) : NULL;

    if (!type)
        return term_meta(unit);
    if (head && head->strict)
        check_strict(unit, expr, type);
    else
        infer_operands(unit, expr);
    return head ? infer_known(unit, expr, result_term(unit, head->result, type), want) : term_meta(unit);
}
