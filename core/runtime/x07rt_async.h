/* x07rt_async.h: tasks, channels, task scopes and select. Ownership, errors and threads are as in x07rt.h;
 * tasks are switched on one thread, by the order in which they became ready and by virtual time. Linked from
 * an archive of its own, libx07rt_async.
 *
 * Waiting    await, the joins, task.yield, task.sleep, chan.bytes.send, chan.bytes.recv, the await and
 * wait_all of scopes, x07_task_scope_leave and x07_select_wait let other tasks run. Called in solve they
 * return when they are done. Called in a task they may return because the task was canceled: then
 * rt->canceled is set and the result is empty, and the task's code must drop what it holds and return to its
 * entry, without any other call that waits. Handles    a task's id, from 1, valid until the program ends. An
 * event's id, valid until it is taken, dropped, or its scope is left. A slot, valid until its scope is left.
 */
#ifndef X07RT_ASYNC_H
#define X07RT_ASYNC_H

#include "x07rt.h"

/* How the body of a task is called. `frame` is a copy of what x07_task_start was given, which `run` consumes;
 * a task that never runs is given to `drop` instead. A body of type bytes returns its value as an ok. */
typedef struct {
    x07_result_bytes (*run)(x07_rt *rt, void *frame);
    void (*drop)(x07_rt *rt, void *frame);
    uint32_t frame_size;
    uint32_t is_result; /* 1: its value is a result_bytes */
} x07_task_class;

/* Makes a task, which runs when others wait; returns its handle. `task` must stay valid. */
uint32_t x07_task_start(x07_rt *rt, const x07_task_class *task, const void *frame);

x07_bytes x07_await(x07_rt *rt, uint32_t handle);
#define x07_task_join_bytes x07_await
x07_result_bytes x07_task_join_result_bytes(x07_rt *rt, uint32_t handle);
x07_result_bytes x07_task_try_join_bytes(x07_rt *rt, uint32_t handle);
x07_result_result_bytes x07_task_try_join_result_bytes(x07_rt *rt, uint32_t handle);
uint32_t x07_task_is_finished(x07_rt *rt, uint32_t handle);
uint32_t x07_task_cancel(x07_rt *rt, uint32_t handle);
uint32_t x07_task_spawn(x07_rt *rt, uint32_t handle);
uint32_t x07_task_yield(x07_rt *rt);
uint32_t x07_task_sleep(x07_rt *rt, uint32_t ticks);

/* Channels; an id, from 1, is valid until the program ends. */
uint32_t x07_chan_bytes_new(x07_rt *rt, uint32_t cap);
uint32_t x07_chan_bytes_send(x07_rt *rt, uint32_t chan, x07_bytes message);
uint32_t x07_chan_bytes_try_send(x07_rt *rt, uint32_t chan, x07_view message);
x07_bytes x07_chan_bytes_recv(x07_rt *rt, uint32_t chan);
x07_result_bytes x07_chan_bytes_try_recv(x07_rt *rt, uint32_t chan);
uint32_t x07_chan_bytes_close(x07_rt *rt, uint32_t chan);

/* What task.scope.cfg_v1 says; 0 is no limit except for max_children. */
typedef struct {
    uint32_t max_children, max_ticks, max_blocked_waits, max_join_polls, max_slot_result_bytes;
} x07_task_scope_limits;

/* An open scope. Lives where the code of its function puts it; the members are the runtime's own. */
typedef struct {
    x07_task_scope_limits limits;
    uint32_t started, pending; /* children since the last wait_all; slots that are not consumed */
    uint32_t closed;           /* no starts until wait_all */
    uint32_t cursor;           /* of the selects of policy rr_v1 */
    uint64_t ticks, blocked_waits, join_calls; /* at entry */
    struct x07_task *oldest, *newest;          /* in order of registration */
    struct x07_slot *slots;
    uint32_t slot_count, slot_cap;
} x07_task_scope;

