/* compile_parts.h: what the files of the compile service share: compile.c (the service), compile_key.c (the
 * key of the native cache) and compile_native.c (C to an executable). */
#ifndef HOST_COMPILE_PARTS_H
#define HOST_COMPILE_PARTS_H

#include "base/sha256.h"
#include "emit/compile.h"
#include "host/auto_ffi.h"
#include "host/internal.h"
#include "registry/registry.h"

/* One compilation on its way. */
struct build {
    struct host *host;
    const x07_compile_request *request;
    x07_compile_result *result;
    const struct host_toolchain *toolchain;
    struct registry_service_handle native;
    struct compile_result compiled;
    const char *const *libraries; /* what the executable links; ends with NULL */
    const char *const *arguments; /* those of the request and of FFI packages; ends with NULL */
    struct auto_ffi ffi;
    char key[SHA256_HEX];
};

/* Sets the key, from everything that decides what the executable does. `identity` is the native compiler's.
 */
void compile_make_key(struct build *build, const char *identity);

/* The native compiler's own idea of itself, which the caller frees. */
x07_status compile_identity(struct build *build, char **identity);

/* Makes the executable with the native compiler and keeps it in the cache; its failure is in the result. */
x07_status compile_missing(struct build *build);

#endif
