/* pkg.h: the command `x07 pkg`: dependencies, lock files and the packages of an index. */
#ifndef CLI_PKG_H
#define CLI_PKG_H

#include "cli/command.h"

extern const struct command pkg_command;

/* Its commands. */
extern const struct command pkg_add_command;
extern const struct command pkg_lock_command;
extern const struct command pkg_login_command;
extern const struct command pkg_pack_command;
extern const struct command pkg_provides_command;
extern const struct command pkg_publish_command;
extern const struct command pkg_remove_command;
extern const struct command pkg_versions_command;

#endif
