/* doctor.h: the command `x07 doctor`. Prints its report on stdout. Exit codes: 0 when nothing is missing that
 * every user needs, else 1. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/command.h"

extern const struct command doctor_command;

#endif
