/* x07/native.h: the vtable of a native compiler, which turns one C translation unit into an executable.
 *
 * The service row's key is the compiler's name ("cc", "tcc"). When nobody names one, the registry chooses for
 * the profile and world, then by priority. */
#ifndef X07_NATIVE_H
#define X07_NATIVE_H

#include <x07/host.h>

/* What to compile. Since ABI 1.0. */
typedef struct x07_native_request {
    uint32_t size;
    uint32_t reserved;
    const char *source_path; /* the C file */
    const char *source;      /* its text, for compilers that read memory; never NULL */
    uint64_t source_size;
    const char *output_path;         /* where the executable goes; its directory exists */
    const char *cc_profile;          /* "default": fast code; "size": small code */
    const char *const *include_dirs; /* ends with NULL; never NULL */
    const char *const
        *libraries; /* to link in this order: archives, the x07 runtime, "-lNAME"s; ends with NULL */
    const char *const *arguments; /* more arguments, after the compiler's own; ends with NULL; never NULL */
    const char *world;
    const char
        *keep_c; /* path at which the user wants the C kept, for messages; or NULL. The host copies it */
} x07_native_request;

/* The host sets size and zeroes the rest. Since ABI 1.0. */
typedef struct x07_native_result {
    uint32_t size;
    int32_t
        exit_status; /* 0: output_path is there; else the compiler's exit code, 1 when it died by a signal */
    char *compiler;  /* what was run, e.g. "cc" */
    char *command;   /* its arguments, one per line; NULL for a compiler in memory */
    uint8_t *out_data; /* its stdout */
    uint64_t out_size;
    uint8_t *err_data; /* its stderr */
    uint64_t err_size;
} x07_native_result;

/* Since ABI 1.0. */
typedef struct x07_native {
    uint32_t size;
    uint32_t reserved;

    /* A line that changes whenever the same C could give a different executable: path, size and modification
     * time of the compiler, its environment's flags, the profile's flags. It becomes part of cache keys, so
     * it must be cheap: it starts no process. `x07 plugins list` calls it
     * as it would a probe (x07/sandbox.h), and shows the compiler as unavailable when it fails. identity  on
     * X07_OK: one line, goes to release. Errors: X07_E_UNAVAILABLE the compiler is not here; X07_E_ARGUMENT.
     * Since ABI 1.0. */
    x07_status (*identity)(const x07_host *host, const char *cc_profile, char **identity);

    /* Compiles and links. C that the compiler rejects is a success of the call with exit_status not 0.
     * On any other outcome than exit_status 0, output_path does not exist afterwards.
     * Errors: X07_E_NOT_FOUND the compiler could not be started; X07_E_IO; X07_E_ARGUMENT; X07_E_UNSUPPORTED
     * an argument or profile that it does not know; X07_E_CANCELLED. Since ABI 1.0. */
    x07_status (*build)(const x07_host *host, const x07_native_request *request, x07_native_result *result);
} x07_native;

#endif
