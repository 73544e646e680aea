/* run.h: what runners share: a request is compiled through the host, run through a sandbox backend,
 * understood and reported. A runner is a struct runner_kind, which says what sets it apart, and its
 * descriptor. */
#ifndef SHARED_RUN_H
#define SHARED_RUN_H

#include <x07/host.h>
#include <x07/runner.h>

/* A program's process, about to be started: the parts point to each other. */
struct runner_job {
    x07_input input;
    x07_limits limits;
    x07_spawn spawn;
    x07_job job;
    char world_setting[128]; /* X07_WORLD=... */
    const char *settings[2];
    char *directory;          /* from the host, or NULL: released after the run */
    const char **environment; /* the same */
};

struct runner_kind {
    const char *report_schema;
    int report_names_world;
    const char *artifact_mode; /* of the report on an artifact */
    const char *timeout_trap;
    uint64_t cpu_seconds;   /* default */
    uint32_t compile_flags; /* X07_COMPILE_* that hold for every program, whatever the request says */

    /* Refuses a request that this runner does not do. */
    x07_status (*check)(const x07_host *host, const x07_run_request *request);

    /* Completes a job that has the executable, its input, the policy, and limits of CPU and wall time and of
     * streams. */
    x07_status (*prepare)(const x07_host *host, const x07_run_request *request, struct runner_job *job);
};

/* The call of x07/runner.h. */
x07_status runner_run(const struct runner_kind *kind, const x07_host *host, const x07_run_request *request,
                      x07_run_result *result);

#endif
