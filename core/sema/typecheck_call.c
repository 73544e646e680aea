/* typecheck_call.c: calls: of functions, of the built-in heads that this checker knows, and of generic
 * functions with and without their type arguments. */
#include "sema/heads.h"
#include "sema/typecheck_unit.h"

#include <string.h>

/* Parameters and result: i = i32, b = bytes, v = bytes_view, u = vec_u8. Every other built-in head is unknown
 * here: it takes anything and yields whatever is wanted. */
static const struct builtin {
    const char *params;
    char result;
} builtins[HEAD_END] = {
    [HEAD_BYTES_ALLOC] = {"i", 'b'},       [HEAD_BYTES_LEN] = {"v", 'i'},
    [HEAD_BYTES_GET_U8] = {"vi", 'i'},     [HEAD_BYTES_SET_U8] = {"bii", 'b'},
    [HEAD_BYTES_VIEW] = {"b", 'v'},        [HEAD_BYTES_SUBVIEW] = {"bii", 'v'},
    [HEAD_VIEW_LEN] = {"v", 'i'},          [HEAD_VIEW_GET_U8] = {"vi", 'i'},
    [HEAD_VIEW_SLICE] = {"vii", 'v'},      [HEAD_VIEW_TO_BYTES] = {"v", 'b'},
    [HEAD_VEC_WITH_CAPACITY] = {"i", 'u'}, [HEAD_VEC_PUSH] = {"ui", 'u'},
    [HEAD_VEC_EXTEND_BYTES] = {"uv", 'u'}, [HEAD_VEC_INTO_BYTES] = {"u", 'b'},
};

/* What a call is checked against. */
struct signature {
    struct symbol *name;
    const struct ast_func *func; /* NULL for a built-in head */
    uint32_t count;
    struct term **params;
    struct term *result;
};

static struct term *
letter_term(const struct unit *unit, char letter)
{
    switch (letter) {
    case 'b':
        return unit->bytes;
    case 'v':
        return unit->view;
    case 'u':
        return unit->vec;
    default:
        return unit->i32;
    }
}

static bool
signature_builtin(struct unit *unit, int head, struct signature *out)
{
    struct builtin row = {NULL, 0};

    if (head >= 0 && head_is_operator(head))
        row = (struct builtin){"ii", 'i'};
    else if (head >= 0 && head < HEAD_END)
        row = builtins[head];
    if (!row.params)
        return false;
    out->count = (uint32_t)strlen(row.params);
    out->params = ARENA_ARRAY(unit->arena, struct term *, out->count);
    for (uint32_t i = 0; i < out->count; i++)
        out->params[i] = letter_term(unit, row.params[i]);
    out->result = letter_term(unit, row.result);
    return true;
}

static void
signature_function(struct unit *unit, const struct ast_func *func, const struct term_env *env,
                   struct signature *out)
{
    out->func = func;
    out->count = func->param_count;
    out->params = ARENA_ARRAY(unit->arena, struct term *, out->count);
    for (uint32_t i = 0; i < out->count; i++)
        out->params[i] = term_of_type(unit, func->params[i].type, env);
    /* A call of a task yields its handle. */
    if (func->kind == AST_DEFASYNC || !func->result)
        out->result = unit->i32;
    else
        out->result = term_of_type(unit, func->result, env);
}

static struct diagnostic *
report_arity(struct unit *unit, const struct ast_expr *expr, const struct symbol *callee, uint32_t want,
             uint32_t got)
{
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, "X07-TYPE-CALL-0003", SEVERITY_ERROR, "type", expr->loc,
                        "arity mismatch for %Q: expected %d args got %d", callee, (int)want, (int)got);

    diagnostic_data_symbol(unit->out, diagnostic, "callee", callee);
    diagnostic_data_number(unit->out, diagnostic, "want", want);
    diagnostic_data_number(unit->out, diagnostic, "got", got);
    return diagnostic;
}

/* `args` are the operands of `expr` that are values. */
static struct term *
apply(struct unit *unit, const struct ast_expr *expr, const struct signature *signature,
      struct ast_expr *const *args, uint32_t count, struct term *want)
{
    if (count != signature->count) {
        struct diagnostic *diagnostic = report_arity(unit, expr, signature->name, signature->count, count);

        if (signature->func)
            diagnostic_related(unit->out, diagnostic, signature->func->loc);
    }
    for (uint32_t i = 0; i < count && i < signature->count; i++)
        expect(unit, args[i],
               (struct constraint){.want = signature->params[i],
                                   .origin = ORIGIN_CALL_ARG,
                                   .name = signature->name,
                                   .index = i,
                                   .callee = signature->func});
    return infer_known(unit, expr, signature->result, want);
}

