/* lint.h: the command `x07 lint`. */
#ifndef CLI_LINT_H
#define CLI_LINT_H

/* argv[0] is the command's name. Returns the exit code: 1 when there are errors, 2 when it could not look. */
int cli_lint(int argc, char **argv);

#endif
