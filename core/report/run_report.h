/* run_report.h: the documents around a runner's report: x07.run.report@0.1.0 ("wrapped") and @0.2.0 ("full").
 * Knows their layout; knows nothing of options, files or plugins. */
#ifndef REPORT_RUN_REPORT_H
#define REPORT_RUN_REPORT_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <x07/runner.h>

/* One repair pass that ran. */
struct repair_pass {
    const char *id; /* of its plugin */
    uint32_t rank;
    uint64_t applied_ops;
};

/* What a pass found in the document that the repair left. */
struct repair_finding {
    const char *pass; /* id of its plugin */
    const char *severity;
    const char *code;
    const char *message;
    const char *pointer; /* or NULL */
    const char *data;    /* canonical JSON object, or NULL */
    bool of_linter;      /* found by the host's own rules, which the pass asked for */
};

/* What the automatic repair came to. */
struct repair_summary {
    const char *mode; /* "write", "memory"; NULL: no repair took place */
    uint32_t iterations;
    uint64_t applied_ops;
    bool lint_ok;
    /* Only in the full report: */
    const struct repair_pass *passes;
    size_t pass_count;
    const struct repair_finding *findings;
    size_t finding_count;
};

struct run_report {
    const char *runner; /* key: "os" */
    const char *world;
    const char *target_kind; /* "program", "project", "artifact" */
    const char *target_path;
    const char *project_root; /* or NULL */
    const char *lockfile;     /* or NULL */
    const char *const *module_roots;
    size_t module_root_count;
    struct repair_summary repair;
    /* Only in the full report: */
    const char *runner_id;      /* id of the runner plugin */
    const char *facts;          /* JSON of the runner, or NULL */
    const char *const *plugins; /* "id version", of the plugins that were opened */
    size_t plugin_count;
};

/* A report is written in three pieces, so that the runner's, which may be large, is never copied: the head,
 * the runner's report without its final line feed, the tail. */
void run_report_head(const struct run_report *report, bool full, struct text *out);
void run_report_tail(const struct run_report *report, bool full, struct text *out);

/* Writes to a descriptor: head, the runner's report with its splices filled in, tail; with an empty head the
 * runner's report alone. Without the final line feed of the runner's report when there is a head. What may be
 * large is never copied. `name` stands in messages. */
struct error *run_report_write(int fd, const char *name, const struct text *head, const struct text *tail,
                               const x07_run_result *result);

#endif
