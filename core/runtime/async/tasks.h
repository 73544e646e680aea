/* tasks.h: tasks and the scheduler, as the files of this folder share them. Knows no channels, scopes or
 * heads. */
#ifndef RUNTIME_ASYNC_TASKS_H
#define RUNTIME_ASYNC_TASKS_H

#include "../internal.h"
#include "../x07rt_async.h"
#include "stack.h"

/* What a task waits for, as the trace names it. */
enum wait { WAIT_NONE, WAIT_JOIN, WAIT_SLEEP, WAIT_SEND, WAIT_RECEIVE };

/* A list of tasks that wait for the same thing, oldest first. */
struct task_list {
    struct x07_task *first, *last;
};

struct x07_task {
    uint32_t id;
    const x07_task_class *class;
    struct stack *stack;          /* while it runs or is suspended */
    struct context here, resumer; /* where it stands; who resumed it */
    bool active;                  /* it runs, or has resumed others and waits for them to give back */
    bool ended;                   /* it has returned from its code */
    bool done, canceled;
    x07_result_bytes value; /* once done */
    struct task_list joiners;

    enum wait wait;
    uint32_t wait_id;
    struct task_list *list; /* that it is in, or NULL */
    struct x07_task *next, *previous;
    uint32_t timer; /* 1 + its place among the timers, or 0 */
    uint64_t wake_time, sequence;

    x07_task_scope *scope; /* that it belongs to, or NULL; its neighbours there */
    struct x07_task *older, *newer;

    _Alignas(16) uint8_t frame[]; /* what it was started with, until it runs */
};

/* What is known of a task for ever. */
struct task_entry {
    struct x07_task *task; /* NULL once its value was taken */
    bool is_result, canceled;
};

struct channel;
struct event;

struct tasks {
    x07_rt *rt;
    struct table entries;     /* of struct task_entry, by id - 1 */
    struct x07_task *current; /* whose code runs; NULL: that of solve */
    struct task_list ready;
    struct x07_task **timers; /* a heap by wake time and sequence */
    uint32_t timer_count, timer_cap;
    uint64_t sequence;
    struct stack *stacks; /* unused ones */
    struct table channels;
    struct event *events; /* alive */
    uint32_t last_event;
};

/* The program's tasks; made at the first call. */
struct tasks *rt_tasks(x07_rt *rt);

static inline struct schedule_figures *
tasks_figures(const struct tasks *all)
{
    return &runtime_of(all->rt)->schedule;
}

/* ---- the scheduler (schedule.c) ---- */

/* The current task waits for something, in `list` if that is not NULL, until somebody wakes it. False: the
 * task is to end, since it was canceled; rt->canceled is set. */
bool rt_task_block(struct tasks *all, enum wait wait, uint32_t id, struct task_list *list);

/* Makes a waiting task ready. */
void rt_task_wake(struct tasks *all, struct x07_task *task);

/* Runs the next task until it waits, or lets time pass until a timer is due. False: nothing can happen. */
bool rt_tasks_step(struct tasks *all);
/* As that, for solve; traps `scheduler deadlock` when nothing can happen. */
void rt_tasks_must_step(struct tasks *all);

/* task.sleep and task.yield, of a task or of solve, without their counts; false as above. */
bool rt_tasks_sleep(struct tasks *all, uint32_t ticks);
bool rt_tasks_yield(struct tasks *all);

/* The sleep of whoever cannot suspend: others run until the time has come. */
void rt_tasks_sleep_in_place(struct tasks *all, uint32_t ticks);

/* Cancels a task that is not done. */
void rt_task_cancel(struct tasks *all, struct x07_task *task);

/* Runs what is left of a task that is to end, which only drops what it holds. */
void rt_task_unwind(struct tasks *all, struct x07_task *task);

/* ---- tasks (task.c) ---- */

/* Traps `task invalid handle`. Valid until the next task is made. */
struct task_entry *rt_task_entry(struct tasks *all, uint32_t handle);

/* A task whose value can be waited for; NULL when there is nothing to wait for any more. */
struct x07_task *rt_task_pending(struct tasks *all, uint32_t handle);

/* Waits until the task is done; counts its attempts, and charges a task `fuel` for each after the first.
 * False: the waiting task is to end. */
bool rt_task_await(struct tasks *all, uint32_t handle, uint32_t fuel);

/* The value of a task that is done, which is then gone; false, and the error 2, for a canceled one. Traps
 * `join already taken`, but not for a canceled one, which can be taken again. */
bool rt_task_take(struct tasks *all, uint32_t handle, x07_result_bytes *value);

/* Takes a task out of its scope's list (scope.c). */
void rt_scope_unlink(struct x07_task *task);

void rt_task_trace(struct tasks *all, uint64_t tag, uint32_t task, uint64_t what);

enum { TRACE_SWITCH = 1, TRACE_BLOCK, TRACE_WAKE, TRACE_COMPLETE, CANCELED = 2 };

static inline uint64_t
trace_wait(enum wait wait, uint32_t id)
{
    return (uint64_t)wait << 32 | id;
}

/* ---- lists (list.c) ---- */

void rt_task_list_add(struct task_list *list, struct x07_task *task);
/* From the list that it is in, if any. */
void rt_task_list_remove(struct x07_task *task);
void rt_task_timer_add(struct tasks *all, struct x07_task *task, uint64_t wake_time);
void rt_task_timer_remove(struct tasks *all, struct x07_task *task);
static inline struct x07_task *
rt_task_timer_first(const struct tasks *all)
{
    return all->timer_count ? all->timers[0] : NULL;
}

/* ---- the end (one per family) ---- */
void rt_channels_release(struct tasks *all);

/* Ends the events of a scope, or all when it is NULL (select.c). */
void rt_events_forget(struct tasks *all, const x07_task_scope *scope);

#endif
