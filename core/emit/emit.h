/* emit.h: from checked bodies to one C translation unit. */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "base/text.h"
#include "sema/program.h"

#include <stdbool.h>
#include <stdint.h>

/* What the C is to be. */
enum emit_form {
    EMIT_EXECUTABLE,   /* with a main that reads a frame and writes one */
    EMIT_LIBRARY,      /* with the functions of x07rt_embed.h */
    EMIT_FREESTANDING, /* the same, without anything of an operating system */
};

struct emit_options {
    enum emit_form form;
    uint64_t fuel;
    uint64_t memory;
    bool check_borrows; /* for executables */
};

/* Appends the C of the whole program to `out`, and sets used[head] for every head that stands in it; `used`
 * has HEAD_END elements. The bodies must have been checked; nothing can fail. */
void emit_program(const struct program *program, const struct emit_options *options, struct text *out,
                  bool *used);

/* Parts of the C of a library (emit_library.c): what comes before everything else, nothing for executables,
 * and what stands in main's place. */
void emit_library_prologue(const struct emit_options *options, struct text *out);
void emit_library_entry(const struct program *program, const struct emit_options *options, struct text *out);

/* What the program demands to be done first: a member of its x07_program, with a comma before it, or "". */
const char *emit_start(const struct program *program);

#endif
