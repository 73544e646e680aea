/* process.h: the children of a program. process.c has the heads, process_spawn.c starts, process_poll.c keeps
 * up with what happens. */
#ifndef RUNTIME_OS_PROCESS_H
#define RUNTIME_OS_PROCESS_H

#include "process_request.h"

#include <stdbool.h>
#include <sys/types.h>

/* What a child wrote and nobody took yet. */
struct output {
    int fd; /* -1 at the end */
    uint8_t *data;
    uint32_t start, len, cap;
};

/* What waits to be written to a child. */
struct input {
    int fd; /* -1 when closed */
    uint8_t *data;
    uint32_t start, len, cap;
    bool closing; /* to be closed when everything is written */
};

enum process_state { PROCESS_FREE, PROCESS_RUNNING, PROCESS_DONE };

struct process {
    enum process_state state;
    bool piped;
    bool exited; /* it ended; it stays unreaped, and its group's number taken, until it is done */
    bool joined; /* its document was given */
    bool exit_taken;
    bool whole_group; /* signals go to its process group */
    uint16_t generation;
    pid_t pid;
    int pidfd; /* -1 where the kernel has none */
    struct input input;
    struct output out, err;
    uint32_t max_total;
    int64_t deadline_ms; /* 0: none */
    uint32_t code;       /* of a failure, or 0 */
    uint32_t exit_code;
};

struct processes {
    x07_rt *rt;
    struct process *slots;
    uint32_t count, live, spawned;
    uint32_t idle; /* calls in a row that found nothing, each soon after the other */
    int64_t idle_since_us;
    bool is_ready; /* the signal of children is not ignored */
};

/* Starts `process`, which has its generation and mode only. On an error it is done and holds the code. */
void rt_process_start(struct processes *all, struct process *process, x07_view request, x07_view caps);

/* Notices what happened; waits up to `timeout_ms` (-1: without end) for something. */
void rt_processes_poll(struct processes *all, int timeout_ms);

/* The same for a call that does not wait; `found` says that it has something to give anyway. */
void rt_processes_glance(struct processes *all, bool found);

/* Writes what waits, as far as the pipe takes it. */
void rt_process_feed(struct processes *all, struct process *process);

/* Adds to what waits. */
void rt_process_queue(struct processes *all, struct process *process, x07_view bytes);

/* Kills with what belongs to it, closes its pipes and forgets what it wrote; `code` says why. */
void rt_process_fail(struct processes *all, struct process *process, uint32_t code);

/* Sends a signal to the process or its group; false when that fails. */
bool rt_process_signal(const struct process *process, int signal);

/* Waits for the end of a process that was killed or has exited, and makes it done. */
void rt_process_reap(struct processes *all, struct process *process);

/* Frees what the process holds of the program's memory and of descriptors. */
void rt_process_close(struct processes *all, struct process *process);

#endif
