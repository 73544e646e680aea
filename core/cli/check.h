/* check.h: the command `x07 check`. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/command.h"

extern const struct command check_command;

#endif
