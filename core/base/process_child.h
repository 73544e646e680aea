/* process_child.h: a running child, between the files of process.h; nobody else includes it. */
#ifndef BASE_PROCESS_CHILD_H
#define BASE_PROCESS_CHILD_H

#include "base/process.h"

#include <sys/types.h>

enum { PIPE_SIZE = 1 << 20, CHUNK = 64 * 1024, FRAME_PREFIX = 4 };

/* A running child and what is still to be moved. */
struct child {
    pid_t pid;
    int exit_fd; /* readable when the child has ended; -1: must be asked */
    int signal_fd;
    int in, out, err; /* our ends of the pipes; -1: closed */
    struct process_input input;
    uint8_t prefix[FRAME_PREFIX];
    size_t prefix_left;
    bool ended;
    bool spliceable;
};

/* Starts the child with this signal mask; fills in its pid, its exit_fd and our ends of its pipes. Errors as
 * process_run; the caller closes what is open either way. */
struct error *process_spawn(struct child *child, const struct process_request *request, const sigset_t *mask);

/* Closes a descriptor that is open, and notes that it is not. */
void process_close(int *fd);

/* The three signals that are held back while a child runs. */
void process_signals(sigset_t *set);

#endif
