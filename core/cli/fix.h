/* fix.h: the command `x07 fix`. Exit codes: 0, 1 when errors remain, 2 when it failed. */
#ifndef CLI_FIX_H
#define CLI_FIX_H

#include "cli/command.h"

extern const struct command fix_command;

#endif
