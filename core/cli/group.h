/* group.h: commands that are groups of commands: `x07 ast get`, `x07 patch apply`.
 * Knows their names and summaries; knows nothing of what they do. */
#ifndef CLI_GROUP_H
#define CLI_GROUP_H

#include <stddef.h>

struct group_command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
    const char *summary;
};

struct group {
    const char *name; /* "x07 ast" */
    const char *summary;
    const char *missing; /* the message when no command is named */
    const struct group_command *commands;
    size_t count;
};

/* Runs the command that argv[1] names; options before it are handed to it. Returns the exit code. */
int group_run(const struct group *group, int argc, char **argv);

#endif
