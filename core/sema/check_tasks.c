/* check_tasks.c: typing of task scopes and selects: their descriptors, and what may stand only inside. */
#include "sema/checker.h"

#include <string.h>

bool
check_in_task(const struct checker *checker)
{
    return checker->func && checker->func->ast->kind == AST_DEFASYNC;
}

bool
check_stands_for(enum type want, const struct node *value, const struct func **called)
{
    *called = NULL;
    if (value->type.type == want)
        return true;
    if (want != TYPE_I32 || !type_is_task(value->type.type))
        return false;
    while (value->kind == NODE_BEGIN || value->kind == NODE_UNSAFE)
        value = value->kids[value->count - 1];
    if (value->kind == NODE_CALL)
        *called = value->callee;
    return !*called;
}

/* ---- heads that stand only in a scope ---- */

bool
check_in_task_scope(struct checker *checker, int head)
{
    static const struct {
        int head;
        const char *code;
    } codes[] = {
        {HEAD_SCOPE_START_SOON, "X07E_SCOPE_001: "},
        {HEAD_SCOPE_CANCEL_ALL, "X07E_SCOPE_001: "},
        {HEAD_SCOPE_WAIT_ALL, "X07E_SCOPE_001: "},
        {HEAD_SCOPE_ASYNC_LET_BYTES, "X07E_SCOPE_SLOT_001: "},
        {HEAD_SCOPE_ASYNC_LET_RESULT, "X07E_SCOPE_SLOT_001: "},
        {HEAD_SCOPE_AWAIT_BYTES, "X07E_SCOPE_SLOT_002: "},
        {HEAD_SCOPE_AWAIT_RESULT, "X07E_SCOPE_SLOT_002: "},
        {HEAD_SCOPE_TRY_AWAIT_BYTES, "X07E_SCOPE_SLOT_002: "},
        {HEAD_SCOPE_TRY_AWAIT_RESULT, "X07E_SCOPE_SLOT_002: "},
        {HEAD_SCOPE_SLOT_IS_FINISHED, "X07E_SCOPE_SLOT_002: "},
    };
    const char *code = "";

    if (checker->task_scopes)
        return true;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].head == head)
            code = codes[i].code;
    return failure_set(checker->program->failure, KIND_TYPING, "%s%s used outside task.scope_v1", code,
                       head_name(head));
}

bool
check_starts_task(int head)
{
    return head == HEAD_SCOPE_START_SOON || head == HEAD_SCOPE_ASYNC_LET_BYTES ||
           head == HEAD_SCOPE_ASYNC_LET_RESULT;
}

bool
check_calls_task(const struct checker *checker, const struct ast_expr *expr)
{
    const struct func *callee = NULL;

    if (expr->kind == AST_LIST && head_of(expr) < 0)
        callee = program_func(checker->program, expr->items[0]->symbol);
    return callee && callee->ast->kind == AST_DEFASYNC;
}

bool
check_is_task_call(struct checker *checker, const struct ast_expr *expr)
{
    struct failure *failure = checker->program->failure;

    if (check_calls_task(checker, expr))
        return true;
    if (expr->kind == AST_LIST && !program_func(checker->program, expr->items[0]->symbol))
        return failure_set(failure, KIND_TYPING, "unknown identifier: %Q", expr->items[0]->symbol);
    return failure_set(failure, KIND_TYPING,
                       "X07E_SCOPE_002: expected an immediate defasync call expression");
}

bool
check_task_kind(struct checker *checker, int head, const struct node *node)
{
    enum type want = head == HEAD_SCOPE_ASYNC_LET_BYTES ? TYPE_BYTES : TYPE_RESULT_BYTES;

    if (head == HEAD_SCOPE_START_SOON || node->kids[0]->callee->result == want)
        return true;
    return failure_set(checker->program->failure, KIND_TYPING, "%s expects a defasync that returns %s",
                       head_name(head), type_source_name(want));
}

/* ---- descriptors ---- */

/* A field of a descriptor; its place among the values of struct task_terms. */
struct term {
    const char *name;
    uint32_t value;
};

static const struct term scope_fields[] = {{"max_children", 0},          {"max_ticks", 1},
                                           {"max_blocked_waits", 2},     {"max_join_polls", 3},
                                           {"max_slot_result_bytes", 4}, {NULL, 0}};

enum { SELECT_CASES, SELECT_FAIR, SELECT_SLEEP, SELECT_POLLS, SELECT_TIMEOUT };

static const struct term select_fields[] = {{"max_cases", SELECT_CASES},
                                            {"poll_sleep_ticks", SELECT_SLEEP},
                                            {"max_polls", SELECT_POLLS},
                                            {"timeout_ticks", SELECT_TIMEOUT},
                                            {NULL, 0}};

struct descriptor {
    struct checker *checker;
    const char *head;
    const struct term *fields;
    bool has_policy;
    struct task_terms *terms;
    unsigned seen; /* fields, by value */
};

