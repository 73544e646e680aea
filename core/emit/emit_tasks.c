/* emit_tasks.c: asynchronous functions: how they are started and called, and what surrounds code that waits.
 */
#include "emit/emitter.h"

#include "base/memory.h"

#include <stdlib.h>

bool
emit_lets_tasks_run(const struct emitter *emitter, const struct head *row)
{
    return row->flags & HEAD_FLAG_WAITS && (emitter->tasks || row->flags & HEAD_FLAG_ASYNC);
}

void
emit_use_tasks(struct emitter *emitter)
{
    emitter->headers |= HEAD_FLAG_ASYNC;
    emitter->used[HEAD_TASK_SPAWN] = true;
}

/* ---- waiting ---- */

/* Out of the function, if its task is to end: nothing runs any more but drops. */
static void
leave_canceled(struct emitter *emitter)
{
    struct emit_scope scope;

    emit_line(emitter, "if (X07_UNLIKELY(rt->canceled))");
    emit_open_scope(emitter, &scope);
    for (const struct emit_task_scope *open = emitter->task_scope; open; open = open->outer)
        emit_line(emitter, "x07_task_scope_abandon(rt, &%s);", open->name);
    emit_drop_all(emitter);
    emit_line(emitter, "goto gone;");
    emit_close_scope(emitter, &scope, "");
    emitter->gone_used = true;
}

void
emit_wait(struct emitter *emitter, const struct node *node, const char *statement)
{
    /* Heads that are no part of asynchronous code do not know by themselves where they stand. */
    bool told = emitter->async && node->kind == NODE_HEAD && !(head_row(node->head)->flags & HEAD_FLAG_ASYNC);

    emitter->fuel_in_calls = true;
    emit_spill_fuel(emitter);
    if (told)
        emit_line(emitter, "rt->suspends = 1;");
    emit_line(emitter, "%s", statement);
    if (told)
        emit_line(emitter, "rt->suspends = 0;");
    emit_reload_fuel(emitter);
    if (!emitter->async)
        return;
    leave_canceled(emitter);
    emit_begin_region(emitter, CHARGE_STATEMENT);
}

/* ---- fuel ---- */

/* Heads that look at their first operand for nothing there too. */
static bool
looks_for_nothing(int head)
{
    static const int heads[] = {
        HEAD_BYTES_VIEW,
        HEAD_BYTES_SUBVIEW,
        HEAD_VEC_AS_VIEW,
        HEAD_BYTES_LEN,
        HEAD_VEC_LEN,
        HEAD_BYTES_GET_U8,
        HEAD_RESULT_BYTES_IS_OK,
        HEAD_RESULT_BYTES_ERR_CODE,
        HEAD_RESULT_RESULT_IS_OK,
        HEAD_RESULT_RESULT_ERR_CODE,
    };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (heads[i] == head)
            return true;
    return false;
}

uint64_t
emit_head_cost(const struct emitter *emitter, const struct node *node)
{
    switch (node->head) {
    case HEAD_SCOPE_START_SOON:
    case HEAD_SCOPE_ASYNC_LET_BYTES:
    case HEAD_SCOPE_ASYNC_LET_RESULT:
        return emitter->async; /* elsewhere the call of the function is all */
    case HEAD_SCOPE_WAIT_ALL:
        return emitter->async ? 2 : 1; /* tasks pay for each time that they come there */
    default:
        return 1;
    }
}

void
emit_charge_looks(struct emitter *emitter, const struct node *node)
{
    if (!emitter->async)
        return;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *kid = node->kids[i]->kind == NODE_VIEW ? node->kids[i]->kids[0] : node->kids[i];
        bool looked_at = kid->kind == NODE_LOCAL && kid->use != USE_COPY && kid->use != USE_MOVE;

        if (looked_at && !(i == 0 && node->kind == NODE_HEAD && looks_for_nothing(node->head)))
            emit_charge(emitter, 1);
    }
}

/* ---- starting ---- */

static const char *
start_name(struct emitter *emitter, const struct func *func)
{
    return arena_printf(emitter->arena, "start_%s", emit_function_name(emitter, func));
}

struct value
emit_task_call(struct emitter *emitter, struct node *node)
{
    struct value *values = memory_alloc((node->count + 1) * sizeof *values);
    struct text text = {0};
    bool arrives = true;

    emit_use_tasks(emitter);
    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, node->count, values);
    text_printf(&text, "%s(rt", start_name(emitter, node->callee));
    for (uint32_t i = 0; i < node->count; i++) {
        text_printf(&text, ", %s", values[i].text);
        arrives = arrives && values[i].level != VALUE_NONE;
    }
    text_putc(&text, ')');
    struct value result = emit_simple(arrives ? VALUE_EXPR : VALUE_NONE, node->type.type,
                                      arena_copy(emitter->arena, text.data, text.len));
    if (arrives)
        result = emit_operation(emitter, result, values, node->count);
    text_free(&text);
    free(values);
    return result;
}