void x07_task_scope_open(x07_rt *rt, x07_task_scope *scope, const x07_task_scope_limits *limits);
/* The end of the body: waits for all that was started, checks the limits, and closes the scope. */
void x07_task_scope_leave(x07_rt *rt, x07_task_scope *scope);
/* The end of a scope in a canceled task: cancels what was started. */
void x07_task_scope_abandon(x07_rt *rt, x07_task_scope *scope);

/* The heads, with the innermost scope around them as the last operand. */
uint32_t x07_task_scope_start_soon_v1(x07_rt *rt, uint32_t handle, x07_task_scope *scope);
uint32_t x07_task_scope_cancel_all_v1(x07_rt *rt, x07_task_scope *scope);
uint32_t x07_task_scope_wait_all_v1(x07_rt *rt, x07_task_scope *scope);
uint32_t x07_task_scope_async_let_bytes_v1(x07_rt *rt, uint32_t handle, x07_task_scope *scope);
#define x07_task_scope_async_let_result_bytes_v1 x07_task_scope_async_let_bytes_v1
x07_bytes x07_task_scope_await_slot_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope);
x07_result_bytes x07_task_scope_await_slot_result_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope);
x07_result_bytes x07_task_scope_try_await_slot_bytes_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope);
x07_result_result_bytes x07_task_scope_try_await_slot_result_bytes_v1(x07_rt *rt, uint32_t slot,
                                                                      x07_task_scope *scope);
uint32_t x07_task_scope_slot_is_finished_v1(x07_rt *rt, uint32_t slot, x07_task_scope *scope);

/* A select. `begin` starts one; `scan` starts a look at its cases; `next` names the case to try, or is 0
 * after the last one; the two tries return an event, or 0; `wait` sleeps between scans, and returns the event
 * of a timeout, or 0. */
typedef struct {
    uint32_t cases, fair, poll_sleep_ticks, max_polls, timeout_ticks;
} x07_select_terms;

typedef struct {
    const x07_select_terms *terms;
    x07_task_scope *scope;
    uint32_t tried, index; /* of this scan; the current case */
    uint32_t polls, slept;
} x07_select;

void x07_select_begin(x07_rt *rt, x07_select *select, const x07_select_terms *terms, x07_task_scope *scope);
void x07_select_scan(x07_rt *rt, x07_select *select);
uint32_t x07_select_next(x07_rt *rt, x07_select *select);
uint32_t x07_select_slot(x07_rt *rt, x07_select *select, uint32_t slot);
uint32_t x07_select_chan(x07_rt *rt, x07_select *select, uint32_t chan);
uint32_t x07_select_wait(x07_rt *rt, x07_select *select);

/* Events. */
uint32_t x07_task_select_evt_tag_v1(x07_rt *rt, uint32_t event);
uint32_t x07_task_select_evt_case_index_v1(x07_rt *rt, uint32_t event);
uint32_t x07_task_select_evt_src_id_v1(x07_rt *rt, uint32_t event);
x07_bytes x07_task_select_evt_take_bytes_v1(x07_rt *rt, uint32_t event);
uint32_t x07_task_select_evt_drop_v1(x07_rt *rt, uint32_t event);
/* Nothing happens when the event is gone already. */
void x07_drop_select_evt(x07_rt *rt, uint32_t event);

#define X07_EMPTY_SELECT_EVT 0
#define X07_EMPTY_OPTION_SELECT_EVT ((x07_option_i32){0, 0})

static inline void
x07_drop_option_select_evt(x07_rt *rt, x07_option_i32 option)
{
    x07_drop_select_evt(rt, option.value);
}

/* A slot as a number and back, for the library. */
#define x07_task_scope_slot_to_i32_v1(rt, slot, scope) ((void)(rt), (void)(scope), (uint32_t)(slot))
#define x07_task_scope_slot_from_i32_v1(rt, word, scope) ((void)(rt), (void)(scope), (uint32_t)(word))

#endif
