/* build.h: the command `x07 build`. Prints the C on stdout or writes it to --out, errors on stderr. Exit
 * codes: 0, or 2 for any failure, after which neither --out nor the header was touched unless the message
 * says that writing the latter failed. */
#ifndef CLI_BUILD_H
#define CLI_BUILD_H

#include "cli/command.h"

extern const struct command build_command;

#endif
