/* assets.h: the command `x07 assets`: files as modules. */
#ifndef CLI_ASSETS_H
#define CLI_ASSETS_H

#include "cli/command.h"

extern const struct command assets_command;

#endif
