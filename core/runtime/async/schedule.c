/* schedule.c: who runs next. Tasks run in the order in which they became ready; when none is, virtual time
 * jumps to the earliest timer. Nothing here depends on real time. */
#include "tasks.h"

void
rt_task_trace(struct tasks *all, uint64_t tag, uint32_t task, uint64_t what)
{
    const uint64_t words[] = {tag, task, what};
    uint64_t *hash = &tasks_figures(all)->trace_hash;

    for (int i = 0; i < 3; i++)
        *hash = (*hash ^ words[i]) * UINT64_C(1099511628211);
}

/* ---- running ---- */

/* The code of a task's own stack. */
static void
task_entry(void *argument)
{
    struct tasks *all = argument;
    struct x07_task *task = all->current;

    rt_context_arrive(&task->resumer);
    task->value = task->class->run(all->rt, task->frame);
    task->active = false;
    task->ended = true;
    rt_context_leave(&task->here, &task->resumer);
}

/* Until it waits or ends. Tasks may be resumed by a task: one that sleeps in a function which cannot suspend.
 */
static void
task_resume(struct tasks *all, struct x07_task *task)
{
    struct x07_task *resumer = all->current;
    uint32_t suspends = all->rt->suspends, canceled = all->rt->canceled;

    if (!task->stack) {
        task->stack = rt_stack_take(&all->stacks);
        if (!task->stack)
            x07_trap(all->rt, "out of memory");
        rt_context_make(&task->here, task->stack, task_entry, all);
    }
    all->current = task;
    all->rt->suspends = 0;
    all->rt->canceled = 0;
    task->active = true;
    rt_context_switch(&task->resumer, &task->here);
    all->current = resumer;
    all->rt->suspends = suspends;
    all->rt->canceled = canceled;
}

static void
task_give_stack(struct tasks *all, struct x07_task *task)
{
    rt_stack_give(&all->stacks, task->stack);
    task->stack = NULL;
}

/* Back to who resumed the current task, until it is resumed again. */
static bool
task_suspend(struct tasks *all, struct x07_task *task)
{
    task->active = false;
    rt_context_switch(&task->here, &task->resumer);
    all->rt->canceled = task->canceled;
    return !task->canceled;
}

/* A task that was canceled while it ran ends where it would wait. */
static bool
task_may_wait(struct tasks *all, const struct x07_task *task)
{
    all->rt->canceled = task->canceled;
    return !task->canceled;
}

void
rt_task_unwind(struct tasks *all, struct x07_task *task)
{
    if (!task->stack) {
        task->class->drop(all->rt, task->frame);
        return;
    }
    task_resume(all, task);
    x07_drop_result_bytes(all->rt, task->value);
    task->value = X07_EMPTY_RESULT_BYTES;
    task_give_stack(all, task);
}

static void
wake_joiners(struct tasks *all, struct x07_task *task)
{
    while (task->joiners.first)
        rt_task_wake(all, task->joiners.first);
}

/* It has returned from its code. */
static void
task_end(struct tasks *all, struct x07_task *task)
{
    task_give_stack(all, task);
    if (task->canceled) { /* while it ran: all else has been said then */
        x07_drop_result_bytes(all->rt, task->value);
        task->value = X07_EMPTY_RESULT_BYTES;
        return;
    }
    task->done = true;
    rt_task_trace(all, TRACE_COMPLETE, task->id, tasks_figures(all)->now);
    wake_joiners(all, task);
}

static void
task_run(struct tasks *all, struct x07_task *task)
{
    tasks_figures(all)->ctx_switches++;
    rt_task_trace(all, TRACE_SWITCH, task->id, tasks_figures(all)->now);
    task_resume(all, task);
    if (task->ended)
        task_end(all, task);
}

void
rt_task_cancel(struct tasks *all, struct x07_task *task)
{
    task->done = task->canceled = true;
    rt_task_list_remove(task);
    rt_task_timer_remove(all, task);
    if (!task->active)
        rt_task_unwind(all, task);
    rt_task_trace(all, TRACE_COMPLETE, task->id, tasks_figures(all)->now);
    wake_joiners(all, task);
}

/* ---- waiting ---- */

void
rt_task_wake(struct tasks *all, struct x07_task *task)
{
    uint32_t id = task->wait == WAIT_SLEEP ? 0 : task->wait_id;

    rt_task_list_remove(task);
    tasks_figures(all)->wake_events++;
    rt_task_trace(all, TRACE_WAKE, task->id, trace_wait(task->wait, id));
    task->wait = WAIT_NONE;
    rt_task_list_add(&all->ready, task);
}

bool
rt_task_block(struct tasks *all, enum wait wait, uint32_t id, struct task_list *list)
{
    struct x07_task *task = all->current;

    if (!task_may_wait(all, task))
        return false;
    tasks_figures(all)->blocked_waits++;
    rt_task_trace(all, TRACE_BLOCK, task->id, trace_wait(wait, id));
    task->wait = wait;
    task->wait_id = id;
    if (list)
        rt_task_list_add(list, task);
    if (wait == WAIT_SLEEP)
        rt_task_timer_add(all, task, tasks_figures(all)->now + id);
    return task_suspend(all, task);
}

bool
rt_tasks_step(struct tasks *all)
{
    struct schedule_figures *figures = tasks_figures(all);
    struct x07_task *task = all->ready.first;

    if (task) {
        rt_task_list_remove(task);
        task_run(all, task);
        return true;
    }
    task = rt_task_timer_first(all);
    if (!task)
        return false;
    if (figures->now < task->wake_time)
        figures->now = task->wake_time;
    rt_task_timer_remove(all, task);
    rt_task_wake(all, task);
    return true;
}

void
rt_tasks_must_step(struct tasks *all)
{
    if (!rt_tasks_step(all))
        x07_trap(all->rt, "scheduler deadlock");
}

void
rt_tasks_sleep_in_place(struct tasks *all, uint32_t ticks)
{
    struct schedule_figures *figures = tasks_figures(all);
    uint64_t target = figures->now + ticks;

    while (figures->now < target) {
        const struct x07_task *timer = rt_task_timer_first(all);

        if (!all->ready.first && (!timer || timer->wake_time > target))
            figures->now = target;
        else
            rt_tasks_step(all);
    }
}

/* To the end of those that are ready. */
static bool
task_pause(struct tasks *all, struct x07_task *task)
{
    rt_task_list_add(&all->ready, task);
    return task_suspend(all, task);
}

bool
rt_tasks_sleep(struct tasks *all, uint32_t ticks)
{
    struct x07_task *task = all->current;

    if (task && ticks)
        return rt_task_block(all, WAIT_SLEEP, ticks, NULL);
    if (task)
        return task_may_wait(all, task) && task_pause(all, task);
    rt_tasks_sleep_in_place(all, ticks);
    return true;
}

bool
rt_tasks_yield(struct tasks *all)
{
    struct x07_task *task = all->current;

    if (!task) {
        rt_tasks_step(all);
        return true;
    }
    if (!task_may_wait(all, task))
        return false;
    rt_task_trace(all, TRACE_BLOCK, task->id, trace_wait(WAIT_NONE, 0));
    return task_pause(all, task);
}
