/* process.h: runs one child process to its end, feeds it, captures it, and holds it to limits.
 * Knows processes and pipes; knows nothing of frames' meaning, sandboxes or reports.
 *
 * The child gets a process group of its own, unless it reads our standard input. When it exceeds a limit,
 * when SIGINT, SIGTERM or SIGHUP reaches us, and when its leader has ended, whatever is left of the group is
 * killed and reaped: no call leaves a process behind. Signals: those three are held back while a child runs
 * and stay pending afterwards, so that a caller with temporary files holds them itself
 * (process_hold_signals), cleans up, and is ended by the signal on release. Must be called from one thread at
 * a time. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/error.h"
#include "base/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/* What the child reads as its standard input: `len` bytes from `data`, or, when data is NULL, from the
 * descriptor `fd` at its current position (streamed, never held in memory). Zeroed: empty input. */
struct process_input {
    const void *data;
    int fd;
    uint64_t len;
    bool framed; /* put the length first, as four bytes, little-endian */
    bool ours;   /* instead of all that: our own standard input; the child stays in our process group */
};

/* Is told of what the child wrote as it arrives, after it was captured. Called on the caller's thread. */
typedef void process_listener(void *context, bool is_stderr, const char *data, size_t len);

struct process_limit {
    int resource;   /* RLIMIT_... */
    uint64_t value; /* soft and hard; UINT64_MAX: infinity */
};

struct process_request {
    const char *path;        /* the executable; see process_find */
    const char *const *argv; /* NULL-terminated */
    const char *const *env;  /* NULL-terminated; NULL: ours */
    const char *cwd;         /* NULL: ours */
    struct process_input input;
    uint64_t stdout_cap; /* most bytes captured; one more ends the child */
    uint64_t stderr_cap;
    uint64_t wall_ms; /* 0: no limit */
    const struct process_limit *limits;
    size_t limit_count;
    process_listener *listener; /* or NULL */
    void *listener_context;
};

struct process_result {
    struct text out; /* at most the cap */
    struct text err;
    bool out_capped;
    bool err_capped;
    bool timed_out;
    int interrupted; /* the signal that we got while the child ran, or 0 */
    int exit_code;   /* -1 when a signal ended it */
    int signal;      /* 0 when it exited */
    uint64_t wall_us;
    uint64_t user_us; /* with its own children that it waited for */
    uint64_t system_us;
    uint64_t peak_memory; /* largest resident set, bytes */
};

/* Runs the child. An error (E_PROCESS_START: "PATH: reason"; E_PROCESS_IO) means that no result exists;
 * otherwise the caller frees the result with process_result_free. All pointers of the request are used during
 * the call only. */
struct error *process_run(const struct process_request *request, struct process_result *result);
void process_result_free(struct process_result *result);

/* The path of an executable as a shell would find it: `name` itself when it contains '/', else from PATH.
 * NULL when there is none. The caller frees it. */
char *process_find(const char *name);

/* Holds SIGINT, SIGTERM and SIGHUP back until process_release_signals with the same `saved`. May be nested.
 */
void process_hold_signals(sigset_t *saved);
void process_release_signals(const sigset_t *saved);

/* Which of the three waits for its release: its number, or 0. */
int process_pending_signal(void);

/* The path of our own executable, links resolved; NULL when the system does not say. The caller frees it. */
char *process_self(void);

#endif
