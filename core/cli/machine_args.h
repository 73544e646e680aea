/* machine_args.h: what a command line asks of the machine interface, taken out before it is parsed.
 * Knows the options of that interface; knows nothing of commands. */
#ifndef CLI_MACHINE_ARGS_H
#define CLI_MACHINE_ARGS_H

#include "base/text.h"

#include <stdbool.h>

enum machine_mode { MACHINE_OFF, MACHINE_CANON, MACHINE_PRETTY, MACHINE_JSONL };

struct machine_request {
    enum machine_mode mode;
    bool schema, schema_id, quiet;
    const char *report_out, *out; /* or NULL; point into argv */
    struct text errors;           /* what is wrong with these options, one per line */
    char **argv;                  /* without them; NULL-terminated */
    int argc;
    char **ordinary; /* the same for a command that runs by itself: with --report-out and --quiet-json */
    int ordinary_argc;
};

/* Reads argv up to "--". Free the request with machine_request_free; argv must outlive it. */
void machine_request_read(int argc, char **argv, struct machine_request *request);
void machine_request_free(struct machine_request *request);

/* Whether the machine interface answers; else the command runs by itself. */
bool machine_request_wanted(const struct machine_request *request);

#endif