static void
infer_all(struct unit *unit, const struct ast_expr *expr, uint32_t first)
{
    for (uint32_t i = first; i < expr->count; i++)
        infer(unit, expr->items[i], NULL);
}

static const struct ast_func *
find_function(const struct unit *unit, const struct symbol *name)
{
    return ptrmap_get(&unit->visible->funcs, name);
}

/* A name that begins with this module's id and a dot should have been found. */
static void
report_unknown(struct unit *unit, const struct ast_expr *expr, const struct symbol *callee)
{
    const char *dot = memchr(callee->text, '.', callee->len);
    const struct symbol *id = unit->doc->module_id;

    if (!dot || (size_t)(dot - callee->text) != id->len || memcmp(callee->text, id->text, id->len) != 0)
        return;
    struct diagnostic *diagnostic = diagnostics_add(unit->out, "X07-TYPE-CALL-0001", SEVERITY_ERROR, "type",
                                                    expr->loc, "unknown callee: %Q", callee);
    diagnostic_data_symbol(unit->out, diagnostic, "callee", callee);
}

static struct term *
infer_implicit(struct unit *unit, const struct ast_expr *expr, const struct ast_func *func, struct term *want)
{
    struct implicit_tapp *tapp = ARENA_NEW(unit->arena, struct implicit_tapp);
    struct signature signature = {.name = func->name};

    tapp->call = expr;
    tapp->callee = func;
    tapp->args = ARENA_ARRAY(unit->arena, struct term *, func->type_param_count);
    for (uint32_t i = 0; i < func->type_param_count; i++)
        tapp->args[i] = term_meta(unit);
    *unit->implicit_end = tapp;
    unit->implicit_end = &tapp->next;
    struct term_env env = {func->type_params, tapp->args, func->type_param_count};
    signature_function(unit, func, &env, &signature);
    return apply(unit, expr, &signature, expr->items + 1, expr->count - 1, want);
}

/* ---- explicit type arguments ---- */

static void
report_type_arity(struct unit *unit, const struct ast_expr *expr, const struct ast_func *func, uint32_t got)
{
    struct diagnostic *diagnostic = diagnostics_add(
        unit->out, "X07-TYPE-CALL-0003", SEVERITY_ERROR, "type", expr->loc,
        "tapp arity mismatch for %Q: expected %d type args", func->name, (int)func->type_param_count);

    diagnostic_data_symbol(unit->out, diagnostic, "callee", func->name);
    diagnostic_data_number(unit->out, diagnostic, "want", func->type_param_count);
    diagnostic_data_number(unit->out, diagnostic, "got", got);
}

static bool
is_type_list(const struct unit *unit, const struct ast_expr *expr)
{
    return expr->kind == AST_LIST && expr->items[0]->symbol == unit->tys;
}

static struct term *
tapp_apply(struct unit *unit, const struct ast_expr *expr, const struct ast_func *func,
           struct ast_expr *const *types, uint32_t type_count, uint32_t first_value, struct term *want)
{
    struct signature signature = {.name = func->name};
    struct term_env env = {.params = func->type_params};

    env.count = type_count < func->type_param_count ? type_count : func->type_param_count;
    env.args = ARENA_ARRAY(unit->arena, struct term *, env.count);
    for (uint32_t i = 0; i < env.count; i++) {
        struct term *type = term_of_expr(unit, types[i]);

        env.args[i] = type ? type : term_meta(unit);
    }
    signature_function(unit, func, &env, &signature);
    return apply(unit, expr, &signature, expr->items + first_value, expr->count - first_value, want);
}

/* ["tapp", callee, ["tys", types...], values...], or the types without a list of their own. */
static struct term *
infer_tapp(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    if (expr->count < 3 || expr->items[1]->kind != AST_ATOM)
        return term_meta(unit);
    struct symbol *callee = expr->items[1]->symbol;
    const struct ast_expr *list = is_type_list(unit, expr->items[2]) ? expr->items[2] : NULL;
    const struct ast_func *func = find_function(unit, callee);
    struct signature signature = {.name = callee};

    if (!func && !signature_builtin(unit, callee->head, &signature)) {
        report_unknown(unit, expr, callee);
        if (list)
            infer_all(unit, expr, 3);
        return want ? want : term_meta(unit);
    }
    if (!func || !func->type_param_count) {
        if (func)
            signature_function(unit, func, NULL, &signature);
        return apply(unit, expr, &signature, expr->items + 1, expr->count - 1, want);
    }
    if (list) {
        if (list->count - 1 != func->type_param_count)
            report_type_arity(unit, expr, func, list->count - 1);
        return tapp_apply(unit, expr, func, list->items + 1, list->count - 1, 3, want);
    }
    if (expr->count - 2 < func->type_param_count) {
        report_type_arity(unit, expr, func, expr->count - 2);
        infer_all(unit, expr, 2);
        return term_meta(unit);
    }
    return tapp_apply(unit, expr, func, expr->items + 2, func->type_param_count, 2 + func->type_param_count,
                      want);
}

