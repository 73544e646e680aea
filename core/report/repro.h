/* repro.h: the file that lets one run a broken contract again: x07.contract.repro@0.1.0.
 * Knows the document and how a trap of a contract looks in a runner's report; knows nothing of options. */
#ifndef REPORT_REPRO_H
#define REPORT_REPRO_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A fixture of a deterministic world, by the name of its member; path NULL: not used. */
struct repro_fixture {
    const char *name;
    const char *path;
};

/* What was run. */
struct repro {
    const char *target_kind; /* "program", "project", "artifact" */
    const char *target_path;
    const char *world;
    uint64_t fuel;
    uint64_t memory_bytes;
    uint64_t output_bytes;
    uint64_t cpu_seconds;
    bool debug_borrow_checks;
    const struct repro_fixture *fixtures;
    size_t fixture_count;
    const char *input;
    size_t input_size;
};

/* Writes <root>/.x07/artifacts/contract/id_<digest of the clause's id>/repro.json when the report says that a
 * contract was broken. NULL also when it does not. Errors: those of file_replace. */
struct error *repro_write(const struct repro *repro, const char *report, size_t report_size,
                          const char *root);

/* Whether the report says that a contract was broken. */
bool repro_is_due(const char *report, size_t report_size);

#endif
