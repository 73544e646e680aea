/* task.c: the heads of tasks and the table of their handles. */
#include "tasks.h"

/* ---- all of them ---- */

/* The end of the program: the tasks that are left are dropped, which counts as nothing. */
static void
tasks_release(void *data)
{
    struct tasks *all = data;
    x07_rt *rt = all->rt;
    const struct schedule_figures figures = *tasks_figures(all);

    for (uint32_t i = 0; i < all->entries.count; i++) {
        struct x07_task *task = ((struct task_entry *)all->entries.slots)[i].task;

        if (task && !task->done)
            rt_task_cancel(all, task);
    }
    for (uint32_t i = 0; i < all->entries.count; i++) {
        struct x07_task *task = ((struct task_entry *)all->entries.slots)[i].task;

        if (!task)
            continue;
        x07_drop_result_bytes(rt, task->value);
        rt_memory_free(rt, task);
    }
    rt_events_forget(all, NULL);
    rt_channels_release(all);
    rt_table_free(rt, &all->entries);
    if (all->timer_cap)
        rt_memory_free(rt, all->timers);
    rt_stacks_free(&all->stacks);
    rt_memory_free(rt, all);
    runtime_of(rt)->sleep = NULL;
    runtime_of(rt)->schedule = figures;
}

/* The latency of a head that reads. In the body of a task it suspends the task. */
static bool
tasks_latency(x07_rt *rt, uint32_t ticks)
{
    struct tasks *all = rt_tasks(rt);

    if (all->current && rt->suspends)
        return rt_tasks_sleep(all, ticks);
    rt_tasks_sleep_in_place(all, ticks);
    return true;
}

struct tasks *
rt_tasks(x07_rt *rt)
{
    struct runtime *runtime = runtime_of(rt);

    if (!runtime->tasks.data) {
        struct tasks *all = rt_memory_take_zeroed(rt, sizeof *all);

        all->rt = rt;
        runtime->tasks = (struct native_state){all, tasks_release};
        runtime->sleep = tasks_latency;
    }
    return runtime->tasks.data;
}

struct task_entry *
rt_task_entry(struct tasks *all, uint32_t handle)
{
    if (handle - 1 >= all->entries.count)
        x07_trap(all->rt, "task invalid handle");
    return (struct task_entry *)all->entries.slots + (handle - 1);
}

struct x07_task *
rt_task_pending(struct tasks *all, uint32_t handle)
{
    struct x07_task *task = rt_task_entry(all, handle)->task;

    return task && !task->done ? task : NULL;
}

uint32_t
x07_task_start(x07_rt *rt, const x07_task_class *class, const void *frame)
{
    struct tasks *all = rt_tasks(rt);
    struct x07_task *task = rt_memory_take(rt, (uint32_t)(sizeof *task + class->frame_size));

    *task = (struct x07_task){.class = class, .value = X07_EMPTY_RESULT_BYTES};
    memcpy(task->frame, frame, class->frame_size);
    struct task_entry *entry = rt_table_add(rt, &all->entries, sizeof *entry);
    *entry = (struct task_entry){.task = task, .is_result = class->is_result};
    task->id = all->entries.count;
    tasks_figures(all)->tasks_spawned++;
    rt_task_list_add(&all->ready, task);
    return task->id;
}

/* ---- joins ---- */

bool
rt_task_await(struct tasks *all, uint32_t handle, uint32_t fuel)
{
    struct schedule_figures *figures = tasks_figures(all);
    struct x07_task *task;

    figures->join_calls++;
    while ((task = rt_task_pending(all, handle))) {
        if (task == all->current)
            x07_trap(all->rt, "join self");
        if (!all->current) {
            rt_tasks_must_step(all);
            continue;
        }
        if (!rt_task_block(all, WAIT_JOIN, handle, &task->joiners))
            return false;
        figures->join_calls++;
        all->rt->fuel -= fuel;
    }
    return true;
}

bool
rt_task_take(struct tasks *all, uint32_t handle, x07_result_bytes *value)
{
    struct task_entry *entry = rt_task_entry(all, handle);
    struct x07_task *task = entry->task;

    if (!task && !entry->canceled)
        x07_trap(all->rt, "join already taken");
    *value = (x07_result_bytes){0, CANCELED, X07_EMPTY_BYTES};
    if (!task || task->active) /* active: it was canceled and has yet to end */
        return false;
    entry->canceled = task->canceled;
    if (!task->canceled)
        *value = task->value;
    entry->task = NULL;
    rt_scope_unlink(task);
    rt_memory_free(all->rt, task);
    return !entry->canceled;
}

static void
demand_kind(struct tasks *all, uint32_t handle, bool is_result, const char *trap)
{
    if (rt_task_entry(all, handle)->is_result != is_result)
        x07_trap(all->rt, trap);
}

x07_bytes
x07_await(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);
    x07_result_bytes value;

    demand_kind(all, handle, false, "task.join.bytes kind mismatch");
    if (!rt_task_await(all, handle, 0))
        return X07_EMPTY_BYTES;
    rt_task_take(all, handle, &value);
    return value.value;
}

x07_result_bytes
x07_task_join_result_bytes(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);
    x07_result_bytes value = X07_EMPTY_RESULT_BYTES;

    demand_kind(all, handle, true, "task.join.result_bytes kind mismatch");
    if (rt_task_await(all, handle, 0))
        rt_task_take(all, handle, &value);
    return value;
}

enum { NOT_FINISHED = 1 };

x07_result_bytes
x07_task_try_join_bytes(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);
    x07_result_bytes value;

    demand_kind(all, handle, false, "task.try_join.bytes kind mismatch");
    tasks_figures(all)->join_calls++;
    if (rt_task_pending(all, handle))
        return (x07_result_bytes){0, NOT_FINISHED, X07_EMPTY_BYTES};
    rt_task_take(all, handle, &value);
    return value;
}

x07_result_result_bytes
x07_task_try_join_result_bytes(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);
    x07_result_bytes value;

    demand_kind(all, handle, true, "task.try_join.result_bytes kind mismatch");
    tasks_figures(all)->join_calls++;
    if (rt_task_pending(all, handle))
        return (x07_result_result_bytes){0, NOT_FINISHED, X07_EMPTY_RESULT_BYTES};
    if (!rt_task_take(all, handle, &value))
        return (x07_result_result_bytes){0, CANCELED, X07_EMPTY_RESULT_BYTES};
    return (x07_result_result_bytes){1, 0, value};
}

/* ---- the others ---- */

uint32_t
x07_task_is_finished(x07_rt *rt, uint32_t handle)
{
    return !rt_task_pending(rt_tasks(rt), handle);
}

uint32_t
x07_task_cancel(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);
    struct x07_task *task = rt_task_pending(all, handle);

    if (!task)
        return 0;
    rt_task_cancel(all, task);
    return 1;
}

uint32_t
x07_task_spawn(x07_rt *rt, uint32_t handle)
{
    struct tasks *all = rt_tasks(rt);

    rt_task_entry(all, handle);
    tasks_figures(all)->spawn_calls++;
    return handle;
}

uint32_t
x07_task_yield(x07_rt *rt)
{
    struct tasks *all = rt_tasks(rt);

    tasks_figures(all)->yield_calls++;
    rt_tasks_yield(all);
    return 0;
}

uint32_t
x07_task_sleep(x07_rt *rt, uint32_t ticks)
{
    struct tasks *all = rt_tasks(rt);

    tasks_figures(all)->sleep_calls++;
    rt_tasks_sleep(all, ticks);
    return 0;
}
