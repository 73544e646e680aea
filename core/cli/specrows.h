/* specrows.h: the command line as data, x07cli.specrows@0.1.0: one row per option, argument and text, from
 * the same tables that parse it. Knows the layout of rows; knows nothing of what commands do. */
#ifndef CLI_SPECROWS_H
#define CLI_SPECROWS_H

#include "cli/command.h"

/* Appends the document that describes one command without subcommands, with its line feed. */
void specrows_table(const struct option_table *table, struct text *out);

/* Prints the document of a group and all beneath it on stdout. Returns the exit code. */
int specrows_print(const struct command *group);

#endif
