/* x07/host.h: what the host does for a plugin.
 *
 * The host table is given to init and to every call. It is the same table each time, is valid from init until
 * fini returns, and belongs to the host: a plugin never writes to it. Test a member that is newer than
 * ABI 1.0 with X07_HAS before calling it. Every function pointer of ABI 1.0 is set.
 *
 * Threads: see x07/abi.h; every call here must come from the thread that the host called the plugin on. */
#ifndef X07_HOST_H
#define X07_HOST_H

#include <x07/abi.h>
#include <x07/grants.h>

typedef struct x07_host x07_host;

/* ---- Processes ---------------------------------------------------------------------------------------- */

/* Which members of x07_limits count. A limit whose bit is not set is not applied. Since ABI 1.0. */
enum {
    X07_LIMIT_CPU_SECONDS = 1 << 0,
    X07_LIMIT_ADDRESS_SPACE = 1 << 1,
    X07_LIMIT_FILE_SIZE = 1 << 2,
    X07_LIMIT_OPEN_FILES = 1 << 3,
    X07_LIMIT_PROCESSES = 1 << 4,
    X07_LIMIT_CORE_SIZE = 1 << 5,
    X07_LIMIT_WALL_MS = 1 << 6,
    X07_LIMIT_OUT_BYTES = 1 << 7,
    X07_LIMIT_ERR_BYTES = 1 << 8
};

/* Since ABI 1.0. */
typedef struct x07_limits {
    uint32_t size;
    uint32_t set;           /* X07_LIMIT_* */
    uint64_t cpu_seconds;   /* RLIMIT_CPU, soft = hard: the process dies of SIGKILL */
    uint64_t address_space; /* RLIMIT_AS, bytes */
    uint64_t file_size;     /* RLIMIT_FSIZE, bytes */
    uint64_t open_files;    /* RLIMIT_NOFILE */
    uint64_t processes;     /* RLIMIT_NPROC */
    uint64_t core_size;     /* RLIMIT_CORE, bytes */
    uint64_t wall_ms;       /* then the whole process group is killed with SIGKILL */
    uint64_t out_bytes;     /* bytes of stdout that are kept; one more kills the process group */
    uint64_t err_bytes;     /* the same for stderr */
} x07_limits;

/* Where a process's stdin comes from. Since ABI 1.0. */
enum {
    X07_INPUT_EMPTY = 0, /* end of file at once (with `framed`: a frame of length 0) */
    X07_INPUT_BYTES = 1, /* data, data_size */
    X07_INPUT_PATH = 2,  /* the contents of the file `path` */
    X07_INPUT_FD = 3     /* what can be read from the descriptor `fd`, from its present position to its end */
};

/* Since ABI 1.0. */
typedef struct x07_input {
    uint32_t size;
    uint32_t kind;   /* X07_INPUT_* */
    uint32_t framed; /* 1: a u32le byte count goes before the bytes */
    int32_t fd;      /* X07_INPUT_FD; stays the caller's */
    const char *path;
    const uint8_t *data;
    uint64_t data_size;
} x07_input;

/* A process to start. Since ABI 1.0. */
typedef struct x07_spawn {
    uint32_t size;
    uint32_t reserved;
    const char *path;                     /* executable; without a '/' it is searched in PATH */
    const char *const *argv;              /* ends with NULL; NULL: just `path` */
    const char *const *environment;       /* "NAME=value", ends with NULL; NULL: the host's environment */
    const char *const *extra_environment; /* set on top of `environment`; ends with NULL; may be NULL */
    const char *directory;                /* working directory; NULL: the host's */
    const x07_input *input;               /* NULL: empty */
    const x07_limits *limits;             /* NULL: none */
} x07_spawn;

