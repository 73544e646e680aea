/* emit_forms.c: core forms as C statements, or as C expressions where they are plain enough. */
#include "emit/emitter.h"

/* Assigns a value to a variable and empties the variable it came from, if that would be dropped. */
static void
form_assign(struct emitter *emitter, const char *name, struct value value)
{
    if (value.level == VALUE_NONE)
        return;
    emit_line(emitter, "%s = %s;", name, value.text);
    emit_resets(emitter, &value, 1, NULL);
}

static struct value
form_result(const char *name, enum type type)
{
    return (struct value){.level = VALUE_STABLE, .type = type, .text = name, .variable = type_is_owned(type)};
}

/* A block whose declarations belong to the scope around it. */
static struct value
emit_open_block(struct emitter *emitter, struct node *node)
{
    for (uint32_t i = 0; i + 1 < node->count; i++)
        emit_statement(emitter, node->kids[i]);
    if (!node->statement)
        return emit_value(emitter, node->kids[node->count - 1]);
    emit_statement(emitter, node->kids[node->count - 1]);
    return emit_simple(VALUE_NONE, TYPE_NEVER, "");
}

struct value
emit_block(struct emitter *emitter, struct node *node)
{
    bool all = node->statement && node->kind == NODE_BEGIN;
    bool yields = !all && node->type.type != TYPE_NEVER;
    const char *result = yields && !node->open ? emit_temporary(emitter, node->type.type) : NULL;
    struct emit_scope scope;

    if (node->fresh)
        emit_declare_local(emitter, node->local);
    if (!all || emitter->async)
        emit_charge(emitter, 1);
    if (node->open)
        return emit_open_block(emitter, node);
    emit_open_scope(emitter, &scope);
    for (uint32_t i = 0; i < node->count; i++) {
        if (all || i + 1 < node->count) {
            emit_statement(emitter, node->kids[i]);
        } else {
            struct value value = emit_value(emitter, node->kids[i]);
            if (yields)
                form_assign(emitter, result, value);
        }
    }
    emit_close_scope(emitter, &scope, "");
    return yields ? form_result(result, node->type.type) : emit_simple(VALUE_NONE, TYPE_NEVER, "");
}

/* One branch: a scope and a region of its own. */
struct branch {
    struct emit_scope scope;
    size_t region;
    struct value value;
};

static void
branch_begin(struct emitter *emitter, struct branch *branch)
{
    emit_open_scope(emitter, &branch->scope);
    branch->region = emit_new_region(emitter);
    emitter->region = branch->region;
}

static void
branch_value(struct emitter *emitter, struct branch *branch, struct node *node)
{
    branch_begin(emitter, branch);
    branch->value = emit_value(emitter, node);
    emit_leave_scope(emitter, &branch->scope);
}

static bool
branch_is_plain(const struct branch *branch)
{
    return emit_scope_is_plain(&branch->scope) && branch->value.level != VALUE_NONE &&
           branch->value.level != VALUE_HELD && !type_is_owned(branch->value.type);
}

static void
branch_close(struct emitter *emitter, struct branch *branch, const char *result)
{
    emitter->scope = &branch->scope;
    if (result)
        form_assign(emitter, result, branch->value);
    emit_close_scope(emitter, &branch->scope, emit_marker(emitter, branch->region, CHARGE_STATEMENT));
}

/* What both branches cost is charged before them. */
static void
branch_share_cost(struct emitter *emitter, size_t region, const struct branch *yes, const struct branch *no)
{
    uint64_t *costs = emitter->regions;
    uint64_t shared = costs[yes->region] < costs[no->region] ? costs[yes->region] : costs[no->region];

    costs[region] += shared;
    costs[yes->region] -= shared;
    costs[no->region] -= shared;
}

/* Charges continue in the region before the branches, unless one of them may have left the function. */
static void
form_continue(struct emitter *emitter, size_t region, bool exits)
{
    emitter->region = region;
    if (exits)
        emit_begin_region(emitter, CHARGE_STATEMENT);
}

