/* typecheck_contract.c: the static rules of contract clauses (language chapter, section 6.4). */
#include "sema/heads.h"
#include "sema/typecheck_unit.h"

#include <string.h>

/* Heads that a clause may call besides the operators and option_*, result_*; in the order of the note. */
static const char *const pure_heads[] = {
    "bytes.lit",   "bytes.view_lit", "i32.lit",       "bytes.view",      "bytes.subview",
    "bytes.len",   "bytes.get_u8",   "bytes.eq",      "bytes.cmp_range", "view.len",
    "view.get_u8", "view.slice",     "view.to_bytes",
};

static const char pure_note[] =
    "Allowed contract-pure heads/operators: +, -, *, /, %, =, !=, <, <=, >, >=, <u, <=u, >u, >=u, <<u, >>u, "
    "&, |, ^, &&, ||, bytes.lit, bytes.view_lit, i32.lit, bytes.view, bytes.subview, bytes.len, "
    "bytes.get_u8, bytes.eq, bytes.cmp_range, view.len, view.get_u8, view.slice, view.to_bytes; plus any "
    "`option_*` and `result_*`. Module calls are disallowed (only builtins/operators).";

static bool
is_pure_head(const struct symbol *head)
{
    if (head->head >= 0 && head_is_operator(head->head))
        return true;
    if (!strncmp(head->text, "option_", 7) || !strncmp(head->text, "result_", 7))
        return true;
    for (size_t i = 0; i < sizeof pure_heads / sizeof pure_heads[0]; i++)
        if (!strcmp(pure_heads[i], head->text))
            return true;
    return false;
}

static void
report_impure(struct unit *unit, const struct ast_expr *expr, const char *what, const struct symbol *name)
{
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, "X07-CONTRACT-0002", SEVERITY_ERROR, "type", expr->loc,
                        "contract expression is not pure: disallowed %s %Q", what, name);

    diagnostic_note(unit->out, diagnostic, pure_note);
}

/* Reports what is not pure in `expr` and returns the first operand to go on with, or the operands' end. */
static uint32_t
purity_of_head(struct unit *unit, const struct ast_expr *expr)
{
    const struct symbol *head = expr->items[0]->symbol;

    switch (head->head) {
    case FORM_BEGIN:
    case FORM_IF:
        return 1;
    case FORM_LET:
        return 2;
    case FORM_UNSAFE:
    case FORM_SET:
    case FORM_SET0:
    case FORM_FOR:
    case FORM_RETURN:
    case FORM_TRY:
        report_impure(unit, expr, "form", head);
        return expr->count;
    default:
        break;
    }
    if (head == unit->tapp) {
        if (expr->count > 1 && expr->items[1]->kind == AST_ATOM && !is_pure_head(expr->items[1]->symbol))
            report_impure(unit, expr, "callee", expr->items[1]->symbol);
        return 3;
    }
    if (!is_pure_head(head))
        report_impure(unit, expr, "call", head);
    return 1;
}

static bool
has_text_operand(const struct symbol *head)
{
    return head->head == HEAD_BYTES_LIT || head->head == HEAD_BYTES_VIEW_LIT;
}

static void
check_purity(struct unit *unit, const struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return;
    for (uint32_t i = purity_of_head(unit, expr); i < expr->count; i++)
        check_purity(unit, expr->items[i]);
}

/* __result outside ensures. */
static void
check_result_atoms(struct unit *unit, const struct ast_expr *expr)
{
    if (expr->kind == AST_ATOM && expr->symbol == unit->result_name)
        diagnostics_add(unit->out, "X07-CONTRACT-0003", SEVERITY_ERROR, "type", expr->loc,
                        "%Q is only available in ensures clauses", unit->result_name);
    if (expr->kind != AST_LIST || has_text_operand(expr->items[0]->symbol))
        return;
    for (uint32_t i = 1; i < expr->count; i++)
        check_result_atoms(unit, expr->items[i]);
}

static void
report_reserved(struct unit *unit, const struct ast_loc *loc)
{
    diagnostics_add(unit->out, "X07-CONTRACT-0004", SEVERITY_ERROR, "type", loc,
                    "reserved name is not allowed here: %Q", unit->result_name);
}

