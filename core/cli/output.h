/* output.h: where commands that print one document put it, and how they fail. Knows the global options; knows
 * nothing of what is printed. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

/* Combinations of the global options that cannot be. Error E_OPTIONS. */
struct error *output_check(const struct option_globals *globals);

/* Prints a document: to the file of --out, or else on stdout unless --quiet-json; also to the file of
 * --report-out. Returns 0, or 2 after a message on stderr. */
int output_report(const struct option_globals *globals, const struct text *document);

/* Prints the message on stderr, frees the error, and returns the exit code 2. */
int output_error(struct error *error);

#endif
