/* fmt.h: the command `x07 fmt`. Exit codes: 0, 1 when a file is not formatted, 2 when it failed. */
#ifndef CLI_FMT_H
#define CLI_FMT_H

#include "cli/command.h"

extern const struct command fmt_command;

#endif
