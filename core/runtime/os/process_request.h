/* process_request.h: what a program asks for when it starts a child, checked. */
#ifndef RUNTIME_OS_PROCESS_REQUEST_H
#define RUNTIME_OS_PROCESS_REQUEST_H

#include "../x07rt.h"

enum process_code {
    PROCESS_OK = 0,
    PROCESS_POLICY_DENIED = 1,
    PROCESS_INVALID_REQUEST = 2,
    PROCESS_SPAWN_FAILED = 3,
    PROCESS_TIMEOUT = 4,
    PROCESS_OUTPUT_LIMIT = 5,
};

struct process_request {
    char **arguments, **environment; /* ended by NULL; for execve */
    char *directory;                 /* NULL: that of the program */
    x07_view input;                  /* lies in the request's document */
    char *memory;                    /* what the above point into */
};

struct process_caps {
    uint32_t max_stdout, max_stderr, max_total;
    uint32_t timeout_ms; /* 0: none */
};

/* Both return a process code. Traps on NUL bytes, and on patterns of the policy that are not valid. */
uint32_t rt_process_caps(x07_rt *rt, x07_view document, struct process_caps *caps);
/* Free what it filled, whatever it returns. */
uint32_t rt_process_request(x07_rt *rt, x07_view document, struct process_request *request);
void rt_process_request_free(struct process_request *request);

#endif
