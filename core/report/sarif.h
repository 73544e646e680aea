/* sarif.h: findings in the format that code scanners exchange (SARIF 2.1.0).
 * Knows both layouts; knows nothing of files. Notes, data and fixes have no place there and are left out. */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "ast/json.h"
#include "base/arena.h"
#include "base/text.h"

/* Appends the canonical JSON, without a line feed, of an x07diag document that keeps its schema. Any thread.
 */
void sarif_write(struct arena *arena, const struct ast_json *x07diag, struct text *out);

#endif
