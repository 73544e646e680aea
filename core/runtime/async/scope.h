/* scope.h: what select needs of slots. */
#ifndef RUNTIME_ASYNC_SCOPE_H
#define RUNTIME_ASYNC_SCOPE_H

#include "tasks.h"

/* The values are the errors of task.scope.try_await_slot. */
enum slot_state { SLOT_READY, SLOT_NOT_READY, SLOT_CANCELED };

/* Takes a slot's value, or finds it canceled; both consume it. Counts as a join. Traps as an await of a slot
 * does. */
enum slot_state rt_slot_try(struct tasks *all, x07_task_scope *scope, uint32_t slot, bool is_result,
                            x07_result_bytes *value);

#endif
