/* check.h: the command `x07 check`. argv[0] is the command's name; returns the exit code. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

int cli_check(int argc, char **argv);

#endif
