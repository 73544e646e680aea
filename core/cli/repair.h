/* repair.h: runs the repair passes over one document. */
#ifndef CLI_REPAIR_H
#define CLI_REPAIR_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "host/host.h"
#include "registry/registry.h"
#include "report/run_report.h"

struct repair_request {
    struct host *host;
    struct registry *registry;
    const char *path;
    const char *world;
    const char *profile; /* of the run, or NULL */
    const char *mode;    /* "memory" or "write" */
    uint32_t max_rounds;
    struct arena *arena; /* for what the summary points to */
};

/* Reads the document, repairs it, appends the repaired text to `out`, and with mode "write" replaces the file
 * in one step when its bytes differ. On error the file is as it was. Messages are those of the command line,
 * e.g. "read x07AST: PATH: ...", "parse x07AST JSON: PATH: ...", "repair: ...".
 *
 * What passes found by rules of their own in the document that they leave is printed on standard error; what
 * the linter found is not, since `x07 lint` shows it. The summary has both. */
struct error *repair_document(const struct repair_request *request, struct text *out,
                              struct repair_summary *summary);

#endif
