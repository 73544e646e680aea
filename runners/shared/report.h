/* report.h: how the run of a program is understood and reported. */
#ifndef SHARED_REPORT_H
#define SHARED_REPORT_H

#include <x07/host.h>
#include <x07/json_writer.h>
#include <x07/runner.h>

struct json_object;

/* What a run of a program came to (reference chapter 06a, section 5.4). */
struct outcome {
    int ok;
    int exit_status;
    const uint8_t *output; /* the payload of the output frame; points into the captured stdout */
    uint64_t output_size;
    char *trap;                /* from host->alloc, or NULL */
    struct json_object *stats; /* the stats line, or NULL */
};

/* Derives the outcome from an ended process. `process` must outlive it. `timeout` is the trap of one that ran
 * too long. */
void outcome_derive(const x07_host *host, const x07_spawn_result *process, uint64_t max_output_bytes,
                    const char *timeout, struct outcome *outcome);
void outcome_free(const x07_host *host, struct outcome *outcome);

/* What of a report the host encodes itself: the output, and the stdout that it is part of. */
enum { REPORT_SPLICES = 2 };

/* What a report is written from. */
struct report {
    const char *schema_version;
    const char *mode;
    const char *world;                 /* NULL: the report has no such member */
    const x07_compile_result *compile; /* NULL for an artifact, whose report is flat */
    const char *compiled_exe;
    const x07_spawn_result *process;
    const struct outcome *outcome; /* NULL, as process, when nothing was run */
    const char *failure;           /* why there was no boundary: "vm backend failure: ..."; else NULL */
};

/* Writes the runner report, keys sorted, and its final line feed.
 * splices  room for REPORT_SPLICES, filled with what is left out of the text; returns how many */
uint32_t report_write(const struct report *report, x07_json *json, x07_splice *splices);

/* The report's exit_code. */
int report_exit_code(const x07_compile_result *compile, const struct outcome *outcome);

#endif
