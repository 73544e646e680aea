/* job.h: what job.c and watch.c share. Not for others. */
#ifndef VM_JOB_H
#define VM_JOB_H

#include "network.h"
#include "vm.h"

struct stream {
    struct buffer bytes;
    uint64_t cap;
    bool capped;
};

struct job {
    const x07_host *host;
    const x07_grants *grants; /* or NULL */
    struct settings settings;
    struct template template;
    struct run_folder folder;
    struct machine machine;
    struct roots roots;   /* copied, or */
    struct shares shares; /* shared */
    struct process files; /* which serves them */
    struct network network;
    struct stream out;
    struct stream err;
    char *layers;               /* around QEMU, words of a JSON array */
    char *files_layers;         /* around what serves the roots */
    struct buffer guest_layers; /* around the program, as lines */
    struct vm_ended ended;
    struct writeback *writeback; /* once the program has ended */
    int64_t wall_ms;             /* from the program's start */
    int64_t grace_ms;            /* then so long for the guest to end it */
    bool is_shared;              /* the policy grants roots, and they are shared */
    bool has_started;
    bool has_ended; /* `ended` is what the guest said */
    bool timed_out;
    bool may_retry; /* the guest was lost before it had begun */
};

/* Attends the guest until it is done. deadline  for the program's start.
 * Errors: X07_E_UNAVAILABLE the guest was lost; X07_E_INVALID it broke the rules; X07_E_CANCELLED. */
x07_status watch(struct job *job, int64_t deadline);

/* Fails with what the machine said last. */
x07_status watch_lost(struct job *job, const char *what);

/* What held around the job, as a JSON object of the host's memory. */
char *job_describe(const struct job *job);

#endif
