/* x07/sandbox.h: the vtable of a sandbox backend, which runs a process behind a boundary.
 *
 * The service row's key is the backend's name ("none", "os", "vm"); its world and profile say for which ones
 * the registry may choose it when nobody names a backend.
 *
 * A backend fails closed: it never runs a job with less isolation than its probe announced. */
#ifndef X07_SANDBOX_H
#define X07_SANDBOX_H

#include <x07/host.h>

/* How strong a boundary is. A user asks for at least one of these; larger is stronger. Since ABI 1.0. */
enum {
    X07_STRENGTH_NONE = 0,    /* limits only */
    X07_STRENGTH_PARTIAL = 1, /* some layers of the operating system, not all that the backend knows */
    X07_STRENGTH_OS = 2,      /* the operating system's full confinement on a shared kernel */
    X07_STRENGTH_VM = 3       /* a kernel of its own */
};

/* What the backend can do here. The host sets size and zeroes the rest. Since ABI 1.0. */
typedef struct x07_probe {
    uint32_t size;
    uint32_t available; /* 1: jobs can be run */
    uint32_t strength;  /* X07_STRENGTH_* */
    uint32_t fact_count;
    char *reason; /* why it is not available, or what weakens it; one line from host->alloc; or NULL */
    x07_fact
        *facts; /* fact_count elements in one block from host->alloc; each value from host->alloc; or NULL */
} x07_probe;

/* Since ABI 1.0. */
typedef struct x07_sandbox {
    uint32_t size;
    uint32_t reserved;

    /* Looks whether and how well jobs can be run here. Called in a process of its own that is killed after a
     * time limit (2 seconds), so it must be quick, and it must leave nothing behind. Not being available is a
     * success of the call with available = 0 and a reason. The host table then
     * offers log, alloc, release, fail, report and cancelled; its other calls return X07_E_UNSUPPORTED.
     * Errors: X07_E_ARGUMENT; X07_E_FAILED it could not even be found out. Since ABI 1.0. */
    x07_status (*probe)(const x07_host *host, x07_probe *probe);

    /* Runs one job behind the boundary and waits for its end.
     * job     valid for the call only.
     * result  zeroed by the host but for the sizes and result->process, which the backend fills on X07_OK as
     *         host->spawn would; output must come from host->alloc.
     * Errors: X07_E_UNAVAILABLE  no boundary can be had here (the probe said so, or it went away);
     *         X07_E_POLICY       the policy asks for something that this backend cannot enforce;
     *         X07_E_NOT_FOUND    no such executable;
     *         X07_E_IO, X07_E_ARGUMENT, X07_E_CANCELLED. Each with a message through host->fail.
     * Threads: never twice at once for one backend. Since ABI 1.0. */
    x07_status (*run)(const x07_host *host, const x07_job *job, x07_job_result *result);

    /* What people can see and do of the backend's own things (images, caches, leftovers); NULL: nothing.
     * words   the command and its arguments ("status"; "prune"), ends with NULL. Every backend that has this
     *         understands "status".
     * report  on X07_OK: a JSON object, from host->alloc.
     * The host table is that of a command, with all its calls.
     * Errors: X07_E_UNSUPPORTED no such command; any other, with a message through host->fail.
     * Threads: as run. Since ABI 1.2; test it with X07_HAS. */
    x07_status (*maintain)(const x07_host *host, const char *const *words, char **report);
} x07_sandbox;

#endif
