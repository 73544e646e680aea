/* pkg.c: the command `x07 pkg`. */
#include "cli/pkg.h"

static const struct command *const commands[] = {
    &pkg_add_command,    &pkg_lock_command,     &pkg_login_command,
    &pkg_pack_command,   &pkg_provides_command, &pkg_publish_command,
    &pkg_remove_command, &pkg_versions_command, NULL,
};

const struct command pkg_command = {
    .name = "pkg",
    .summary = "Manage packages",
    .missing = "missing pkg subcommand (try --help)",
    .commands = commands,
};
