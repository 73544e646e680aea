/* child.h: runs a piece of our own code in a child process that may crash, hang or end itself, and collects
 * what it wrote. Knows nothing of plugins.
 *
 * This is not for executables: the child is a copy of this process that calls a function. It must be called
 * while the process has a single thread. */
#ifndef REGISTRY_CHILD_H
#define REGISTRY_CHILD_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>

enum child_how { CHILD_DONE, CHILD_EXITED, CHILD_SIGNALLED, CHILD_TIMED_OUT, CHILD_TOO_MUCH };

struct child_end {
    enum child_how how;
    int number; /* exit code or signal */
};

struct child_limits {
    unsigned silence_ms; /* the longest time without output */
    unsigned total_ms;
    size_t output_bytes;
};

/* Runs in the child; writes its result to `out`. Returning from it is the only good end (CHILD_DONE). stdin,
 * stdout and stderr are /dev/null there, and no other descriptor of this process is open. */
typedef void (*child_work)(void *context, int out);

/* Runs work(context) in a child and waits for its end, whatever that is; the child and its process group are
 * gone afterwards. `output` gets what was written, also when the end was bad. Errors: E_CHILD the child could
 * not be started. */
struct error *child_run(child_work work, void *context, const struct child_limits *limits,
                        struct text *output, struct child_end *end);

/* Appends how it ended, for people: "died by signal 11 (Segmentation fault)", "took longer than 2000 ms". */
void child_end_text(const struct child_end *end, const struct child_limits *limits, struct text *out);

/* Writes all bytes to the pipe; for child_work functions. */
void child_write(int out, const char *data, size_t len);

#endif