/* How a process ended. The caller sets size and zeroes the rest. Since ABI 1.0. */
typedef struct x07_spawn_result {
    uint32_t size;
    int32_t exit_code;   /* 0 to 255, or -1 when it died by a signal */
    int32_t signal;      /* number of the signal that killed it, or 0 */
    uint32_t timed_out;  /* 1: killed at limits->wall_ms */
    uint32_t out_capped; /* 1: killed because stdout exceeded its cap */
    uint32_t err_capped;
    uint8_t *out_data; /* from host->alloc, out_size bytes and a NUL; NULL when empty */
    uint64_t out_size;
    uint8_t *err_data;
    uint64_t err_size;
    uint64_t wall_us;
    uint64_t user_us;
    uint64_t system_us;
    uint64_t peak_memory; /* largest resident set, bytes; 0 when unknown */
} x07_spawn_result;

/* ---- Compiling ---------------------------------------------------------------------------------------- */

/* What x07_compile_request.flags may hold. Since ABI 1.0. */
enum {
    X07_COMPILE_DEBUG_BORROWS = 1 << 0, /* run-time borrow checks */
    X07_COMPILE_ALLOW_UNSAFE = 1 << 1,
    X07_COMPILE_ALLOW_FFI = 1 << 2,
    X07_COMPILE_NO_CACHE = 1 << 3, /* neither looks in the native cache nor fills it */
    X07_COMPILE_AUTO_FFI = 1 << 4  /* add the C sources and libraries of FFI packages */
};

/* One program to make an executable of. Since ABI 1.0. */
typedef struct x07_compile_request {
    uint32_t size;
    uint32_t flags;           /* X07_COMPILE_* */
    const char *program_path; /* the entry document; also its name in messages */
    const char
        *source; /* its text, when it differs from the file (repaired in memory); NULL: read the file */
    uint64_t source_size;
    const char *const *module_roots; /* in search order; ends with NULL; may be NULL */
    const char *world;               /* "run-os" ... */
    const char *cc_profile;          /* "default", "size"; NULL: default */
    const char *native_compiler;     /* key of a native compiler, "cc"; NULL: chosen by the registry */
    const char *compiled_out;        /* where the executable shall also be put, atomically; NULL: nowhere */
    const char *const
        *native_arguments; /* for the native compiler, after its own; ends with NULL; may be NULL */
    uint64_t fuel;
    uint64_t memory_bytes;
    uint64_t max_c_bytes; /* 0: the host's default */
} x07_compile_request;

/* What became of it. The caller sets size and zeroes the rest. A program that does not compile is a *success*
 * of the call with ok = 0. Since ABI 1.0. */
typedef struct x07_compile_result {
    uint32_t size;
    uint32_t ok;
    int32_t
        exit_status; /* 0; 1 for an error in the program; the native compiler's exit code when that failed */
    uint32_t cache_hit;    /* 1: the executable came from the native cache */
    char *error;           /* "Typing: ..."; NULL when ok */
    char *executable;      /* path of the executable, NULL when not ok; stays valid until the command ends */
    char *native_requires; /* JSON object of the report; never NULL on X07_OK */
    char *native_compiler; /* id of the plugin that was asked, or NULL */
    uint64_t executable_size;
    uint64_t c_source_size; /* 0 when no C could be made */
    uint64_t fuel_used;     /* compile-time fuel; meaningful when has_fuel_used */
    uint32_t has_fuel_used;
    uint32_t reserved;
    uint8_t *out_data; /* the native compiler's stdout, empty on a cache hit */
    uint64_t out_size;
    uint8_t *err_data; /* its stderr, on failure headed by the account of its invocation */
    uint64_t err_size;
    char *facts; /* JSON object for the full report (timings, cache key ...), or NULL */
} x07_compile_result;

/* ---- Sandboxes ---------------------------------------------------------------------------------------- */

/* A process to start behind a boundary. Since ABI 1.0. */
typedef struct x07_job {
    uint32_t size;
    uint32_t accept_weaker; /* 1: the user accepted weaker isolation than the world's default */
    const x07_spawn *process;
    const char *world;
    const char *profile; /* or NULL */
    const char *policy;  /* JSON text of the policy, or NULL in worlds without one */
    uint64_t policy_size;
    const char *policy_path;  /* for messages; or NULL */
    const x07_grants *grants; /* what the policy grants; NULL without one. Filled in by the host, whatever the
                                 caller of sandbox_run put there. Since ABI 1.2 */
} x07_job;

