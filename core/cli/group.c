/* group.c: see group.h. */
#include "cli/group.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static int
print_help(const struct group *group)
{
    printf("%s\n\nUsage: %s [COMMAND]\n\nCommands:\n", group->summary, group->name);
    for (size_t i = 0; i < group->count; i++)
        printf("  %-16s %s\n", group->commands[i].name, group->commands[i].summary);
    printf("  %-16s %s\n\nOptions:\n  -h, --help       Print help\n", "help",
           "Print this message or the help of the given command");
    return 0;
}

static int
run_named(const struct group *group, const char *name, int argc, char **argv)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->commands[i].name, name) == 0)
            return group->commands[i].run(argc, argv);
    fprintf(stderr,
            "error: unrecognized subcommand '%s'\n\nUsage: %s [OPTIONS] [COMMAND]\n\n"
            "For more information, try '--help'.\n",
            name, group->name);
    return EXIT_USAGE;
}

static int
run_help(const struct group *group, int argc, char **argv)
{
    static char help_option[] = "--help";

    if (argc < 2)
        return print_help(group);
    char *arguments[] = {argv[1], help_option, NULL};
    return run_named(group, argv[1], 2, arguments);
}

/* Whether the option's value is the next argument. */
static bool
takes_next(const char *option)
{
    return strcmp(option, "--out") == 0 || strcmp(option, "--report-out") == 0;
}

int
group_run(const struct group *group, int argc, char **argv)
{
    int at = 1;

    while (at < argc && argv[at][0] == '-' && strcmp(argv[at], "-h") != 0 && strcmp(argv[at], "--help") != 0)
        at += takes_next(argv[at]) ? 2 : 1;
    if (at >= argc) {
        fprintf(stderr, "%s\n", group->missing);
        return EXIT_USAGE;
    }
    if (argv[at][0] == '-')
        return print_help(group);
    if (strcmp(argv[at], "help") == 0)
        return run_help(group, argc - at, argv + at);
    char **arguments = memory_alloc(sizeof *arguments * ((size_t)argc + 1));
    arguments[0] = argv[at];
    memcpy(arguments + 1, argv + 1, sizeof *arguments * (size_t)(at - 1));
    memcpy(arguments + at, argv + at + 1, sizeof *arguments * (size_t)(argc - at - 1));
    int code = run_named(group, arguments[0], argc - 1, arguments);
    free(arguments);
    return code;
}