/* ---- entries ----
 *
 * What a task is started with is kept in a frame until the body takes it. What a view looks at is copied: its
 * owner may be gone when the task runs. */

static bool
is_option_of_view(enum type type)
{
    return type == TYPE_OPTION_VIEW || type == TYPE_RESULT_VIEW;
}

static void
entry_frame(const struct func *func, struct text *out)
{
    text_printf(out, "\nstruct frame%u\n{\nchar none;\n", func->number);
    for (uint32_t i = 0; i < func->param_count; i++) {
        text_printf(out, "%s p%u;\n", type_c_name(func->param_types[i]), i);
        if (type_is_view(func->param_types[i]))
            text_printf(out, "x07_bytes owner%u;\n", i);
    }
    text_puts(out, "};\n");
}

/* Drops of the copies behind views, and of the owned parameters too when the body does not get them. */
static void
entry_drops(const struct func *func, bool all, struct text *out)
{
    for (uint32_t i = 0; i < func->param_count; i++) {
        enum type type = func->param_types[i];

        if (type_is_view(type))
            text_printf(out, "x07_drop_bytes(rt, frame->owner%u);\n", i);
        else if (all && type_is_owned(type))
            text_printf(out, "x07_drop_%s(rt, frame->p%u);\n", type_owned_suffix(type), i);
    }
}

static void
entry_run(struct emitter *emitter, const struct func *func, struct text *out)
{
    bool is_result = func->result == TYPE_RESULT_BYTES;

    text_printf(out,
                "\nstatic x07_result_bytes run_%s(x07_rt *rt, void *at)\n{\nstruct frame%u *frame = at;\n%s "
                "value = %s(rt",
                emit_function_name(emitter, func), func->number, type_c_name(func->result),
                emit_function_name(emitter, func));
    for (uint32_t i = 0; i < func->param_count; i++)
        text_printf(out, ", frame->p%u", i);
    text_puts(out, ");\n\n(void)frame;\n");
    entry_drops(func, false, out);
    text_puts(out, is_result ? "return value;\n}\n" : "return x07_result_bytes_ok(rt, value);\n}\n");
}

static void
entry_drop(struct emitter *emitter, const struct func *func, struct text *out)
{
    text_printf(out,
                "\nstatic void drop_%s(x07_rt *rt, void *at)\n{\nstruct frame%u *frame = "
                "at;\n\n(void)rt;\n(void)frame;\n",
                emit_function_name(emitter, func), func->number);
    entry_drops(func, true, out);
    text_puts(out, "}\n");
}

static void
entry_start(struct emitter *emitter, const struct func *func, struct text *out)
{
    const char *name = emit_function_name(emitter, func);

    text_printf(out, "\nstatic uint32_t %s(x07_rt *rt", start_name(emitter, func));
    for (uint32_t i = 0; i < func->param_count; i++)
        text_printf(out, ", %s p%u", type_c_name(func->param_types[i]), i);
    text_printf(out,
                ")\n{\nstatic const x07_task_class task = {run_%s, drop_%s, sizeof(struct frame%u), %d};\n"
                "struct frame%u frame = {0};\n\n",
                name, name, func->number, func->result == TYPE_RESULT_BYTES, func->number);
    for (uint32_t i = 0; i < func->param_count; i++) {
        enum type type = func->param_types[i];
        const char *member = is_option_of_view(type) ? ".value" : "";

        text_printf(out, "frame.p%u = p%u;\n", i, i);
        if (type_is_view(type))
            text_printf(
                out,
                "frame.owner%u = x07_view_to_bytes(rt, p%u%s);\nframe.p%u%s = x07_view_of(frame.owner%u);\n",
                i, i, member, i, member, i);
    }
    text_puts(out, "return x07_task_start(rt, &task, &frame);\n}\n");
}

void
emit_task_entries(struct emitter *emitter, struct text *out)
{
    const struct program *program = emitter->program;
    struct text code = {0};

    for (size_t i = 0; i < program->func_count; i++) {
        const struct func *func = program->funcs[i];

        if (!emit_is_emitted(func) || func->ast->kind != AST_DEFASYNC)
            continue;
        entry_frame(func, &code);
        entry_run(emitter, func, &code);
        entry_drop(emitter, func, &code);
        entry_start(emitter, func, &code);
    }
    emit_layout(text_string(&code), code.len, out);
    text_free(&code);
}
