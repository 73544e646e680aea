/* requires.h: which native backends a program needs, from the heads that stand in its C. */
#ifndef EMIT_REQUIRES_H
#define EMIT_REQUIRES_H

#include "emit/compile.h"
#include "sema/heads.h"

/* Fills requires and require_count of `result`, in its arena. `used` has HEAD_END elements. `system`: what
 * reaches the operating system is needed even if no head asks for it. */
void requires_collect(const bool *used, bool system, struct compile_result *result);

#endif
