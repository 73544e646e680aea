/* lift.h: the diagnostics in what a command printed, as x07diag members with sorted keys.
 * Knows the shape of a diagnostic; knows nothing of commands. Any thread. */
#ifndef REPORT_LIFT_H
#define REPORT_LIFT_H

#include "ast/json.h"
#include "base/json_out.h"

#define LIFT_DEFAULT_CODE "X07-TOOL-EXEC-0001"

struct lifted {
    size_t count;
    bool has_error; /* one has the severity `error` */
};

/* Writes the diagnostics of `document` (its member `diagnostics`, else `diags`) as elements of the array that
 * `json` is in. What has not the shape of an x07diag member is left out, and what must be there is filled in.
 * Returns false when another document may be looked at: nothing was found, not even an empty list. */
bool lift_diagnostics(struct arena *arena, const struct ast_json *document, x07_json *json,
                      struct lifted *lifted);

#endif
