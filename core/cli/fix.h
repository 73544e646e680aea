/* fix.h: the command `x07 fix`. */
#ifndef CLI_FIX_H
#define CLI_FIX_H

/* argv[0] is the command's name. Returns the exit code: 1 when errors remain, 2 when it failed. */
int cli_fix(int argc, char **argv);

#endif