struct term *
infer_call(struct unit *unit, const struct ast_expr *expr, struct term *want)
{
    struct symbol *callee = expr->items[0]->symbol;
    struct signature signature = {.name = callee};

    if (callee == unit->tapp)
        return infer_tapp(unit, expr, want);
    if (callee->head == HEAD_BYTES_LIT || callee->head == HEAD_BYTES_VIEW_LIT)
        return infer_known(unit, expr, callee->head == HEAD_BYTES_LIT ? unit->bytes : unit->view, want);
    const struct ast_func *func = find_function(unit, callee);
    if (func && func->type_param_count)
        return infer_implicit(unit, expr, func, want);
    if (func) {
        signature_function(unit, func, NULL, &signature);
    } else if (!signature_builtin(unit, callee->head, &signature)) {
        report_unknown(unit, expr, callee);
        infer_all(unit, expr, 1);
        return want ? want : term_meta(unit);
    }
    return apply(unit, expr, &signature, expr->items + 1, expr->count - 1, want);
}

/* ---- calls without type arguments, after solving ---- */

static void
report_unresolved(struct unit *unit, const struct implicit_tapp *tapp)
{
    const struct ast_func *func = tapp->callee;
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, "X07-TAPP-INFER-0001", SEVERITY_ERROR, "type", tapp->call->loc,
                        "cannot infer type args; explicit tapp required: %Q", func->name);
    struct text names = {0};

    for (uint32_t i = 0; i < func->type_param_count; i++)
        if (!term_is_resolved(tapp->args[i]))
            text_printf(&names, "%s\"%s\"", names.len ? "," : "[", func->type_params[i].name->text);
    text_putc(&names, ']');
    diagnostic_data_symbol(unit->out, diagnostic, "callee", func->name);
    diagnostic_data(unit->out, diagnostic, "unresolved_type_params", text_string(&names));
    text_free(&names);
}

static void
fix_insert_tapp(struct unit *unit, struct diagnostic *diagnostic, const struct ast_expr *call,
                const char *type_args)
{
    struct text before = {0};
    struct text after = {0};

    ast_write_expr(call, &before);
    text_puts(&after, "[\"tapp\",");
    ast_write_expr(call->items[0], &after);
    text_printf(&after, ",[\"tys\",%s]", type_args);
    for (uint32_t i = 1; i < call->count; i++) {
        text_putc(&after, ',');
        ast_write_expr(call->items[i], &after);
    }
    text_putc(&after, ']');
    diagnostic_fix(unit->out, diagnostic, "test", call->loc, text_string(&before));
    diagnostic_fix(unit->out, diagnostic, "replace", call->loc, text_string(&after));
    diagnostic->fix_note = "Insert tapp";
    text_free(&before);
    text_free(&after);
}

static void
report_inferred(struct unit *unit, const struct implicit_tapp *tapp)
{
    const struct ast_func *func = tapp->callee;
    struct diagnostic *diagnostic =
        diagnostics_add(unit->out, "X07-TAPP-ELAB-0001", SEVERITY_ERROR, "rewrite", tapp->call->loc,
                        "insert inferred tapp for %Q", func->name);
    struct text types = {0};

    for (uint32_t i = 0; i < func->type_param_count; i++) {
        text_puts(&types, i ? "," : "");
        term_write(tapp->args[i], &types);
    }
    diagnostic_data_symbol(unit->out, diagnostic, "callee", func->name);
    diagnostic_data(unit->out, diagnostic, "type_args",
                    arena_printf(unit->arena, "[%s]", text_string(&types)));
    fix_insert_tapp(unit, diagnostic, tapp->call, text_string(&types));
    text_free(&types);
}

void
report_implicit(struct unit *unit)
{
    for (const struct implicit_tapp *tapp = unit->implicit; tapp; tapp = tapp->next) {
        bool resolved = true;

        for (uint32_t i = 0; i < tapp->callee->type_param_count; i++)
            resolved = resolved && term_is_resolved(tapp->args[i]);
        if (resolved)
            report_inferred(unit, tapp);
        else
            report_unresolved(unit, tapp);
    }
}
