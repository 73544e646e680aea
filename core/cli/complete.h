/* complete.h: what may come next on a command line, for shells: the hidden command `x07 __complete --
 * WORD...`. The words are those behind `x07`, up to the one that is being completed, which may be empty.
 *
 * Prints a line per candidate, "candidate<tab>what it is"; the lines ":files" and ":directories" ask the
 * shell for names of its own. Knows the table of commands; knows nothing of shells. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/command.h"

extern const struct command complete_command;

#endif