/* The caller sets size and `process` (with its own size) and zeroes the rest. Since ABI 1.0. */
typedef struct x07_job_result {
    uint32_t size;
    uint32_t reserved;
    x07_spawn_result *process; /* the caller's storage, filled by the backend */
    char *boundary;            /* JSON object for the full report: what held ({"layers": [...]}); or NULL */
} x07_job_result;

/* ---- Messages ----------------------------------------------------------------------------------------- */

enum { X07_LOG_DEBUG = 0, X07_LOG_NOTE = 1, X07_LOG_WARNING = 2, X07_LOG_ERROR = 3 };

/* One finding in a document. Since ABI 1.0. */
typedef struct x07_finding {
    uint32_t size;
    uint32_t severity;   /* X07_LOG_NOTE, _WARNING or _ERROR */
    const char *code;    /* stable, e.g. "X07-STYLE-0001" */
    const char *message; /* one line */
    const char *pointer; /* JSON Pointer into the document, or NULL */
    const char *details; /* JSON object with more, or NULL */
} x07_finding;

/* ---- The table ---------------------------------------------------------------------------------------- */

struct x07_host {
    uint32_t size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    const char *version; /* of the host, for messages */
    void *context;       /* the host's own; not for plugins */

    /* Says something on stderr, or in the log. `text` is one line without line feed. Levels below the user's
     * choice are dropped. Never fails. Since ABI 1.0. */
    void (*log)(const x07_host *host, uint32_t level, const char *text);

    /* Memory for results that change owners: `bytes` zeroed bytes, aligned for any type. Never NULL: when
     * memory ends, the host ends. Since ABI 1.0. */
    void *(*alloc)(const x07_host *host, uint64_t bytes);

    /* Gives back what alloc returned. NULL is allowed. Since ABI 1.0. */
    void (*release)(const x07_host *host, void *pointer);

    /* Says why the plugin's current call fails, and returns `status` so that one can write
     *     return host->fail(host, X07_E_IO, "E_CC_START", "cannot start cc: no such file");
     * `code` is stable and starts with "E_"; `message` is one line. Both are copied. The last call wins; what
     * was said is dropped when the call returns X07_OK. Since ABI 1.0. */
    x07_status (*fail)(const x07_host *host, x07_status status, const char *code, const char *message);

    /* Reports a finding about the document that is being worked on. Copied. Never fails. Since ABI 1.0. */
    void (*report)(const x07_host *host, const x07_finding *finding);

    /* 1 once the user asked the command to end (SIGINT, SIGTERM): return X07_E_CANCELLED soon. Processes
     * started by spawn are already being killed then. Since ABI 1.0. */
    uint32_t (*cancelled)(const x07_host *host);

    /* Runs a process to its end, with nothing inherited but what `spawn` says, in a process group of its own
     * that is gone when the call returns. result  filled on X07_OK: the process was started, however it
     * ended. Give out_data and err_data to release. Errors: X07_E_NOT_FOUND no such executable; X07_E_IO it
     * could not be started, or its input not be read; X07_E_ARGUMENT; X07_E_CANCELLED. Since ABI 1.0. */
    x07_status (*spawn)(const x07_host *host, const x07_spawn *spawn, x07_spawn_result *result);

    /* Compiles a program: reads it and its modules, checks it, emits C, and has a native compiler make the
     * executable or takes it from the cache.
     * result  filled on X07_OK, also when the program is wrong (ok = 0). Release its members.
     * Errors: X07_E_NOT_FOUND the program file is missing; X07_E_UNAVAILABLE no native compiler can be had;
     *         X07_E_IO; X07_E_ARGUMENT; X07_E_CANCELLED. A runner passes such an error on. Since ABI 1.0. */
    x07_status (*compile)(const x07_host *host, const x07_compile_request *request,
                          x07_compile_result *result);

