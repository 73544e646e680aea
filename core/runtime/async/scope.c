/* scope.c: task scopes: what was started inside is over when the scope is left. */
#include "scope.h"

#include "tasks.h"

struct x07_slot {
    uint32_t task;
    uint16_t generation;
    bool is_result, consumed;
};

enum { SLOTS_MAX = 65536, WAKE_FUEL = 1 };

void
x07_task_scope_open(x07_rt *rt, x07_task_scope *scope, const x07_task_scope_limits *limits)
{
    const struct schedule_figures *figures = tasks_figures(rt_tasks(rt));

    *scope = (x07_task_scope){.limits = *limits,
                              .ticks = figures->now,
                              .blocked_waits = figures->blocked_waits,
                              .join_calls = figures->join_calls};
}

/* ---- what belongs to a scope ---- */

static void
scope_link(x07_task_scope *scope, struct x07_task *task)
{
    task->scope = scope;
    task->older = scope->newest;
    if (scope->newest)
        scope->newest->newer = task;
    else
        scope->oldest = task;
    scope->newest = task;
}

void
rt_scope_unlink(struct x07_task *task)
{
    x07_task_scope *scope = task->scope;

    if (!scope)
        return;
    if (task->older)
        task->older->newer = task->newer;
    else
        scope->oldest = task->newer;
    if (task->newer)
        task->newer->older = task->older;
    else
        scope->newest = task->older;
    task->scope = NULL;
    task->older = task->newer = NULL;
}

/* Registers a task that was just made. */
static void
scope_start(struct tasks *all, x07_task_scope *scope, uint32_t handle)
{
    struct x07_task *task = rt_task_entry(all, handle)->task;

    if (scope->closed)
        x07_trap(all->rt, "X07T_SCOPE_START_AFTER_CANCEL");
    if (scope->started + scope->pending >= scope->limits.max_children)
        x07_trap(all->rt, "X07T_SCOPE_BUDGET_CHILDREN_EXCEEDED");
    tasks_figures(all)->spawn_calls++;
    scope_link(scope, task);
}

uint32_t
x07_task_scope_start_soon_v1(x07_rt *rt, uint32_t handle, x07_task_scope *scope)
{
    scope_start(rt_tasks(rt), scope, handle);
    scope->started++;
    return 1;
}

/* ---- slots ---- */

/* The lowest free index. */
static uint32_t
slot_index(struct tasks *all, x07_task_scope *scope)
{
    uint32_t index = 0, size = (uint32_t)sizeof(struct x07_slot);

    if (scope->pending < scope->slot_count)
        while (!scope->slots[index].consumed)
            index++;
    else
        index = scope->slot_count;
    if (index == SLOTS_MAX)
        x07_trap(all->rt, "X07T_SCOPE_BUDGET_CHILDREN_EXCEEDED");
    if (index == scope->slot_cap) {
        uint32_t cap = scope->slot_cap ? scope->slot_cap * 2 : 8;

        scope->slots =
            rt_memory_grow(all->rt, scope->slots, scope->slot_cap * size, index * size, cap * size);
        scope->slot_cap = cap;
    }
    if (index == scope->slot_count)
        scope->slots[scope->slot_count++] = (struct x07_slot){0};
    return index;
}

uint32_t
x07_task_scope_async_let_bytes_v1(x07_rt *rt, uint32_t handle, x07_task_scope *scope)
{
    struct tasks *all = rt_tasks(rt);

    scope_start(all, scope, handle);
    uint32_t index = slot_index(all, scope);
    uint32_t generation = scope->slots[index].generation + 1u;
    scope->slots[index] =
        (struct x07_slot){.task = handle,
                          .generation = (uint16_t)(generation > UINT16_MAX ? 1 : generation),
                          .is_result = rt_task_entry(all, handle)->is_result};
    scope->pending++;
    return (uint32_t)scope->slots[index].generation << 16 | index;
}

