/* emit_scopes.c: task scopes and selects as C. */
#include "emit/emitter.h"

/* A C variable of the current scope that only runtime calls touch. */
static const char *
new_variable(struct emitter *emitter, const char *type)
{
    const char *name = arena_printf(emitter->arena, "s%u", emitter->next_temporary++);

    text_printf(&emitter->scope->declarations, "%s %s;\n", type, name);
    return name;
}

static void
leave_scope(struct emitter *emitter, const struct node *node)
{
    const char *name = emitter->task_scope->name;

    if (emitter->async) /* tasks pay for each time that they come there */
        emit_charge(emitter, 1);
    emit_wait(emitter, node, arena_printf(emitter->arena, "x07_task_scope_leave(rt, &%s);", name));
}

void
emit_leave_task_scopes(struct emitter *emitter)
{
    static const struct node none = {.kind = NODE_SCOPE};
    const struct emit_task_scope *innermost = emitter->task_scope;

    for (; emitter->task_scope; emitter->task_scope = emitter->task_scope->outer)
        leave_scope(emitter, &none);
    emitter->task_scope = innermost;
}

/* Keeps the body's value while others run, and drops it if they cancel this. */
static struct value
keep_value(struct emitter *emitter, struct value value)
{
    if (value.level == VALUE_NONE || value.type == TYPE_NEVER)
        return value;
    value = emit_save(emitter, value);
    if (emitter->async && type_is_owned(value.type) && !value.registered) {
        emit_register(emitter, value.text, value.type);
        value.registered = true;
    }
    return value;
}

struct value
emit_task_scope(struct emitter *emitter, struct node *node)
{
    const uint32_t *limits = node->terms->values;
    struct emit_task_scope scope = {emitter->task_scope, new_variable(emitter, "x07_task_scope")};

    emit_use_tasks(emitter);
    emit_charge(emitter, 1);
    emit_line(emitter, "x07_task_scope_open(rt, &%s, &(x07_task_scope_limits){%uu, %uu, %uu, %uu, %uu});",
              scope.name, limits[0], limits[1], limits[2], limits[3], limits[4]);
    emitter->task_scope = &scope;
    struct value value = keep_value(emitter, emit_value(emitter, node->kids[0]));
    if (value.level != VALUE_NONE)
        leave_scope(emitter, node);
    emitter->task_scope = scope.outer;
    return value;
}

/* ---- selects ---- */

/* The C variables of a select. */
struct select {
    const char *state, *event;
};

static void
select_case(struct emitter *emitter, const struct select *select, const struct node *node, uint32_t index)
{
    struct emit_scope scope;

    emit_line(emitter, "%sif (%s.index == %u)", index ? "else " : "", select->state, index);
    emit_open_scope(emitter, &scope);
    size_t region = emit_new_region(emitter);
    emitter->region = region;
    struct value value = emit_number(emitter, node->kids[index]);
    emit_line(emitter, "%s = x07_select_%s(rt, &%s, %s);", select->event,
              node->terms->channels[index] ? "chan" : "slot", select->state, value.text);
    emit_close_scope(emitter, &scope, emit_marker(emitter, region, CHARGE_CHECKED));
}

/* One look at the cases, until one is ready. */
static void
select_scan(struct emitter *emitter, const struct select *select, const struct node *node)
{
    struct emit_scope scope;

    emit_line(emitter, "x07_select_scan(rt, &%s);\nwhile (!%s && x07_select_next(rt, &%s))", select->state,
              select->event, select->state);
    emit_open_scope(emitter, &scope);
    for (uint32_t i = 0; i < node->count; i++)
        select_case(emitter, select, node, i);
    emit_close_scope(emitter, &scope, "");
}

static void
select_loop(struct emitter *emitter, const struct select *select, const struct node *node)
{
    struct emit_scope scope;

    emit_line(emitter, "while (!%s)", select->event);
    emit_open_scope(emitter, &scope);
    size_t region = emit_new_region(emitter);
    emitter->region = region;
    if (emitter->async)
        emit_charge(emitter, 1);
    select_scan(emitter, select, node);
    emit_line(emitter, "if (%s)\nbreak;", select->event);
    emit_wait(emitter, node,
              arena_printf(emitter->arena, "%s = x07_select_wait(rt, &%s);", select->event, select->state));
    emit_close_scope(emitter, &scope, emit_marker(emitter, region, CHARGE_CHECKED));
}

struct value
emit_select(struct emitter *emitter, struct node *node)
{
    const uint32_t *terms = node->terms->values;
    struct select select = {new_variable(emitter, "x07_select"), emit_temporary(emitter, TYPE_SELECT_EVT)};

    emit_use_tasks(emitter);
    emit_charge(emitter, 1);
    text_printf(&emitter->scope->declarations,
                "static const x07_select_terms %s_terms = {%uu, %uu, %uu, %uu, %uu};\n", select.state,
                terms[0], terms[1], terms[2], terms[3], terms[4]);
    emit_line(emitter, "x07_select_begin(rt, &%s, &%s_terms, &%s);", select.state, select.state,
              emitter->task_scope->name);
    if (emitter->async == node->terms->tries)
        emit_charge(emitter, 1); /* beside what each scan costs a task */
    size_t region = emitter->region;
    if (node->terms->tries)
        select_scan(emitter, &select, node);
    else
        select_loop(emitter, &select, node);
    emitter->region = region;
    if (node->exits)
        emit_begin_region(emitter, CHARGE_STATEMENT);
    if (!node->terms->tries)
        return (struct value){
            .level = VALUE_STABLE, .type = TYPE_SELECT_EVT, .text = select.event, .variable = true};
    const char *option = emit_temporary(emitter, TYPE_OPTION_SELECT_EVT);
    emit_line(emitter, "%s = (x07_option_i32){%s != 0, %s};", option, select.event, select.event);
    return (struct value){
        .level = VALUE_STABLE, .type = TYPE_OPTION_SELECT_EVT, .text = option, .variable = true};
}
