/* patch.h: the commands `x07 patch ...`. */
#ifndef CLI_PATCH_H
#define CLI_PATCH_H

#include "cli/command.h"

extern const struct command patch_command;

#endif