struct value
emit_if(struct emitter *emitter, struct node *node)
{
    struct branch yes;
    struct branch no;

    if (node->statement) {
        emit_if_statement(emitter, node);
        return emit_simple(VALUE_NONE, TYPE_NEVER, "");
    }
    emit_charge(emitter, 1);
    struct value condition = emit_number(emitter, node->kids[0]);
    size_t region = emitter->region;
    branch_value(emitter, &yes, node->kids[1]);
    branch_value(emitter, &no, node->kids[2]);
    branch_share_cost(emitter, region, &yes, &no);
    if (branch_is_plain(&yes) && branch_is_plain(&no)) {
        const char *text = arena_printf(emitter->arena, "(%s ? (%s%s) : (%s%s))", condition.text,
                                        emit_marker(emitter, yes.region, CHARGE_EXPRESSION), yes.value.text,
                                        emit_marker(emitter, no.region, CHARGE_EXPRESSION), no.value.text);
        emit_discard_scope(emitter, &no.scope);
        emit_discard_scope(emitter, &yes.scope);
        emitter->region = region;
        return emit_simple(VALUE_EXPR, node->type.type, text);
    }
    bool yields = node->type.type != TYPE_NEVER;
    const char *result = yields ? emit_temporary(emitter, node->type.type) : NULL;
    emit_line(emitter, "if (%s)", condition.text);
    branch_close(emitter, &yes, result);
    emit_line(emitter, "else");
    branch_close(emitter, &no, result);
    form_continue(emitter, region, node->kids[1]->exits || node->kids[2]->exits);
    return yields ? form_result(result, node->type.type) : emit_simple(VALUE_NONE, TYPE_NEVER, "");
}

static void
branch_statement(struct emitter *emitter, struct branch *branch, struct node *node)
{
    branch_begin(emitter, branch);
    branch->value = emit_simple(VALUE_NONE, TYPE_NEVER, "");
    emit_statement(emitter, node);
    emit_leave_scope(emitter, &branch->scope);
}

void
emit_if_statement(struct emitter *emitter, struct node *node)
{
    struct branch yes;
    struct branch no;
    if (emitter->async)
        emit_charge(emitter, 1);
    struct value condition = emit_number(emitter, node->kids[0]);
    size_t region = emitter->region;

    branch_statement(emitter, &yes, node->kids[1]);
    branch_statement(emitter, &no, node->kids[2]);
    branch_share_cost(emitter, region, &yes, &no);
    emit_line(emitter, "if (%s)", condition.text);
    branch_close(emitter, &yes, NULL);
    if (emit_scope_is_plain(&no.scope) && !emitter->regions[no.region]) {
        emit_discard_scope(emitter, &no.scope);
    } else {
        emit_line(emitter, "else");
        branch_close(emitter, &no, NULL);
    }
    form_continue(emitter, region, node->kids[1]->exits || node->kids[2]->exits);
}

struct value
emit_choice(struct emitter *emitter, const char *condition, const char *text, struct node *other,
            enum type type)
{
    struct branch no;
    size_t region = emitter->region;

    branch_value(emitter, &no, other);
    if (branch_is_plain(&no)) {
        const char *choice = arena_printf(emitter->arena, "(%s ? %s : (%s%s))", condition, text,
                                          emit_marker(emitter, no.region, CHARGE_EXPRESSION), no.value.text);
        emit_discard_scope(emitter, &no.scope);
        emitter->region = region;
        return emit_simple(VALUE_EXPR, type, choice);
    }
    const char *result = emit_temporary(emitter, type);
    emit_line(emitter, "if (%s)\n%s = %s;\nelse", condition, result, text);
    branch_close(emitter, &no, result);
    form_continue(emitter, region, other->exits);
    return form_result(result, type);
}

