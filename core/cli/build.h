/* build.h: the command `x07 build`. */
#ifndef CLI_BUILD_H
#define CLI_BUILD_H

/* Runs the command; argv[0] is "build". Prints the C on stdout or writes it to --out, errors on stderr.
 * Returns the exit code: 0, or 2 for any failure, after which neither --out nor the header was touched unless
 * the message says that writing the latter failed. */
int cli_build(int argc, char **argv);

#endif
