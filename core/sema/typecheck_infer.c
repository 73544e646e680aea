/* typecheck_infer.c: the types of atoms and core forms. A form with the wrong number of operands is passed
 * over without a word: the linter reports it. */
#include "sema/heads.h"
#include "sema/typecheck_unit.h"

#include <string.h>

void
bind(struct unit *unit, struct symbol *name, struct term *type)
{
    struct binding *binding = ARENA_NEW(unit->arena, struct binding);

    binding->name = name;
    binding->type = type;
    binding->shadowed = ptrmap_get(&unit->bindings, name);
    binding->previous = unit->top;
    unit->top = binding;
    ptrmap_set(&unit->bindings, name, binding);
}

void
unbind(struct unit *unit, struct binding *mark)
{
    for (; unit->top != mark; unit->top = unit->top->previous)
        ptrmap_set(&unit->bindings, unit->top->name, unit->top->shadowed);
}

static struct term *
lookup(const struct unit *unit, const struct symbol *name)
{
    const struct binding *binding = ptrmap_get(&unit->bindings, name);

    return binding ? binding->type : NULL;
}

void
expect(struct unit *unit, const struct ast_expr *expr, struct constraint rule)
{
    rule.got = infer(unit, expr, rule.want);
    rule.loc = expr->loc;
    if (rule.got->kind != TERM_NEVER)
        constrain(unit, rule);
}

static void
expect_type(struct unit *unit, const struct ast_expr *expr, struct term *want, enum origin origin)
{
    expect(unit, expr, (struct constraint){.want = want, .origin = origin});
}

struct term *
infer_known(struct unit *unit, const struct ast_expr *expr, struct term *got, struct term *want)
{
    if (!want)
        return got;
    constrain(unit,
              (struct constraint){.got = got, .want = want, .loc = expr->loc, .origin = ORIGIN_EXPRESSION});
    return want;
}

static struct term *
infer_atom(struct unit *unit, const struct ast_expr *expr)
{
    struct term *type = expr->symbol == unit->input ? unit->view : lookup(unit, expr->symbol);

    if (type)
        return type;
    diagnostics_add(unit->out, "X07-TYPE-0001", SEVERITY_ERROR, "type", expr->loc, "unknown identifier: %Q",
                    expr->symbol);
    return term_meta(unit);
}

/* The value of a block or branch: what is wanted of the form is wanted of it. */
static struct term *
infer_tail(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    if (!want)
        return infer(unit, expr, NULL);
    expect_type(unit, expr, want, ORIGIN_EXPRESSION);
    return want;
}

static struct term *
infer_block(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    struct binding *mark = unit->top;

    if (expr->count < 2)
        return term_meta(unit);
    for (uint32_t i = 1; i + 1 < expr->count; i++)
        infer(unit, expr->items[i], NULL);
    struct term *type = infer_tail(unit, expr->items[expr->count - 1], want);
    unbind(unit, mark);
    return type;
}

static struct term *
infer_let(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    (void)want;
    if (expr->count != 3 || expr->items[1]->kind != AST_ATOM)
        return term_meta(unit);
    struct term *type = infer(unit, expr->items[2], NULL);
    bind(unit, expr->items[1]->symbol, type);
    return type;
}

static struct term *
infer_set(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    (void)want;
    if (expr->count != 3 || expr->items[1]->kind != AST_ATOM)
        return term_meta(unit);
    struct symbol *name = expr->items[1]->symbol;
    struct term *type = lookup(unit, name);
    if (!type) {
        struct diagnostic *diagnostic =
            diagnostics_add(unit->out, "X07-TYPE-SET-0001", SEVERITY_ERROR, "type", expr->loc,
                            "%s of unknown local: %Q", expr->items[0]->symbol->text, name);
        diagnostic_data_symbol(unit->out, diagnostic, "local", name);
        infer(unit, expr->items[2], NULL);
        return term_meta(unit);
    }
    expect(unit, expr->items[2], (struct constraint){.want = type, .origin = ORIGIN_SET, .name = name});
    return head_of(expr) == FORM_SET0 ? unit->i32 : type;
}

static struct term *
infer_branch(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    struct binding *mark = unit->top;
    struct term *type = infer_tail(unit, expr, want);

    unbind(unit, mark);
    return type;
}

static struct term *
infer_if(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    if (expr->count != 4)
        return term_meta(unit);
    expect_type(unit, expr->items[1], unit->i32, ORIGIN_CONDITION);
    struct term *yes = infer_branch(unit, expr->items[2], want);
    struct term *no = infer_branch(unit, expr->items[3], want);
    if (want)
        return want;
    if (yes->kind == TERM_NEVER)
        return no;
    if (no->kind != TERM_NEVER)
        constrain(unit,
                  (struct constraint){.got = yes, .want = no, .loc = expr->loc, .origin = ORIGIN_BRANCH});
    return yes;
}

static struct term *
infer_for(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    struct binding *mark;

    (void)want;
    if (expr->count != 5 || expr->items[1]->kind != AST_ATOM)
        return term_meta(unit);
    expect_type(unit, expr->items[2], unit->i32, ORIGIN_EXPRESSION);
    expect_type(unit, expr->items[3], unit->i32, ORIGIN_EXPRESSION);
    mark = unit->top;
    bind(unit, expr->items[1]->symbol, unit->i32);
    infer(unit, expr->items[4], NULL);
    unbind(unit, mark);
    return unit->i32;
}

static struct term *
infer_return(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    (void)want;
    if (expr->count == 2)
        expect_type(unit, expr->items[1], unit->result, ORIGIN_RETURN);
    return unit->never;
}

static bool
is_named(const struct term *term, const char *name)
{
    return term->kind == TERM_NAMED && !strcmp(term->name->text, name);
}

static struct term *
infer_try(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    if (expr->count != 2)
        return term_meta(unit);
    const struct ast_expr *operand = expr->items[1];
    struct term *type = infer(unit, operand, NULL);
    constrain(unit, (struct constraint){
                        .got = type, .want = unit->result, .loc = operand->loc, .origin = ORIGIN_EXPRESSION});
    if (is_named(type, "result_i32"))
        type = unit->i32;
    else if (is_named(type, "result_bytes"))
        type = unit->bytes;
    else
        type = term_meta(unit);
    return infer_known(unit, expr, type, want);
}

struct term *
infer(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    static struct term *(*const forms[])(struct unit *, const struct ast_expr *, struct term *) = {
        [FORM_BEGIN] = infer_block, [FORM_UNSAFE] = infer_block,  [FORM_LET] = infer_let,
        [FORM_SET] = infer_set,     [FORM_SET0] = infer_set,      [FORM_IF] = infer_if,
        [FORM_FOR] = infer_for,     [FORM_RETURN] = infer_return, [FORM_TRY] = infer_try,
    };

    if (expr->kind == AST_INT)
        return unit->i32;
    if (expr->kind == AST_ATOM)
        return infer_atom(unit, expr);
    int head = head_of(expr);
    if (head >= 0 && head <= FORM_TRY)
        return forms[head](unit, expr, want);
    if (is_type_head(expr->items[0]->symbol))
        return infer_type_head(unit, expr, want);
    return infer_call(unit, expr, want);
}
