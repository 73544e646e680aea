/* doctor_link.h: whether programs can be compiled and linked here. Knows compilers and libraries; knows no
 * report. */
#ifndef CLI_DOCTOR_LINK_H
#define CLI_DOCTOR_LINK_H

#include "base/text.h"

#include <stdbool.h>

/* The first of clang, gcc and cc on PATH, or NULL. The caller frees it. */
char *link_find_compiler(void);

/* Compiles and links `source` with `libraries` ("-lNAME", ending with NULL). What the compiler said stands in
 * `detail`, behind `failure` and the status, when it did not work. Leaves no file behind. */
bool link_try(const char *compiler, const char *source, const char *const *libraries, const char *failure,
              struct text *detail);

#endif
