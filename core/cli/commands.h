/* commands.h: the front door: finds the command that the arguments name and runs it. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* Returns the exit code of the process. */
int cli_main(int argc, char **argv);

#endif
