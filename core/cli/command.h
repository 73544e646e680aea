/* command.h: the table of commands: one row per command, with all that can be known of it without running it.
 * Parsing, `--help`, `--cli-specrows`, completions, man pages and the machine interface read the same rows.
 *
 * A new command is a file that defines its row (`const struct command fmt_command`), and a line in the list
 * of the group it belongs to (commands.c has those of `x07` itself). Knows nothing of what commands do. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

struct command {
    const char *name; /* one word */

    /* A command that does something: */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
    const struct option_table *options;
    const char *report; /* id of the schema of what its own --json prints; NULL: it has no such option */
    bool hidden;        /* works, but stands in no help */

    /* A group of commands, whose `run` is NULL: */
    const char *summary;
    const struct command *const *commands; /* NULL-terminated, in alphabetical order */
    const char *missing;                   /* the message when none is named */
    const char *details;                   /* more for the help page, or NULL */
};

/* All of them: the group `x07` itself. */
extern const struct command root_command;

/* The options that every command takes, also before its name. Their offsets mean nothing. */
extern const struct option global_options[];
extern const size_t global_option_count;

/* What it is for, in one line: of the options or else its own. */
const char *command_summary(const struct command *command);

/* The command of that name within a group; NULL when there is none, or when `group` is no group. */
const struct command *command_find(const struct command *group, const char *name);

/* The command that the arguments name, of which argv[0] is not looked at, and its full name with dots
 * ("ast.get"). Without a command that exists, `x07` itself and "". */
const struct command *command_named(int argc, char **argv, struct text *scope);

/* Runs what the arguments name, with the name of a tool or a group at argv[0]. Global options before the name
 * of a command are handed to it. Returns the exit code. */
int command_run(const struct command *group, int argc, char **argv);

#endif
