/* fmt.h: the command `x07 fmt`. */
#ifndef CLI_FMT_H
#define CLI_FMT_H

/* argv[0] is the command's name. Returns the exit code. */
int cli_fmt(int argc, char **argv);

#endif