struct value
emit_logical(struct emitter *emitter, struct node *node)
{
    bool conjunction = node->head == OP_LAND;

    emit_charge(emitter, 1);
    struct value left = emit_number(emitter, node->kids[0]);
    size_t region = emitter->region;
    size_t right_region = emit_new_region(emitter);
    struct text saved = emit_divert(emitter);
    emitter->region = right_region;
    struct value right = emit_number(emitter, node->kids[1]);
    struct text code = emit_restore(emitter, saved);
    const char *text;
    if (!code.len) {
        text_free(&code);
        emitter->region = region;
        text = arena_printf(emitter->arena, "(uint32_t)(%s %s (%s%s))", left.text, conjunction ? "&&" : "||",
                            emit_marker(emitter, right_region, CHARGE_EXPRESSION), right.text);
        return emit_simple(VALUE_EXPR, TYPE_I32, text);
    }
    const char *result = emit_temporary(emitter, TYPE_I32);
    emit_line(emitter, "%s = %s != 0;\nif (%s%s)\n{\n%s%s%s = %s != 0;\n}", result, left.text,
              conjunction ? "" : "!", result, emit_marker(emitter, right_region, CHARGE_STATEMENT),
              text_string(&code), result, right.text);
    text_free(&code);
    form_continue(emitter, region, node->kids[1]->exits);
    return form_result(result, TYPE_I32);
}

struct value
emit_let(struct emitter *emitter, struct node *node)
{
    struct node *init = node->kids[0];
    const char *name = emit_local_name(emitter, node->local);

    if (node->statement && init->kind == NODE_LOCAL && init->use == USE_MOVE) {
        const char *from = emit_local_name(emitter, init->local);
        if (emitter->async)
            emit_charge(emitter, 2);
        emit_declare_local(emitter, node->local);
        emit_line(emitter, "%s = %s;\n%s = %s;", name, from, from, emit_empty(init->type.type));
        return emit_simple(VALUE_NONE, TYPE_NEVER, "");
    }
    if (!node->statement || emitter->async)
        emit_charge(emitter, 1);
    struct value value = emit_value(emitter, init);
    emit_declare_local(emitter, node->local);
    form_assign(emitter, name, value);
    if (value.level == VALUE_NONE)
        return value;
    return emit_read(emitter, node->local);
}

static bool
form_is_in_place_on(const struct node *node, const struct local *local)
{
    if (node->kind != NODE_HEAD)
        return false;
    for (uint32_t i = 0; i < node->count; i++)
        if (node->kids[i]->kind == NODE_LOCAL && node->kids[i]->use == USE_CONSUME &&
            node->kids[i]->local == local)
            return true;
    return false;
}

static void
form_set_owned(struct emitter *emitter, struct node *node, const char *name)
{
    if (form_is_in_place_on(node->kids[0], node->local)) {
        struct value value = emit_head_into(emitter, node->kids[0], node->local);
        if (value.level != VALUE_NONE)
            emit_line(emitter, "%s = %s;", name, value.text);
        return;
    }
    struct value value = emit_value(emitter, node->kids[0]);
    if (value.level == VALUE_NONE)
        return;
    value = emit_save(emitter, value);
    emit_line(emitter, "x07_drop_%s(rt, %s);", type_owned_suffix(node->local->type.type), name);
    form_assign(emitter, name, value);
}

struct value
emit_set(struct emitter *emitter, struct node *node)
{
    const char *name = emit_local_name(emitter, node->local);

    if (!node->statement || emitter->async)
        emit_charge(emitter, 1);
    if (type_is_owned(node->local->type.type))
        form_set_owned(emitter, node, name);
    else
        form_assign(emitter, name, emit_value(emitter, node->kids[0]));
    if (node->statement)
        return emit_simple(VALUE_NONE, TYPE_NEVER, "");
    if (node->kind == NODE_SET0)
        return emit_simple(VALUE_STABLE, TYPE_I32, "0u");
    return emit_read(emitter, node->local);
}

static bool
form_assigns(const struct node *node, const struct local *local)
{
    bool here = node->kind == NODE_SET || node->kind == NODE_SET0 || node->kind == NODE_FOR;

    if (here && node->local == local)
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (form_assigns(node->kids[i], local))
            return true;
    return false;
}

/* A loop whose number of rounds is known when it starts is charged for all of them at once; with too little
 * fuel for that, it runs as many rounds as there is fuel for and traps. */
