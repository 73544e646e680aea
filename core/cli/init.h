/* init.h: the command `x07 init`. */
#ifndef CLI_INIT_H
#define CLI_INIT_H

#include "cli/command.h"

extern const struct command init_command;

#endif