static bool
descriptor_fail(struct descriptor *descriptor, const char *text)
{
    return failure_set(descriptor->checker->program->failure, KIND_TYPING, "%s %s", descriptor->head, text);
}

static bool
descriptor_fail_of(struct descriptor *descriptor, const char *format, const char *key)
{
    struct text message = {0};

    text_printf(&message, format, key);
    descriptor_fail(descriptor, text_string(&message));
    text_free(&message);
    return false;
}

static bool
descriptor_set(struct descriptor *descriptor, const char *key, uint32_t place, uint32_t value)
{
    if (descriptor->seen >> place & 1)
        return descriptor_fail_of(descriptor, "has duplicate %s", key);
    descriptor->seen |= 1u << place;
    descriptor->terms->values[place] = value;
    return true;
}

static bool
descriptor_policy(struct descriptor *descriptor, const struct ast_expr *value)
{
    if (value->kind != AST_ATOM)
        return descriptor_fail(descriptor, "policy must be an identifier");
    bool fair = !strcmp(value->symbol->text, "rr_v1");
    if (!fair && strcmp(value->symbol->text, "priority_v1") != 0)
        return descriptor_fail(descriptor, "policy must be \"priority_v1\" or \"rr_v1\"");
    return descriptor_set(descriptor, "policy", SELECT_FAIR, fair);
}

static bool
descriptor_field(struct descriptor *descriptor, const struct ast_expr *field)
{
    if (field->kind != AST_LIST || field->count != 2)
        return descriptor_fail(descriptor, "field must be a pair");
    const char *key = field->items[0]->symbol->text;
    const struct ast_expr *value = field->items[1];
    if (descriptor->has_policy && !strcmp(key, "policy"))
        return descriptor_policy(descriptor, value);
    if (value->kind != AST_INT)
        return descriptor_fail(descriptor, "value must be an integer");
    if (value->value < 0)
        return descriptor_fail_of(descriptor, "%s must be >= 0", key);
    for (const struct term *term = descriptor->fields; term->name; term++)
        if (!strcmp(term->name, key))
            return descriptor_set(descriptor, key, term->value, (uint32_t)value->value);
    return descriptor_fail_of(descriptor, "unknown field: %s", key);
}

/* `what` names the descriptor where another head stands in its place. */
static bool
descriptor_read(struct descriptor *descriptor, const char *what, const struct ast_expr *expr, int form)
{
    if (expr->kind != AST_LIST)
        return descriptor_fail(descriptor, "must be a list");
    if (head_of(expr) != form)
        return failure_set(descriptor->checker->program->failure, KIND_TYPING, "%s must be %s", what,
                           descriptor->head);
    descriptor->terms->nodes += ast_count_nodes(expr);
    for (uint32_t i = 1; i < expr->count; i++)
        if (!descriptor_field(descriptor, expr->items[i]))
            return false;
    return true;
}

/* ---- scopes ---- */

static struct node *
form_task_scope(struct checker *checker, int form, const struct ast_expr *expr)
{
    struct task_terms *terms = ARENA_NEW(checker->program->context->arena, struct task_terms);
    struct descriptor descriptor = {checker, head_name(FORM_TASK_SCOPE_CFG), scope_fields, false, terms, 0};

    (void)form;
    terms->values[0] = 1024;
    if (expr->count != 3)
        return check_fail(checker, KIND_PARSE, "task.scope_v1 expects 2 args");
    if (!descriptor_read(&descriptor, "task.scope cfg", expr->items[1], FORM_TASK_SCOPE_CFG))
        return NULL;
    checker->task_scopes++;
    struct node *body = check_value(checker, expr->items[2]);
    checker->task_scopes--;
    if (!body)
        return NULL;
    if (body->type.type == TYPE_TASK_SLOT)
        return check_fail(checker, KIND_TYPING,
                          "X07E_SCOPE_SLOT_004: task_slot_v1 must not escape task.scope_v1");
    if (body->type.type == TYPE_SELECT_EVT || body->type.type == TYPE_OPTION_SELECT_EVT)
        return check_fail(checker, KIND_TYPING,
                          "X07E_SELECT_EVT_ESCAPES_SCOPE: task_select_evt_v1 must not escape task.scope_v1");
    struct node *node = node_new(checker, NODE_SCOPE, body->type.type, expr, 1);
    node->type = body->type;
    node->kids[0] = body;
    node->terms = terms;
    return node;
}

/* ---- selects ---- */

static bool
cases_fail(struct checker *checker, const char *text)
{
    return failure_set(checker->program->failure, KIND_TYPING, "%s %s", head_name(FORM_SELECT_CASES), text);
}

