/* machine_schema.h: the JSON Schemas of the reports of the machine interface. Knows the files in spec/; knows
 * nothing of what is in a report. */
#ifndef CLI_MACHINE_SCHEMA_H
#define CLI_MACHINE_SCHEMA_H

#include "cli/command.h"

/* Append the schema of a command's report, or its id with a line feed; `events`: of the events. */
void machine_schema(const struct command *command, const char *scope, bool events, struct text *out);
void machine_schema_id(const struct command *command, const char *scope, bool events, struct text *out);

#endif
