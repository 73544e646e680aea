/* compile.h: from the text of an entry document to C. What the host calls, and all that it may know of the
 * compiler. */
#ifndef EMIT_COMPILE_H
#define EMIT_COMPILE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct compile_request {
    const char *path; /* of the entry, for messages only; may be NULL */
    const char *source;
    size_t source_len;
    const char *const *module_roots;
    size_t module_root_count;
    const char *world; /* e.g. "run-os" */
    bool allow_unsafe;
    bool allow_ffi;
    uint64_t fuel;        /* initial fuel of the program */
    uint64_t memory;      /* bytes of the program's heap */
    uint64_t max_c_bytes; /* 0: X07_MAX_C_BYTES of the environment, or the default */
    bool debug_borrow_checks;
    bool library;      /* without main, for a host that calls it (x07rt_embed.h) */
    bool freestanding; /* the same, without an operating system; world solve-pure only */
    bool mono_map;     /* write mono_map of the result */
};

/* The heads that reach the operating system: part of the runtime to those who read reports, an archive of its
 * own to those who link. */
#define COMPILE_REQUIRE_SYSTEM "x07.os"

struct compile_native_require {
    const char *backend_id;
    bool silent;           /* linked, not reported */
    const char **features; /* heads, sorted */
    size_t feature_count;
};

struct compile_result {
    bool ok;
    char *error;                /* "Kind: message" when not ok */
    const char *unknown_module; /* after an "unknown module" error: its id, for hints; else NULL */
    struct text c_source;
    struct text mono_map;                    /* x07.mono.map@0.1.0, when it was asked for */
    uint64_t fuel_used;                      /* node counts, see the language chapter's compile fuel */
    struct compile_native_require *requires; /* sorted by backend_id */
    size_t require_count;
    struct arena *arena; /* owns all of the above but the two texts */
};

/* Compiles. Reads module files below the module roots and environment limits (X07_MAX_AST_NODES,
 * X07_MAX_LOCALS, X07_MAX_C_BYTES), writes nothing. `result` is overwritten; free it with compile_result_free
 * whether or not compilation succeeded. The same request gives the same bytes of C. */
void compile_program(const struct compile_request *request, struct compile_result *result);

void compile_result_free(struct compile_result *result);

#endif