static bool
select_case(struct checker *checker, const struct ast_expr *expr, bool *channel, struct node **out)
{
    struct failure *failure = checker->program->failure;

    if (expr->kind != AST_LIST)
        return cases_fail(checker, "case must be a list");
    int form = head_of(expr);
    *channel = form == FORM_CASE_CHAN;
    if (form != FORM_CASE_SLOT && form != FORM_CASE_CHAN)
        return failure_set(failure, KIND_TYPING, "%s unknown case: %s", head_name(FORM_SELECT_CASES),
                           expr->items[0]->symbol->text);
    if (expr->count != 2)
        return failure_set(failure, KIND_TYPING, "%s expects 1 argument", head_name(form));
    if (!(*out = check_value(checker, expr->items[1])))
        return false;
    if ((*out)->type.type != (*channel ? TYPE_I32 : TYPE_TASK_SLOT))
        return failure_set(failure, KIND_TYPING, "task.scope.select %s case expects %s",
                           *channel ? "chan.recv" : "slot", *channel ? "i32 chan handle" : "task_slot_v1");
    return true;
}

static bool
select_cfg(struct checker *checker, struct task_terms *terms, const struct ast_expr *expr)
{
    struct descriptor descriptor = {checker, head_name(FORM_SELECT_CFG), select_fields, true, terms, 0};

    terms->values[SELECT_SLEEP] = 1;
    if (!descriptor_read(&descriptor, "task.scope.select cfg", expr, FORM_SELECT_CFG))
        return false;
    if (!(descriptor.seen >> SELECT_CASES & 1))
        return descriptor_fail(&descriptor, "missing max_cases");
    return terms->values[SELECT_CASES] || descriptor_fail(&descriptor, "max_cases must be >= 1");
}

static bool
select_cases_are_right(struct checker *checker, const struct task_terms *terms, const struct ast_expr *cases)
{
    if (cases->kind != AST_LIST)
        return cases_fail(checker, "must be a list");
    if (head_of(cases) != FORM_SELECT_CASES)
        return failure_set(checker->program->failure, KIND_TYPING, "task.scope.select cases must be %s",
                           head_name(FORM_SELECT_CASES));
    if (cases->count < 2)
        return cases_fail(checker, "must have at least one case");
    return cases->count - 1 <= terms->values[SELECT_CASES] ||
           failure_set(checker->program->failure, KIND_TYPING,
                       "X07E_SELECT_TOO_MANY_CASES: too many select cases");
}

static struct node *
form_select(struct checker *checker, int form, const struct ast_expr *expr)
{
    struct arena *arena = checker->program->context->arena;
    struct task_terms *terms = ARENA_NEW(arena, struct task_terms);

    if (!checker->task_scopes)
        return check_fail(checker, KIND_TYPING,
                          "X07E_SELECT_OUTSIDE_SCOPE: task.scope.select used outside task.scope_v1");
    if (!check_arity(checker, expr, head_name(form), 2) || !select_cfg(checker, terms, expr->items[1]))
        return NULL;
    const struct ast_expr *cases = expr->items[2];
    if (!select_cases_are_right(checker, terms, cases))
        return NULL;
    terms->tries = form == FORM_SELECT_TRY;
    terms->channels = ARENA_ARRAY(arena, bool, cases->count);
    terms->nodes += 2 * (uint64_t)cases->count;
    terms->values[SELECT_CASES] = cases->count - 1;
    enum type type = terms->tries ? TYPE_OPTION_SELECT_EVT : TYPE_SELECT_EVT;
    struct node *node = node_new(checker, NODE_SELECT, type, expr, cases->count - 1);
    node->terms = terms;
    for (uint32_t i = 0; i < node->count; i++)
        if (!select_case(checker, cases->items[i + 1], &terms->channels[i], &node->kids[i]))
            return NULL;
    return node;
}

/* ---- all of them ---- */

static struct node *
form_descriptor(struct checker *checker, int form, const struct ast_expr *expr)
{
    (void)expr;
    failure_set(checker->program->failure, KIND_TYPING,
                "%s is a descriptor; use it only as the first argument to %s", head_name(form),
                form == FORM_TASK_SCOPE_CFG ? "task.scope_v1" : "task.scope.select_*_v1");
    return NULL;
}

static struct node *
form_select_part(struct checker *checker, int form, const struct ast_expr *expr)
{
    (void)expr;
    failure_set(checker->program->failure, KIND_TYPING,
                "%s is a descriptor; use it only as an argument to task.scope.select_*_v1", head_name(form));
    return NULL;
}

struct node *
check_task_form(struct checker *checker, int form, const struct ast_expr *expr)
{
    static struct node *(*const table[])(struct checker *, int, const struct ast_expr *) = {
        [FORM_TASK_SCOPE] = form_task_scope, [FORM_SELECT] = form_select,
        [FORM_SELECT_TRY] = form_select,     [FORM_TASK_SCOPE_CFG] = form_descriptor,
        [FORM_SELECT_CFG] = form_descriptor, [FORM_SELECT_CASES] = form_select_part,
        [FORM_CASE_SLOT] = form_select_part, [FORM_CASE_CHAN] = form_select_part,
    };

    return table[form](checker, form, expr);
}
