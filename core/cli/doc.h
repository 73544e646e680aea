/* doc.h: the command `x07 doc`. Prints what it found on stdout, errors on stderr. Exit codes: 0, or 2 when
 * there is no such thing or the command line is wrong. */
#ifndef CLI_DOC_H
#define CLI_DOC_H

#include "cli/command.h"

extern const struct command doc_command;

#endif
