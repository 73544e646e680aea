/* broker_call.h: one call of the program that the kernel has stopped for the broker: its memory, its sockets,
 * its answer. Knows how a stopped process is reached; knows nothing of what is granted. */
#ifndef CONFINE_BROKER_CALL_H
#define CONFINE_BROKER_CALL_H

#include "plan.h"

#include <linux/seccomp.h>
#include <sys/types.h>

struct call {
    const struct plan *plan;
    int listener;
    struct seccomp_notif asked;
};

/* Answers with a value, or with an errno when `failure` is not 0. The program goes on then. */
void call_reply(const struct call *call, int64_t value, int failure);

/* Answers with a descriptor for the program of what `fd` refers to. */
void call_reply_descriptor(const struct call *call, int fd, bool close_on_exec);

/* Copies the program's memory, and changes it. False when there is none, or nobody waits any more. */
bool call_copy(const struct call *call, uint64_t from, void *to, size_t size);
bool call_change(const struct call *call, uint64_t to, const void *from, size_t size);

/* A descriptor for what the program calls `number`. -1 with errno. */
int call_take(const struct call *call, uint64_t number);

/* A descriptor for the descriptor `number` of a process or thread. -1 with errno. */
int call_take_from(pid_t thread, int number);

#endif