static void
form_counted_loop(struct emitter *emitter, const char *name, const char *end, struct emit_scope *body,
                  size_t region)
{
    uint32_t id = emitter->next_temporary++;
    const char *cost = emit_marker(emitter, region, CHARGE_NUMBER);

    emit_line(emitter,
              "{\nuint32_t n%u = %s < %s ? %s - %s : 0u, e%u = %s;\n"
              "if (X07_UNLIKELY((int64_t)n%u * %s > fuel))\ne%u = %s + (n%u = x07_fuel_rounds(fuel, %s));\n"
              "fuel -= (int64_t)n%u * %s;\nfor (; %s < e%u; %s++)",
              id, name, end, end, name, id, end, id, cost, id, name, id, cost, id, cost, name, id, name);
    emit_close_scope(emitter, body, "");
    emit_line(emitter, "if (X07_UNLIKELY(e%u != %s || fuel < 0))\nx07_trap_fuel(rt);\n}", id, end);
}

struct value
emit_for(struct emitter *emitter, struct node *node)
{
    const char *name = emit_local_name(emitter, node->local);
    struct node *body = node->kids[2];
    struct emit_scope scope;

    if (!node->statement || emitter->async)
        emit_charge(emitter, 1);
    struct value start = emit_number(emitter, node->kids[0]);
    if (node->fresh)
        emit_declare_local(emitter, node->local);
    form_assign(emitter, name, start);
    struct value end = emit_save(emitter, emit_number(emitter, node->kids[1]));
    size_t region = emitter->region;
    emit_open_scope(emitter, &scope);
    size_t body_region = emit_new_region(emitter);
    emitter->region = body_region;
    emit_statement(emitter, body);
    emit_leave_scope(emitter, &scope);
    if (body->exits || node->local->addressed || form_assigns(body, node->local)) {
        emit_line(emitter, "for (; %s < %s; %s++)", name, end.text, name);
        emit_close_scope(emitter, &scope, emit_marker(emitter, body_region, CHARGE_CHECKED));
    } else {
        form_counted_loop(emitter, name, end.text, &scope, body_region);
    }
    form_continue(emitter, region, body->exits);
    return emit_simple(VALUE_STABLE, TYPE_I32, "0u");
}

/* Leaves the function with what `ret` holds. */
static void
form_leave(struct emitter *emitter)
{
    emit_leave_task_scopes(emitter);
    emit_drop_all(emitter);
    emit_line(emitter, "goto done;");
    emitter->done_used = true;
}

struct value
emit_return(struct emitter *emitter, struct node *node)
{
    if (!node->statement || emitter->async)
        emit_charge(emitter, 1);
    form_assign(emitter, "ret", emit_value(emitter, node->kids[0]));
    form_leave(emitter);
    emit_begin_region(emitter, CHARGE_STATEMENT);
    return emit_simple(VALUE_NONE, TYPE_NEVER, "");
}

/* The function's result for an error code. */
static const char *
form_error_result(struct emitter *emitter, const char *code)
{
    const char *c_type = type_c_name(emitter->body->result.type);

    switch (emitter->body->result.type) {
    case TYPE_RESULT_BYTES:
        return arena_printf(emitter->arena, "(%s){0, %s, X07_EMPTY_BYTES}", c_type, code);
    case TYPE_RESULT_VIEW:
        return arena_printf(emitter->arena, "(%s){0, %s, X07_EMPTY_VIEW}", c_type, code);
    default:
        return arena_printf(emitter->arena, "(%s){0, %s}", c_type, code);
    }
}

struct value
emit_try(struct emitter *emitter, struct node *node)
{
    emit_charge(emitter, 1);
    struct value tried = emit_value(emitter, node->kids[0]);
    if (tried.level == VALUE_NONE)
        return tried;
    const char *name = emit_temporary(emitter, tried.type);
    form_assign(emitter, name, tried);
    const char *code =
        arena_printf(emitter->arena, "%s.%s", name, tried.type == TYPE_RESULT_I32 ? "value" : "err");
    struct emit_scope scope;
    emit_line(emitter, "if (!%s.tag)", name);
    emit_open_scope(emitter, &scope);
    emit_line(emitter, "ret = %s;", form_error_result(emitter, code));
    form_leave(emitter);
    emit_close_scope(emitter, &scope, "");
    emit_begin_region(emitter, CHARGE_STATEMENT);
    return form_result(arena_printf(emitter->arena, "%s.value", name), node->type.type);
}
