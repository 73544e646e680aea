/* returns.c: a syntactic analysis of what a function's view result borrows from: one parameter, or nothing.
 *
 * It follows the forms that pass a view on and gives up on everything else; names are recorded as they are
 * bound, without scopes. */
#include "sema/returns.h"

#include "sema/heads.h"

#include <string.h>

enum source_kind {
    SOURCE_UNKNOWN, /* a form that the analysis does not follow */
    SOURCE_NEVER,   /* no value arrives here */
    SOURCE_NOTHING, /* borrows nothing */
    SOURCE_PARAM,
    SOURCE_LOCAL, /* an owned buffer of the function */
};

struct source {
    enum source_kind kind;
    uint32_t param;
    struct symbol *local;
};

enum analysis_state { ANALYSIS_NEW, ANALYSIS_RUNNING, ANALYSIS_DONE };

struct analysis {
    enum analysis_state state;
    struct source result;
};

struct returns {
    struct program *program;
    enum type class;
    struct ptrmap analyses; /* func -> struct analysis */
};

/* One function being analysed. */
struct frame {
    struct returns *returns;
    struct func *func;
    struct ptrmap names; /* symbol -> struct source */
    struct source returned;
};

static bool returns_function(struct returns *returns, struct func *func, struct source *out);
static bool source_of(struct frame *frame, const struct ast_expr *expr, struct source *out);
static bool source_effects(struct frame *frame, const struct ast_expr *expr);

static bool
source_conflict(struct frame *frame, struct source a, struct source b)
{
    struct failure *failure = frame->returns->program->failure;
    struct symbol *name = frame->func->name;

    if (a.kind == SOURCE_PARAM && b.kind == SOURCE_PARAM)
        return failure_set(failure, KIND_TYPING,
                           "function %Q returns bytes_view that can borrow from multiple params (%d vs %d)",
                           name, (int)a.param, (int)b.param);
    if (a.kind == SOURCE_LOCAL && b.kind == SOURCE_LOCAL)
        return failure_set(failure, KIND_TYPING,
                           "function %Q returns bytes_view that can borrow from multiple locals (%Q vs %Q)",
                           name, a.local, b.local);
    if (a.kind == SOURCE_LOCAL) {
        struct source swap = a;

        a = b;
        b = swap;
    }
    return failure_set(failure, KIND_TYPING,
                       "function %Q returns bytes_view that can borrow from param %d or local %Q", name,
                       (int)a.param, b.local);
}

static bool
source_join(struct frame *frame, struct source a, struct source b, struct source *out)
{
    bool a_owner = a.kind >= SOURCE_PARAM;
    bool b_owner = b.kind >= SOURCE_PARAM;

    if (a_owner && b_owner) {
        *out = a;
        bool same = a.kind == b.kind && (a.kind == SOURCE_PARAM ? a.param == b.param : a.local == b.local);
        return same || source_conflict(frame, a, b);
    }
    if (a_owner || b_owner)
        *out = a_owner ? a : b;
    else
        *out = a.kind == SOURCE_NOTHING || b.kind == SOURCE_NEVER ? a : b;
    return true;
}

static void
source_record(struct frame *frame, const struct symbol *name, struct source source)
{
    struct source *copy = ARENA_NEW(frame->returns->program->context->arena, struct source);

    *copy = source;
    ptrmap_set(&frame->names, name, copy);
}

static bool
source_operand(struct frame *frame, const struct ast_expr *list, uint32_t index, struct source *out)
{
    if (index >= list->count) {
        *out = (struct source){.kind = SOURCE_UNKNOWN};
        return true;
    }
    if (!source_of(frame, list->items[index], out))
        return false;
    if (out->kind == SOURCE_UNKNOWN)
        return failure_set(frame->returns->program->failure, KIND_TYPING,
                           "cannot infer bytes_view borrow source in function %Q", frame->func->name);
    return true;
}

static bool
source_owner(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    struct failure *failure = frame->returns->program->failure;
    const struct ast_expr *owner = list->count > 1 ? list->items[1] : NULL;

    *out = (struct source){.kind = SOURCE_UNKNOWN};
    if (!owner)
        return true;
    if (owner->kind != AST_ATOM) {
        failure_set(failure, KIND_TYPING,
                    "%s requires an identifier owner (bind the value to a local with let first)",
                    list->items[0]->symbol->text);
        failure_append(failure, " (ptr=%L)", list->loc);
        return false;
    }
    *out = (struct source){.kind = SOURCE_LOCAL, .local = owner->symbol};
    return true;
}