/* let and for that bind __result. */
static void
check_bindings(struct unit *unit, const struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return;
    int head = head_of(expr);
    if ((head == FORM_LET || head == FORM_FOR) && expr->count > 1 && expr->items[1]->kind == AST_ATOM &&
        expr->items[1]->symbol == unit->result_name)
        report_reserved(unit, expr->items[1]->loc);
    for (uint32_t i = 1; i < expr->count; i++)
        check_bindings(unit, expr->items[i]);
}

static void
check_reserved(struct unit *unit, const struct ast_func *func)
{
    for (uint32_t i = 0; i < func->param_count; i++)
        if (func->params[i].name == unit->result_name)
            report_reserved(unit, ast_loc_member(unit->context, func->params[i].loc, "name"));
    check_bindings(unit, func->body);
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t i = 0; i < func->clause_count[kind]; i++) {
            const struct ast_clause *clause = &func->clauses[kind][i];

            check_bindings(unit, clause->expr);
            for (uint32_t w = 0; w < clause->witness_count; w++)
                check_bindings(unit, clause->witness[w]);
        }
    }
}

static void
infer_witness(struct unit *unit, const struct ast_expr *expr)
{
    struct witness *witness = ARENA_NEW(unit->arena, struct witness);

    witness->expr = expr;
    witness->type = infer(unit, expr, NULL);
    *unit->witness_end = witness;
    unit->witness_end = &witness->next;
}

static void
check_clause(struct unit *unit, const struct ast_clause *clause, bool has_result)
{
    check_purity(unit, clause->expr);
    for (uint32_t i = 0; i < clause->witness_count; i++)
        check_purity(unit, clause->witness[i]);
    if (!has_result) {
        check_result_atoms(unit, clause->expr);
        for (uint32_t i = 0; i < clause->witness_count; i++)
            check_result_atoms(unit, clause->witness[i]);
    }
    struct term *type = infer(unit, clause->expr, NULL);
    constrain(unit, (struct constraint){
                        .got = type, .want = unit->i32, .loc = clause->expr->loc, .origin = ORIGIN_CONTRACT});
    for (uint32_t i = 0; i < clause->witness_count; i++)
        infer_witness(unit, clause->witness[i]);
}

static void
check_clauses(struct unit *unit, const struct ast_func *func, enum ast_contract kind)
{
    struct binding *mark = unit->top;

    if (kind == AST_ENSURES)
        bind(unit, unit->result_name, unit->result);
    for (uint32_t i = 0; i < func->clause_count[kind]; i++)
        check_clause(unit, &func->clauses[kind][i], kind == AST_ENSURES);
    unbind(unit, mark);
}

void
contract_clauses(struct unit *unit, const struct ast_func *func)
{
    if (!func->clause_count[AST_REQUIRES] && !func->clause_count[AST_ENSURES] &&
        !func->clause_count[AST_INVARIANT])
        return;
    check_reserved(unit, func);
    check_clauses(unit, func, AST_REQUIRES);
    check_clauses(unit, func, AST_ENSURES);
    check_clauses(unit, func, AST_INVARIANT);
}

static bool
can_be_shown(struct term *type)
{
    type = term_resolve(type);
    return type->kind == TERM_NAMED &&
           (!strcmp(type->name->text, "i32") || !strcmp(type->name->text, "bytes") ||
            !strcmp(type->name->text, "bytes_view") || !strncmp(type->name->text, "result_", 7));
}

void
contract_witnesses(struct unit *unit)
{
    for (const struct witness *witness = unit->witnesses; witness; witness = witness->next) {
        struct text type = {0};

        if (can_be_shown(witness->type))
            continue;
        term_brief(witness->type, &type);
        diagnostics_add(unit->out, "X07-CONTRACT-0005", SEVERITY_ERROR, "type", witness->expr->loc,
                        "contract witness has unsupported type: %s (allowed: i32, bytes, bytes_view, "
                        "result_*)",
                        text_string(&type));
        text_free(&type);
    }
}
