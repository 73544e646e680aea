/* guide.h: the command `x07 guide`: prints the guide on stdout or, with --out, into a file. */
#ifndef CLI_GUIDE_H
#define CLI_GUIDE_H

#include "cli/command.h"

/* spec/guide.md; the build puts it here (cmake/guide.cmake). */
extern const char guide_text[];
extern const char guide_text_end[];

extern const struct command guide_command;

#endif