/* A slot that was made in this scope. */
static struct x07_slot *
slot_of(x07_rt *rt, x07_task_scope *scope, uint32_t slot)
{
    uint32_t index = slot & UINT16_MAX;

    if (index >= scope->limits.max_children)
        x07_trap(rt, "X07T_SCOPE_SLOT_OOB");
    if (index >= scope->slot_count || scope->slots[index].generation != slot >> 16)
        x07_trap(rt, "X07T_SCOPE_SLOT_INVALID");
    return &scope->slots[index];
}

/* One whose value was not taken yet. */
static struct x07_slot *
slot_pending(x07_rt *rt, x07_task_scope *scope, uint32_t slot, bool is_result)
{
    struct x07_slot *found = slot_of(rt, scope, slot);

    if (found->consumed)
        x07_trap(rt, "X07T_SCOPE_SLOT_ALREADY_CONSUMED");
    if (found->is_result != is_result)
        x07_trap(rt, "X07T_SCOPE_SLOT_KIND_MISMATCH");
    return found;
}

static void
check_size(x07_rt *rt, const x07_task_scope *scope, const x07_result_bytes *value)
{
    uint32_t max = scope->limits.max_slot_result_bytes;

    if (max && value->value.len > max)
        x07_trap(rt, "X07T_SCOPE_SLOT_RESULT_TOO_LARGE");
}

/* The value of a task that is done; false: it was canceled. */
static bool
slot_consume(struct tasks *all, x07_task_scope *scope, struct x07_slot *slot, x07_result_bytes *value)
{
    struct x07_task *task = rt_task_entry(all, slot->task)->task;

    slot->consumed = true;
    scope->pending--;
    if (task)
        rt_scope_unlink(task);
    return rt_task_take(all, slot->task, value);
}

/* False: canceled, the waiting task or the slot's. */
static bool
slot_await(struct tasks *all, x07_task_scope *scope, uint32_t slot, bool is_result, x07_result_bytes *value)
{
    uint32_t task = slot_pending(all->rt, scope, slot, is_result)->task;

    *value = X07_EMPTY_RESULT_BYTES;
    if (!rt_task_await(all, task, 0) || !slot_consume(all, scope, slot_of(all->rt, scope, slot), value))
        return false;
    check_size(all->rt, scope, value);
    return true;
}

x07_bytes
x07_task_scope_await_slot_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope)
{
    x07_result_bytes value;

    slot_await(rt_tasks(rt), scope, slot, false, &value);
    return value.value;
}

x07_result_bytes
x07_task_scope_await_slot_result_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope)
{
    x07_result_bytes value;

    slot_await(rt_tasks(rt), scope, slot, true, &value);
    return value;
}

enum slot_state
rt_slot_try(struct tasks *all, x07_task_scope *scope, uint32_t slot, bool is_result, x07_result_bytes *value)
{
    struct x07_slot *found = slot_pending(all->rt, scope, slot, is_result);

    tasks_figures(all)->join_calls++;
    if (rt_task_pending(all, found->task))
        return SLOT_NOT_READY;
    return slot_consume(all, scope, found, value) ? SLOT_READY : SLOT_CANCELED;
}

x07_result_bytes
x07_task_scope_try_await_slot_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope)
{
    x07_result_bytes value = X07_EMPTY_RESULT_BYTES;
    enum slot_state state = rt_slot_try(rt_tasks(rt), scope, slot, false, &value);

    if (state != SLOT_READY)
        return (x07_result_bytes){0, state, X07_EMPTY_BYTES};
    check_size(rt, scope, &value);
    return value;
}

x07_result_result_bytes
x07_task_scope_try_await_slot_result_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope)
{
    x07_result_bytes value = X07_EMPTY_RESULT_BYTES;
    enum slot_state state = rt_slot_try(rt_tasks(rt), scope, slot, true, &value);

    if (state != SLOT_READY)
        return (x07_result_result_bytes){0, state, X07_EMPTY_RESULT_BYTES};
    check_size(rt, scope, &value);
    return (x07_result_result_bytes){1, 0, value};
}

