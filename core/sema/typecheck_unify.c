/* typecheck_unify.c: makes types equal, and says which could not be. */
#include "sema/typecheck_unit.h"

#include <stdlib.h>
#include <string.h>

static bool
occurs(struct unit *unit, const struct term *meta, struct term *term)
{
    term = term_resolve(term);
    if (++unit->steps > TERM_MAX_PARTS)
        return true;
    for (uint32_t i = 0; i < term->count; i++)
        if (occurs(unit, meta, term->args[i]))
            return true;
    return term == meta;
}

static const char *
unify_meta(struct unit *unit, struct term *meta, struct term *term)
{
    if (meta == term)
        return NULL;
    if (occurs(unit, meta, term))
        return "occurs_check";
    meta->bound = term;
    return NULL;
}

static const char *
unify_applications(struct unit *unit, struct term **got, struct term **want)
{
    struct term *a = *got;
    struct term *b = *want;

    if (a->name != b->name || a->count != b->count)
        return "app_mismatch";
    for (uint32_t i = 0; i < a->count; i++) {
        *got = a->args[i];
        *want = b->args[i];
        const char *reason = unify(unit, got, want);
        if (reason)
            return reason;
    }
    return NULL;
}

const char *
unify(struct unit *unit, struct term **got, struct term **want)
{
    struct term *a = *got = term_resolve(*got);
    struct term *b = *want = term_resolve(*want);

    if (a->kind == TERM_NEVER || b->kind == TERM_NEVER)
        return NULL;
    if (a->kind == TERM_META)
        return unify_meta(unit, a, b);
    if (b->kind == TERM_META)
        return unify_meta(unit, b, a);
    if (a->kind != b->kind || ++unit->steps > TERM_MAX_PARTS)
        return "mismatch";
    if (a->kind == TERM_APP)
        return unify_applications(unit, got, want);
    if (a->name == b->name)
        return NULL;
    return a->kind == TERM_NAMED ? "named_mismatch" : "tparam_mismatch";
}

void
constrain(struct unit *unit, struct constraint constraint)
{
    /* Most constraints hold as they stand and bind nothing: they need no place in the queue. */
    if (constraint.got == constraint.want ||
        (constraint.got->kind == TERM_NAMED && constraint.want->kind == TERM_NAMED &&
         constraint.got->name == constraint.want->name))
        return;
    if (unit->constraint_count == unit->constraint_capacity) {
        uint32_t capacity = unit->constraint_capacity ? unit->constraint_capacity * 2 : 16;
        struct constraint *bigger = ARENA_ARRAY(unit->arena, struct constraint, capacity);

        if (unit->constraint_count)
            memcpy(bigger, unit->constraints, unit->constraint_count * sizeof *bigger);
        unit->constraints = bigger;
        unit->constraint_capacity = capacity;
    }
    constraint.sequence = unit->constraint_count;
    unit->constraints[unit->constraint_count++] = constraint;
}

static int
constraint_order(const void *a, const void *b)
{
    const struct constraint *left = a;
    const struct constraint *right = b;
    int order = strcmp(left->ptr, right->ptr);

    if (!order)
        order = (left->origin > right->origin) - (left->origin < right->origin);
    if (!order && left->origin == ORIGIN_CALL_ARG) {
        order = strcmp(left->name->text, right->name->text);
        if (!order)
            order = (left->index > right->index) - (left->index < right->index);
    }
    return order ? order : (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

/* ---- reporting ---- */

static void
data_term(struct unit *unit, struct diagnostic *diagnostic, const char *key, struct term *term)
{
    struct text json = {0};

    term_write(term, &json);
    diagnostic_data(unit->out, diagnostic, key, text_string(&json));
    text_free(&json);
}

/* How a failure is told, by the origin of its constraint. NULL keys are left out. */
static const struct {
    const char *code, *message, *got, *want, *name;
} reports[] = {
    [ORIGIN_CALL_ARG] = {"X07-TYPE-CALL-0002", "call arg type mismatch for %Q (arg %d)", "got", "expected",
                         "callee"},
    [ORIGIN_CONTRACT] = {"X07-CONTRACT-0001", "contract clause must typecheck to i32", "got", "expected",
                         NULL},
    [ORIGIN_EXPRESSION] = {"X07-TYPE-UNIFY-0001", "unification failure", "lhs", "rhs", NULL},
    [ORIGIN_BRANCH] = {"X07-TYPE-IF-0002", "if branches mismatch", "then", "else", NULL},
    [ORIGIN_CONDITION] = {"X07-TYPE-IF-0001", "if condition must be i32", "got", NULL, NULL},
    [ORIGIN_RETURN] = {"X07-TYPE-RET-0001", "return type mismatch", "got", "expected", NULL},
    [ORIGIN_SET] = {"X07-TYPE-SET-0002", "assignment mismatch for %Q", "got", "expected", "local"},
};

static void
report_failure(struct unit *unit, const struct constraint *constraint, const char *reason, struct term *got,
               struct term *want)
{
    enum origin origin = constraint->origin;
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, reports[origin].code, SEVERITY_ERROR, "type", constraint->loc,
                        reports[origin].message, constraint->name, (int)constraint->index);

    data_term(unit, diagnostic, reports[origin].got, got);
    if (reports[origin].want)
        data_term(unit, diagnostic, reports[origin].want, want);
    if (reports[origin].name)
        diagnostic_data_symbol(unit->out, diagnostic, reports[origin].name, constraint->name);
    if (origin == ORIGIN_EXPRESSION)
        diagnostic_data(unit->out, diagnostic, "reason", arena_printf(unit->arena, "\"%s\"", reason));
    if (origin == ORIGIN_CALL_ARG)
        diagnostic_data_number(unit->out, diagnostic, "arg_index", constraint->index);
    if (constraint->callee)
        diagnostic_related(unit->out, diagnostic, constraint->callee->loc);
}

static void
write_pointers(struct unit *unit)
{
    struct text pointer = {0};

    for (uint32_t i = 0; i < unit->constraint_count; i++) {
        text_clear(&pointer);
        ast_loc_write(unit->constraints[i].loc, &pointer);
        unit->constraints[i].ptr = arena_copy(unit->arena, text_string(&pointer), pointer.len);
    }
    text_free(&pointer);
}

void
unify_solve(struct unit *unit)
{
    if (!unit->constraint_count)
        return;
    write_pointers(unit);
    qsort(unit->constraints, unit->constraint_count, sizeof *unit->constraints, constraint_order);
    for (uint32_t i = 0; i < unit->constraint_count; i++) {
        struct term *got = unit->constraints[i].got;
        struct term *want = unit->constraints[i].want;
        unit->steps = 0;
        const char *reason = unify(unit, &got, &want);
        if (reason) {
            report_failure(unit, &unit->constraints[i], reason, got, want);
            return;
        }
    }
}
