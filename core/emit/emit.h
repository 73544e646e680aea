/* emit.h: from checked bodies to one C translation unit. */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "base/text.h"
#include "sema/program.h"

#include <stdbool.h>
#include <stdint.h>

struct emit_options {
    uint64_t fuel;
    uint64_t memory;
};

/* Appends the C of the whole program to `out`, and sets used[head] for every head that stands in it; `used` has
 * HEAD_END elements. The bodies must have been checked; nothing can fail. */
void emit_program(const struct program *program, const struct emit_options *options, struct text *out,
                  bool *used);

#endif
