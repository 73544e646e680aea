/* tool_report.h: the report that every command has under --json: x07.tool.<scope>.report@0.1.0, around what
 * the command printed; and the events of --jsonl, x07.tool.events@0.1.0. Knows their layout and digests the
 * files that the command names; knows nothing of options and processes. All text is canonical: sorted keys,
 * no white space. */
#ifndef REPORT_TOOL_REPORT_H
#define REPORT_TOOL_REPORT_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOOL_EXIT_USAGE = 2, TOOL_EXIT_INTERNAL = 3 };

struct tool_stream {
    const char *data;
    size_t len;
};

struct tool_report {
    const char *scope; /* "run", "ast.get"; "" for x07 itself */
    int exit_code;     /* of the command; ignored with a failure or argument errors */
    struct tool_stream out, err;
    const char *failure;         /* what broke inside the tool, or NULL */
    const char *argument_errors; /* one per line, or NULL */
    const char *out_path;        /* the value of --out, or NULL */
    const char *const *argv;     /* NULL-terminated */
    uint64_t elapsed_ms;
};

/* Appends the report with its line feed. Returns the exit code in it. */
int tool_report_write(const struct tool_report *report, struct text *out);

/* The id of a scope's report, and its command ("x07.ast.get"). */
void tool_report_id(const char *scope, struct text *out);
void tool_report_command(const char *scope, struct text *out);

#define TOOL_EVENTS_ID "x07.tool.events@0.1.0"

/* Appends one event with its line feed. `data` is canonical JSON. */
void tool_event_write(const char *scope, const char *event, const char *data, uint64_t elapsed_ms,
                      uint64_t sequence, struct text *out);

/* A piece of a stream as the data of an event: its length, and text or base64. */
void tool_event_chunk(const char *data, size_t len, struct text *out);

#endif
