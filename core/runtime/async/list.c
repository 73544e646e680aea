/* list.c: tasks in the order in which they are to be woken: waiting lists and timers. */
#include "tasks.h"

void
rt_task_list_add(struct task_list *list, struct x07_task *task)
{
    task->list = list;
    task->next = NULL;
    task->previous = list->last;
    if (list->last)
        list->last->next = task;
    else
        list->first = task;
    list->last = task;
}

void
rt_task_list_remove(struct x07_task *task)
{
    struct task_list *list = task->list;

    if (!list)
        return;
    if (task->previous)
        task->previous->next = task->next;
    else
        list->first = task->next;
    if (task->next)
        task->next->previous = task->previous;
    else
        list->last = task->previous;
    task->list = NULL;
}

/* ---- timers: a heap, the earliest first ---- */

static bool
timer_before(const struct x07_task *a, const struct x07_task *b)
{
    return a->wake_time != b->wake_time ? a->wake_time < b->wake_time : a->sequence < b->sequence;
}

static void
timer_put(struct tasks *all, uint32_t at, struct x07_task *task)
{
    all->timers[at] = task;
    task->timer = at + 1;
}

static void
timer_up(struct tasks *all, uint32_t at, struct x07_task *task)
{
    while (at && timer_before(task, all->timers[(at - 1) / 2])) {
        timer_put(all, at, all->timers[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    timer_put(all, at, task);
}

static void
timer_down(struct tasks *all, uint32_t at, struct x07_task *task)
{
    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child + 1 < all->timer_count && timer_before(all->timers[child + 1], all->timers[child]))
            child++;
        if (child >= all->timer_count || timer_before(task, all->timers[child]))
            break;
        timer_put(all, at, all->timers[child]);
        at = child;
    }
    timer_put(all, at, task);
}

void
rt_task_timer_add(struct tasks *all, struct x07_task *task, uint64_t wake_time)
{
    enum { FIRST = 8 };

    if (all->timer_count == all->timer_cap) {
        uint32_t cap = all->timer_cap ? all->timer_cap * 2 : FIRST,
                 size = (uint32_t)sizeof(struct x07_task *);

        all->timers =
            rt_memory_grow(all->rt, all->timers, all->timer_cap * size, all->timer_count * size, cap * size);
        all->timer_cap = cap;
    }
    task->wake_time = wake_time;
    task->sequence = all->sequence++;
    timer_up(all, all->timer_count++, task);
}

void
rt_task_timer_remove(struct tasks *all, struct x07_task *task)
{
    if (!task->timer)
        return;
    uint32_t at = task->timer - 1;
    struct x07_task *last = all->timers[--all->timer_count];
    task->timer = 0;
    if (last == task)
        return;
    if (at && timer_before(last, all->timers[(at - 1) / 2]))
        timer_up(all, at, last);
    else
        timer_down(all, at, last);
}
