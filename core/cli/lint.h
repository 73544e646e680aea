/* lint.h: the command `x07 lint`. Exit codes: 0, 1 when there are errors, 2 when it could not look. */
#ifndef CLI_LINT_H
#define CLI_LINT_H

#include "cli/command.h"

extern const struct command lint_command;

#endif
