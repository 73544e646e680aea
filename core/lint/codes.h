/* codes.h: every code that a finding in a document may have. The table is codes.def; `x07 diag`,
 * docs/diagnostics.md and the tests read the same rows. Pure; any thread. */
#ifndef LINT_CODES_H
#define LINT_CODES_H

#include "sema/diagnostic.h"

#include <stddef.h>

enum code_id {
#define CODE(id, code, component, stage, severity, fix, summary, details) CODE_##id,
#include "lint/codes.def"
#undef CODE
    CODE_COUNT
};

/* Why the others have no fix. */
#define CODE_NO_FIX_REASON "what was meant is for the author to say"

enum code_fix { CODE_FIX_NEVER, CODE_FIX_SOMETIMES, CODE_FIX_ALWAYS };

struct code {
    const char *code;
    const char *component; /* what finds it: "lint", "typecheck", "validate", "check" */
    const char *stage;
    enum diagnostic_severity severity;
    enum code_fix fix; /* whether findings carry an automatic fix */
    const char *summary;
    const char *details; /* what to do */
};

const struct code *code_row(enum code_id id);

/* The row of that code, or NULL. */
const struct code *code_find(const char *code);

/* "never", "sometimes", "always" */
const char *code_fix_name(enum code_fix fix);
/* "error", "warning", "info", "hint" */
const char *code_severity_name(enum diagnostic_severity severity);

#endif
