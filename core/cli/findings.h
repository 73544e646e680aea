/* findings.h: findings as a document x07.x07diag@0.1.0. Knows the report's layout; knows nothing of
 * what found them. Never fails; not thread-safe in one list. */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "base/text.h"
#include "lint/lint.h"

/* Appends the report, compact, without line feed. The findings stand in the order of the list. `inputs` are
 * the paths of meta.inputs; none of them, and the report has no meta. */
void findings_report(const struct diagnostics *list, const char *const *inputs, size_t input_count,
                     struct text *out);

#endif
