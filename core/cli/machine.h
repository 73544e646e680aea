/* machine.h: the machine interface: --json, --jsonl, --json-schema and the others of globals.c, for every
 * command. The command runs in a process of its own, and what it printed is put into a report.
 * Knows the table of commands; knows nothing of what a command does or prints. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

/* Runs the command that the arguments name, by itself or under the machine interface. Returns the exit code
 * of the process. */
int machine_run(int argc, char **argv);

#endif