/* let, set, set0: the name now means what its value borrows; a value that is not followed counts as a buffer
 * of the function's own. */
static bool
source_bind(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    struct source source = {.kind = SOURCE_UNKNOWN};

    *out = source;
    if (list->count != 3 || list->items[1]->kind != AST_ATOM)
        return true;
    const struct ast_expr *value = list->items[2];
    if (head_of(value) == FORM_TRY ? !source_effects(frame, value) : !source_of(frame, value, &source))
        return false;
    if (source.kind == SOURCE_UNKNOWN)
        source = (struct source){.kind = SOURCE_LOCAL, .local = list->items[1]->symbol};
    source_record(frame, list->items[1]->symbol, source);
    *out = source;
    return true;
}

static bool
source_block(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    for (uint32_t i = 1; i + 1 < list->count; i++)
        if (!source_effects(frame, list->items[i]))
            return false;
    return list->count < 2 || source_of(frame, list->items[list->count - 1], out);
}

static bool
source_if(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    struct source a = {.kind = SOURCE_UNKNOWN};
    struct source b = a;

    if (list->count != 4)
        return true;
    return source_effects(frame, list->items[1]) && source_of(frame, list->items[2], &a) &&
           source_of(frame, list->items[3], &b) && source_join(frame, a, b, out);
}

static bool
source_return(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    struct source source = {.kind = SOURCE_UNKNOWN};

    *out = (struct source){.kind = SOURCE_NEVER};
    if (list->count != 2)
        return true;
    return source_of(frame, list->items[1], &source) &&
           source_join(frame, frame->returned, source, &frame->returned);
}

static bool
source_call(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    struct returns *returns = frame->returns;
    struct func *callee = program_func(returns->program, list->items[0]->symbol);
    struct source result;

    if (!callee || callee->ast->kind != AST_DEFN || callee->result != returns->class)
        return true;
    if (!returns_function(returns, callee, &result))
        return false;
    *out = result;
    if (result.kind != SOURCE_PARAM)
        return true;
    if (result.param + 1 >= list->count)
        return failure_set(returns->program->failure, KIND_TYPING, "call %Q missing arg %d", callee->name,
                           (int)result.param);
    return source_operand(frame, list, result.param + 1, out);
}

static bool
source_list(struct frame *frame, const struct ast_expr *list, struct source *out)
{
    *out = (struct source){.kind = SOURCE_UNKNOWN};
    switch (head_of(list)) {
    case FORM_BEGIN:
    case FORM_UNSAFE:
        return source_block(frame, list, out);
    case FORM_IF:
        return source_if(frame, list, out);
    case FORM_LET:
    case FORM_SET:
    case FORM_SET0:
        return source_bind(frame, list, out);
    case FORM_RETURN:
        return source_return(frame, list, out);
    case HEAD_BYTES_VIEW:
    case HEAD_BYTES_SUBVIEW:
    case HEAD_VEC_AS_VIEW:
    case HEAD_BRAND_VIEW:
        return source_owner(frame, list, out);
    case HEAD_VIEW_SLICE:
    case HEAD_BRAND_ERASE_VIEW:
    case HEAD_OPTION_VIEW_SOME:
    case HEAD_RESULT_VIEW_OK:
    case FORM_TRY:
        return source_operand(frame, list, 1, out);
    case HEAD_BRAND_ASSUME_VIEW:
        return source_operand(frame, list, 2, out);
    case FORM_CAST_VIEW:
        return source_operand(frame, list, 3, out);
    case HEAD_BYTES_VIEW_LIT:
    case HEAD_BUFREAD_FILL:
    case HEAD_OPTION_VIEW_NONE:
    case HEAD_RESULT_VIEW_ERR:
        out->kind = SOURCE_NOTHING;
        return true;
    default:
        return source_call(frame, list, out);
    }
}