    /* Looks up an artifact in the native cache. `key` is 1 to 128 characters of [a-z0-9._-].
     * path  on X07_OK: an intact file that stays until the command ends; give it to release.
     * Errors: X07_E_NOT_FOUND absent or damaged (then it was removed); X07_E_ARGUMENT. Since ABI 1.0. */
    x07_status (*cache_lookup)(const x07_host *host, const char *key, char **path);

    /* Puts a copy of the file `source` under `key`, atomically; what is there already is replaced.
     * path  on X07_OK: the copy. When the cache cannot be written the copy is a temporary file that lives
     * until the command ends, and the call still succeeds. Give it to release. Errors: X07_E_IO the source
     * cannot be read or no copy be made; X07_E_ARGUMENT. Since ABI 1.0. */
    x07_status (*cache_store)(const x07_host *host, const char *key, const char *source, char **path);

    /* Runs a job behind the sandbox backend whose key is `backend`; NULL: the one that the registry chooses
     * for the job's profile and world. There is no fallback to a weaker one. backend_id  NULL, or receives
     * the id of the plugin that ran the job; give it to release. Errors: those of x07_sandbox.run;
     * X07_E_NOT_FOUND no such backend. Since ABI 1.0. */
    x07_status (*sandbox_run)(const x07_host *host, const char *backend, const x07_job *job,
                              x07_job_result *result, char **backend_id);

    /* A new empty file, mode 0600, or directory, mode 0700, that the host removes (with what is in it) when
     * the command ends. `name` is the end of its name, e.g. "program.c"; NULL: none. `path` goes to release.
     * Errors: X07_E_IO. Since ABI 1.0. */
    x07_status (*temporary_file)(const x07_host *host, const char *name, char **path);
    x07_status (*temporary_directory)(const x07_host *host, const char *name, char **path);

    /* The canonical text of an x07AST document. `text` need not end with NUL.
     * result  on X07_OK: result_size bytes and a NUL; goes to release.
     * Errors: X07_E_INVALID it is not such a document, with a message that says where. Since ABI 1.0. */
    x07_status (*canonical_text)(const x07_host *host, const char *text, uint64_t text_size, char **result,
                                 uint64_t *result_size);

    /* Looks for what is wrong with a document, without compiling it, and reports each finding through report.
     * world   one of the host's worlds; NULL: run-os.
     * errors  receives the number of findings that are errors.
     * Errors: X07_E_INVALID it is no document; X07_E_ARGUMENT, also for an unknown world. Since ABI 1.1. */
    x07_status (*lint_text)(const x07_host *host, const char *text, uint64_t text_size, const char *world,
                            uint32_t *errors);

    /* Applies the fixes that the findings of lint_text carry, unless none is an error. Fixes that would
     * disturb each other wait for the next call.
     * applied_ops  receives the number of JSON Patch operations.
     * result       when that is not 0: the new text, result_size bytes and a NUL, which goes to release; else
     *              NULL. Errors: those of lint_text; X07_E_INVALID also when a fix fails. Since ABI 1.1. */
    x07_status (*fix_text)(const x07_host *host, const char *text, uint64_t text_size, const char *world,
                           char **result, uint64_t *result_size, uint32_t *applied_ops);

    /* What was last said through fail while the plugin's current call runs, by the plugin itself or by a call
     * of the host that failed; "" when nothing. Valid until the next fail. Since ABI 1.2. */
    const char *(*failure)(const x07_host *host);
};

/* The least host->size that a plugin of ABI 1.0 may be given. */
#define X07_HOST_SIZE_1_0 X07_SIZE_UP_TO(x07_host, canonical_text)

/* Whether `host` can be used at all: what init checks first. Since ABI 1.0. */
static inline int
x07_host_usable(const x07_host *host)
{
    return host != NULL && host->size >= X07_HOST_SIZE_1_0 && host->abi_major == X07_ABI_MAJOR;
}

/* Whether a struct given by the other side is there and at least as large as `least`:
 *     if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_run_request, world)))
 *         return X07_E_ARGUMENT; */
static inline int
x07_struct_usable(const void *pointer, uint32_t least)
{
    return pointer != NULL && *(const uint32_t *)pointer >= least;
}

#endif
