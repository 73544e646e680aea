/* policy.c: the command group `x07 policy`. */
#include "cli/policy.h"

static const struct command *const commands[] = {&policy_init_command, NULL};

const struct command policy_command = {
    .name = "policy",
    .summary = "Make policies of the world run-os-sandboxed",
    .missing = "missing policy subcommand (try --help)",
    .commands = commands,
};
