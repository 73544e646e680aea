/* plugins.h: the commands `x07 plugins list`, `info` and `check`. */
#ifndef CLI_PLUGINS_H
#define CLI_PLUGINS_H

/* Runs the command; argv[0] is "plugins". Prints its result on stdout, errors on stderr. Returns the exit
 * code: 0, 1 for a negative result, 2 for a usage or operational error. */
int cli_plugins(int argc, char **argv);

#endif
