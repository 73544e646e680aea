/* fix.h: applying the fixes that findings carry (diagnostics chapter, section 12). Knows documents and
 * findings; knows nothing of files, plugins or commands. Threads: see lint.h. */
#ifndef LINT_FIX_H
#define LINT_FIX_H

#include "lint/lint.h"

#include <stdint.h>

/* Applies the fixes of `found`, the findings of `source`, at once, warnings' fixes too, unless no finding is
 * an error. `applied` receives the number of operations; when it is not 0, `out` got the new text. Fixes that
 * would disturb each other wait for the next round. False: `message` got the reason, and nothing is changed.
 */
bool fix_round(struct lint_source *source, const struct diagnostics *found, struct text *out,
               uint64_t *applied, struct text *message);

/* The outcome of fix_document. */
struct fix_outcome {
    uint32_t rounds;
    uint64_t applied;
    size_t errors; /* that remain */
};

/* Repairs a document in at most `max_rounds` rounds (0 counts as 1) and appends its canonical text to `out`.
 * `text` must be valid UTF-8. False: it is no document, or a fix failed; `message` got the reason. */
bool fix_document(const char *text, size_t len, const struct lint_options *options, uint32_t max_rounds,
                  struct text *out, struct fix_outcome *outcome, struct text *message);

#endif
