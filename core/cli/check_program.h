/* check_program.h: everything that can be said about a program without running it: the linter's rules and the
 * type checker's over all its documents, then the compiler's own checks.
 * Knows documents and module roots; knows nothing of projects, options or reports. */
#ifndef CLI_CHECK_PROGRAM_H
#define CLI_CHECK_PROGRAM_H

#include "lint/lint.h"

struct check_request {
    const char *entry; /* path of the entry's document, as messages show it */
    const char *world;
    const char *const *roots; /* module roots */
    size_t root_count;
    const char
        *library; /* the one of them that holds the toolchain's modules, which are not looked at; or NULL */
};

/* What was found, and in which files. All of it lives in `arena`. */
struct check_result {
    struct arena *arena;
    struct diagnostics found; /* by file, place, code and message */
    const char **files;       /* the entry's first; no module of the standard library */
    size_t file_count;
    bool entry_read; /* the entry is a document */
};

/* Fills `result`, which holds nothing but the arena. Never fails: what goes wrong is a finding. Every finding
 * about a document has its path as data.file. Not thread-safe in one arena. */
void check_program(const struct check_request *request, struct check_result *result);

#endif