static bool
source_of(struct frame *frame, const struct ast_expr *expr, struct source *out)
{
    *out = (struct source){.kind = SOURCE_UNKNOWN};
    if (expr->kind == AST_LIST)
        return source_list(frame, expr, out);
    if (expr->kind == AST_ATOM) {
        const struct source *known = ptrmap_get(&frame->names, expr->symbol);

        if (known)
            *out = *known;
        else if (!strcmp(expr->symbol->text, "input"))
            out->kind = SOURCE_NOTHING;
    }
    return true;
}

/* An expression whose value is not the result: only what it binds and returns matters. */
static bool
source_effects(struct frame *frame, const struct ast_expr *expr)
{
    struct source unused;

    switch (head_of(expr)) {
    case FORM_BEGIN:
    case FORM_UNSAFE:
        for (uint32_t i = 1; i < expr->count; i++)
            if (!source_effects(frame, expr->items[i]))
                return false;
        return true;
    case FORM_IF:
        return expr->count != 4 ||
               (source_effects(frame, expr->items[1]) && source_effects(frame, expr->items[2]) &&
                source_effects(frame, expr->items[3]));
    case FORM_LET:
    case FORM_SET:
    case FORM_SET0:
    case FORM_RETURN:
        return source_list(frame, expr, &unused);
    default:
        return true;
    }
}

static void
frame_params(struct frame *frame)
{
    const struct func *func = frame->func;

    for (uint32_t i = 0; i < func->param_count; i++) {
        struct symbol *name = func->ast->params[i].name;
        struct source source = {.kind = SOURCE_LOCAL, .local = name};

        if (type_is_view(func->param_types[i]))
            source = (struct source){.kind = SOURCE_PARAM, .param = i};
        source_record(frame, name, source);
    }
}

static bool
frame_result(struct frame *frame, struct source result)
{
    struct failure *failure = frame->returns->program->failure;
    const char *class = type_source_name(frame->returns->class);

    if (result.kind == SOURCE_LOCAL)
        return failure_set(failure, KIND_TYPING, "function %Q returns %s borrowed from local owned buffer %Q",
                           frame->func->name, class, result.local);
    if (result.kind == SOURCE_UNKNOWN && frame->returns->class == TYPE_VIEW)
        return failure_set(failure, KIND_TYPING,
                           "function %Q returns bytes_view but no borrow source could be inferred",
                           frame->func->name);
    return true;
}

static bool
returns_function(struct returns *returns, struct func *func, struct source *out)
{
    struct analysis *analysis = ptrmap_get(&returns->analyses, func);
    struct frame frame = {.returns = returns, .func = func, .returned = {.kind = SOURCE_NEVER}};
    struct source tail = {.kind = SOURCE_UNKNOWN};

    if (!analysis) {
        analysis = ARENA_NEW(returns->program->context->arena, struct analysis);
        ptrmap_set(&returns->analyses, func, analysis);
    }
    if (analysis->state == ANALYSIS_RUNNING)
        return failure_set(returns->program->failure, KIND_TYPING, "recursive %s return borrow analysis: %Q",
                           type_source_name(returns->class), func->name);
    if (analysis->state == ANALYSIS_NEW) {
        analysis->state = ANALYSIS_RUNNING;
        frame_params(&frame);
        bool ok = source_of(&frame, func->ast->body, &tail) &&
                  source_join(&frame, frame.returned, tail, &analysis->result) &&
                  frame_result(&frame, analysis->result);
        ptrmap_free(&frame.names);
        if (!ok)
            return false;
        analysis->state = ANALYSIS_DONE;
        func->view_source = analysis->result.kind == SOURCE_PARAM ? (int)analysis->result.param : -1;
    }
    *out = analysis->result;
    return true;
}

static bool
returns_class(struct program *program, enum type class)
{
    struct returns returns = {.program = program, .class = class};
    struct source unused;
    bool ok = true;

    for (size_t i = 0; ok && i < program->func_count; i++) {
        struct func *func = program->funcs[i];

        if (!func->reachable || func->ast->kind != AST_DEFN || func->result != class)
            continue;
        ok = returns_function(&returns, func, &unused);
        if (!ok)
            failure_append(program->failure, " (%s return analysis: %Q)", type_source_name(class),
                           func->name);
    }
    ptrmap_free(&returns.analyses);
    return ok;
}

bool
returns_analyse(struct program *program)
{
    return returns_class(program, TYPE_VIEW) && returns_class(program, TYPE_OPTION_VIEW) &&
           returns_class(program, TYPE_RESULT_VIEW);
}
