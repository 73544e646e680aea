/* x07c.h: the tool `x07c`: the compiler's steps on single files, for scripts that want one small report. */
#ifndef CLI_X07C_H
#define CLI_X07C_H

#include "cli/command.h"

/* The process x07c. Returns its exit code. */
int x07c_main(int argc, char **argv);

extern const struct command x07c_build_command;
extern const struct command x07c_compile_command;
extern const struct command x07c_fix_command;
extern const struct command x07c_fmt_command;
extern const struct command x07c_lint_command;
extern const struct command x07c_lock_command;

#endif
