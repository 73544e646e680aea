/* plugins.h: the commands `x07 plugins list`, `info` and `check`. Exit codes: 0, 1 for a negative result, 2
 * for a usage or operational error. */
#ifndef CLI_PLUGINS_H
#define CLI_PLUGINS_H

#include "cli/command.h"

extern const struct command plugins_command;

#endif