uint32_t
x07_task_scope_slot_is_finished_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope)
{
    const struct x07_slot *found = slot_of(rt, scope, slot);

    return found->consumed || !rt_task_pending(rt_tasks(rt), found->task);
}

/* ---- waiting for all, and the end ---- */

/* False: the waiting task is to end. */
static bool
join_slots(struct tasks *all, x07_task_scope *scope)
{
    for (uint32_t i = 0; i < scope->slot_count; i++) {
        x07_result_bytes value;

        if (scope->slots[i].consumed)
            continue;
        if (!rt_task_await(all, scope->slots[i].task, WAKE_FUEL))
            return false;
        if (!slot_consume(all, scope, &scope->slots[i], &value))
            continue;
        check_size(all->rt, scope, &value);
        x07_drop_result_bytes(all->rt, value);
    }
    return true;
}

static bool
join_children(struct tasks *all, x07_task_scope *scope)
{
    struct x07_task *task;

    while ((task = scope->oldest)) {
        x07_result_bytes value;

        if (!rt_task_await(all, task->id, WAKE_FUEL))
            return false;
        if (scope->oldest != task) /* somebody else has taken it */
            continue;
        rt_scope_unlink(task);
        if (rt_task_take(all, task->id, &value))
            x07_drop_result_bytes(all->rt, value);
    }
    return true;
}

uint32_t
x07_task_scope_wait_all_v1(x07_rt *rt, x07_task_scope *scope)
{
    struct tasks *all = rt_tasks(rt);
    uint32_t count = scope->started + scope->pending;

    if (!join_slots(all, scope) || !join_children(all, scope))
        return 0;
    scope->started = 0;
    scope->closed = 0;
    return count;
}

/* Newest first; returns how many were not done. */
static uint32_t
cancel_all(struct tasks *all, x07_task_scope *scope)
{
    uint32_t count = 0;

    for (struct x07_task *task = scope->newest; task; task = task->older) {
        if (task->done)
            continue;
        rt_task_cancel(all, task);
        count++;
    }
    return count;
}

uint32_t
x07_task_scope_cancel_all_v1(x07_rt *rt, x07_task_scope *scope)
{
    scope->closed = 1;
    return cancel_all(rt_tasks(rt), scope);
}

static void
check_limits(struct tasks *all, const x07_task_scope *scope)
{
    const struct schedule_figures *figures = tasks_figures(all);
    const struct {
        uint32_t limit;
        uint64_t used;
        const char *trap;
    } rows[] = {
        {scope->limits.max_ticks, figures->now - scope->ticks, "X07T_SCOPE_BUDGET_TICKS_EXCEEDED"},
        {scope->limits.max_blocked_waits, figures->blocked_waits - scope->blocked_waits,
         "X07T_SCOPE_BUDGET_BLOCKED_WAITS_EXCEEDED"},
        {scope->limits.max_join_polls, figures->join_calls - scope->join_calls,
         "X07T_SCOPE_BUDGET_JOIN_POLLS_EXCEEDED"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].limit && rows[i].used > rows[i].limit)
            x07_trap(all->rt, rows[i].trap);
}

static void
scope_close(struct tasks *all, x07_task_scope *scope)
{
    rt_events_forget(all, scope);
    if (scope->slot_cap)
        rt_memory_free(all->rt, scope->slots);
    scope->slot_cap = scope->slot_count = 0;
}

void
x07_task_scope_leave(x07_rt *rt, x07_task_scope *scope)
{
    struct tasks *all = rt_tasks(rt);

    if (!join_slots(all, scope) || !join_children(all, scope))
        return;
    check_limits(all, scope);
    scope_close(all, scope);
}

void
x07_task_scope_abandon(x07_rt *rt, x07_task_scope *scope)
{
    struct tasks *all = rt_tasks(rt);
    struct x07_task *task;
    x07_result_bytes value;

    cancel_all(all, scope);
    while ((task = scope->newest)) {
        rt_scope_unlink(task);
        if (rt_task_take(all, task->id, &value))
            x07_drop_result_bytes(rt, value);
    }
    scope_close(all, scope);
}
