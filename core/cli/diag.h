/* diag.h: the command `x07 diag`: what the codes of findings mean. */
#ifndef CLI_DIAG_H
#define CLI_DIAG_H

#include "base/text.h"
#include "cli/command.h"

/* All codes, as x07.diag.catalog@0.1.0 without a final line feed, and as a page for people. */
void diag_catalog_json(struct text *out);
void diag_catalog_markdown(struct text *out);

extern const struct command diag_command;
extern const struct command diag_sarif_command;

#endif
