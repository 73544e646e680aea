/* policy.h: the command group `x07 policy`. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "cli/command.h"

extern const struct command policy_init_command;
extern const struct command policy_command;

#endif
