/* x07/runner.h: the vtable of a runner, which executes a program in a world and reports on it.
 *
 * The service row's key is the runner's name ("os", "host"), its world the world that it serves (one row per
 * world), its profile the run profile (NULL: any).
 *
 * The host has already found the project, repaired the program and made paths usable as they are given. */
#ifndef X07_RUNNER_H
#define X07_RUNNER_H

#include <x07/host.h>

/* What kind of thing is run. Since ABI 1.0. */
enum {
    X07_TARGET_PROGRAM = 1, /* one entry document */
    X07_TARGET_PROJECT = 2, /* a project: target_path is its manifest, program_path its entry document */
    X07_TARGET_ARTIFACT = 3 /* an executable made earlier */
};

/* x07_run_request.flags. Since ABI 1.0. */
enum {
    X07_RUN_COMPILE_ONLY = 1 << 0,
    X07_RUN_ACCEPT_WEAKER = 1 << 1,   /* weaker isolation than the world's default is accepted */
    X07_RUN_DEBUG_BORROWS = 1 << 2,   /* run-time borrow checks */
    X07_RUN_NO_CACHE = 1 << 3,        /* leave the native cache alone */
    X07_RUN_AUTO_FFI = 1 << 4,        /* add what FFI packages need to the native link */
    X07_RUN_ACCEPT_ARTIFACT = 1 << 5, /* run a precompiled artifact where policy would rather compile */
    X07_RUN_OUTPUT_BYTES = 1 << 6,    /* output_bytes counts; without it the runner's default holds */
    X07_RUN_CPU_SECONDS = 1 << 7,     /* the same for cpu_seconds */
    X07_RUN_ALLOW_UNSAFE = 1 << 8,    /* the policy, or a world without one, allows unsafe code; ABI 1.2 */
    X07_RUN_ALLOW_FFI = 1 << 9        /* the same for foreign functions; ABI 1.2 */
};

/* Since ABI 1.0. */
typedef struct x07_run_request {
    uint32_t size;
    uint32_t flags;       /* X07_RUN_* */
    uint32_t target_kind; /* X07_TARGET_* */
    uint32_t reserved;
    const char *target_path;  /* as the user gave it: document, manifest or artifact */
    const char *program_path; /* the entry document; NULL for an artifact */
    const char *source;       /* the entry document's text when it was repaired in memory; else NULL */
    uint64_t source_size;
    const char *const *module_roots; /* in search order; ends with NULL; NULL for an artifact */
    const char *world;
    const char *profile;           /* name of the run profile, or NULL */
    const char *working_directory; /* of the program; NULL: the host's */
    const x07_input *input;        /* not framed; NULL: empty */
    uint64_t fuel;                 /* compiled into the executable; no effect on artifacts */
    uint64_t memory_bytes;         /* the same */
    uint64_t output_bytes;         /* with X07_RUN_OUTPUT_BYTES */
    uint64_t cpu_seconds;          /* with X07_RUN_CPU_SECONDS */
    uint64_t max_c_bytes;          /* 0: the host's default */
    const char *policy;            /* JSON text, or NULL */
    uint64_t policy_size;
    const char *policy_path;               /* where it came from, or NULL */
    const char *sandbox_backend;           /* key of a sandbox backend; NULL: chosen by the registry */
    const char *cc_profile;                /* NULL: default */
    const char *native_compiler;           /* key of a native compiler; NULL: chosen by the registry */
    const char *compiled_out;              /* where to put the executable, too; or NULL */
    const char *const *native_arguments;   /* link arguments of the project; ends with NULL; may be NULL */
    const x07_grants *grants;              /* what the policy grants; NULL without one. Since ABI 1.2 */
    const char *const *policy_environment; /* with a policy: "NAME=value" for all that the program's process
                                              shall have in its environment; ends with NULL; else NULL.
                                              Since ABI 1.2 */
    const char *fixtures; /* in a world that has fixtures: a folder with a copy of them that nobody may write
                             to, which the program is to run in (its .x07_fs, .x07_rr and .x07_kv are for the
                             program's runtime); the host removes it. Else NULL. Since ABI 1.3 */
} x07_run_request;

/* Bytes that belong into the report as base64, and that the host encodes as it writes: so a large output is
 * held once. Since ABI 1.0. */
typedef struct x07_splice {
    uint32_t size;
    uint32_t reserved;
    uint64_t offset;     /* in the report, between the quotes of an empty string */
    const uint8_t *data; /* inside x07_run_result.out_data */
    uint64_t data_size;
} x07_splice;

/* The host sets size and zeroes the rest. Since ABI 1.0. */
typedef struct x07_run_result {
    uint32_t size;
    int32_t exit_code; /* 0: everything that was asked for went well; 1: it did not, the report says why */
    char *report;      /* the runner report: JSON, keys sorted, indented by two, with a final line feed */
    uint64_t report_size;
    char *facts;       /* JSON object for the full report (sandbox, timings, cache ...), or NULL */
    uint8_t *out_data; /* from host->alloc: what the splices show parts of; NULL without splices */
    uint64_t out_size;
    x07_splice *splices; /* by ascending offset, one block from host->alloc; or NULL */
    uint32_t splice_count;
    uint32_t reserved;
} x07_run_result;

/* Since ABI 1.0. */
typedef struct x07_runner {
    uint32_t size;
    uint32_t reserved;

    /* Runs one request to its end.
     * result  on X07_OK has a report, also when the program did not compile or trapped (exit_code 1).
     * Errors: the request could not be carried out and there is no report; the host prints what host->fail
     * was told and exits with 2. X07_E_ARGUMENT, X07_E_POLICY, X07_E_UNAVAILABLE, X07_E_IO, X07_E_UNSUPPORTED
     * (a flag, world or target that this runner does not do), X07_E_CANCELLED. Threads: never twice at once.
     * Since ABI 1.0. */
    x07_status (*run)(const x07_host *host, const x07_run_request *request, x07_run_result *result);
} x07_runner;

#endif
