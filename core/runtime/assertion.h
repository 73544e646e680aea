/* assertion.h: the report of a failed assertion, which test harnesses find at the end of a program's output.
 */
#ifndef RUNTIME_ASSERTION_H
#define RUNTIME_ASSERTION_H

#include "internal.h"

enum { ASSERTION_MAX = 4 + 1 + 4 + 4 + 2 * COMPARISON_SAMPLE };

/* Writes what is to be appended to the result into `report` (ASSERTION_MAX bytes) and returns its length: 0
 * unless the result is the one of a failed assertion and the last comparison of bytes was a mismatch. */
uint32_t rt_assertion_report(const struct comparison *last, x07_view result, uint8_t *report);

#endif
