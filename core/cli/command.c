/* command.c: see command.h. */
#include "cli/command.h"

#include "base/memory.h"
#include "base/text.h"
#include "cli/specrows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, NAME_COLUMN = 16 };

const char *
command_summary(const struct command *command)
{
    return command->options ? command->options->summary : command->summary;
}

const struct command *
command_find(const struct command *group, const char *name)
{
    for (const struct command *const *at = group->commands; at && *at; at++)
        if (strcmp((*at)->name, name) == 0)
            return *at;
    return NULL;
}

/* A walk from `x07` down to the command that is meant. `path` is its full name: "x07 ast edit". */
struct walk {
    const struct command *root;
    const struct command *group;
    struct text path;
};

static void
show_row(const char *name, const char *summary, struct text *out)
{
    text_printf(out, "  %-*s %s\n", NAME_COLUMN, name, summary);
}

static int
print_help(const struct walk *walk)
{
    const struct command *group = walk->group;
    bool root = group == walk->root;
    struct text out = {0};

    text_printf(&out, "%s\n\nUsage: %s%s [COMMAND]\n\nCommands:\n", group->summary, text_string(&walk->path),
                root ? " [OPTIONS]" : "");
    for (const struct command *const *at = group->commands; *at; at++)
        if (!(*at)->hidden)
            show_row((*at)->name, command_summary(*at), &out);
    show_row("help", "Print this message or the help of the given command", &out);
    text_puts(&out, "\nOptions:\n");
    if (group == &root_command)
        options_help_rows(global_options, global_option_count, &out);
    options_help_row("  -h, ", "--help", "Print help", &out);
    if (root)
        options_help_row("  -V, ", "--version", "Print version", &out);
    if (group->details)
        text_printf(&out, "\n%s", group->details);
    fputs(text_string(&out), stdout);
    text_free(&out);
    return 0;
}

static int
fail_usage(const struct walk *walk, const char *what, const char *argument, const char *rest)
{
    fprintf(stderr,
            "error: %s '%s'%s\n\nUsage: %s [OPTIONS] [COMMAND]\n\nFor more information, try '--help'.\n",
            what, argument, rest, text_string(&walk->path));
    return EXIT_USAGE;
}

static int walk_run(struct walk *walk, int argc, char **argv);

/* Goes on with the command of that name and its arguments, of which argv[0] is overwritten. */
static int
run_named(struct walk *walk, const char *name, int argc, char **argv)
{
    const struct command *command = command_find(walk->group, name);

    if (!command)
        return fail_usage(walk, "unrecognized subcommand", name, "");
    if (command->run)
        return command->run(argc, argv);
    walk->group = command;
    text_printf(&walk->path, " %s", name);
    return walk_run(walk, argc, argv);
}

/* `x07 help`, `x07 help COMMAND...` */
static int
run_help(struct walk *walk, int argc, char **argv)
{
    static char help_option[] = "--help";

    for (; argc > 1; argc--, argv++) {
        const struct command *command = command_find(walk->group, argv[1]);
        char *arguments[] = {argv[1], help_option, NULL};
        if (!command || command->run)
            return run_named(walk, argv[1], 2, arguments);
        walk->group = command;
        text_printf(&walk->path, " %s", command->name);
    }
    return print_help(walk);
}

/* How many arguments the global option at argv[0] takes up; 0 when it is none, or lacks its value. */
static int
global_option_width(int argc, char **argv)
{
    size_t len = strcspn(argv[0], "=");

    for (size_t i = 0; i < global_option_count; i++) {
        const struct option *option = &global_options[i];
        if (len != strlen(option->name) + 2 || strncmp(argv[0], "--", 2) != 0 ||
            memcmp(argv[0] + 2, option->name, len - 2) != 0)
            continue;
        if (option->kind == OPTION_FLAG || argv[0][len])
            return 1;
        return argc > 1 ? 2 : 0;
    }
    return 0;
}

/* What a group answers itself, without a command's name. */
static int
run_option(struct walk *walk, const char *option)
{
    if (strcmp(option, "-h") == 0 || strcmp(option, "--help") == 0)
        return print_help(walk);
    if (walk->group == walk->root && (strcmp(option, "-V") == 0 || strcmp(option, "--version") == 0)) {
        printf("%s " X07_VERSION "\n", walk->root->name);
        return 0;
    }
    return fail_usage(walk, "unexpected argument", option, " found");
}

/* Without a command: the rows of the group, if they are asked for. */
static int
run_unnamed(struct walk *walk, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--cli-specrows") == 0)
            return specrows_print(walk->group);
    fprintf(stderr, "%s\n", walk->group->missing);
    return EXIT_USAGE;
}

static int
walk_run(struct walk *walk, int argc, char **argv)
{
    int at = 1;

    for (int width; at < argc && (width = global_option_width(argc - at, argv + at)) > 0;)
        at += width;
    if (at >= argc)
        return run_unnamed(walk, argc, argv);
    if (argv[at][0] == '-')
        return run_option(walk, argv[at]);
    if (strcmp(argv[at], "help") == 0)
        return run_help(walk, argc - at, argv + at);

    /* The command gets what stood before its name as if it stood right behind. */
    char **arguments = memory_alloc(sizeof *arguments * ((size_t)argc + 1));
    arguments[0] = argv[at];
    memcpy(arguments + 1, argv + 1, sizeof *arguments * (size_t)(at - 1));
    memcpy(arguments + at, argv + at + 1, sizeof *arguments * (size_t)(argc - at - 1));
    int code = run_named(walk, arguments[0], argc - 1, arguments);
    free(arguments);
    return code;
}

const struct command *
command_named(int argc, char **argv, struct text *scope)
{
    const struct command *command = &root_command;

    for (int at = 1; at < argc && command->commands;) {
        int width = global_option_width(argc - at, argv + at);
        const struct command *next = width ? NULL : command_find(command, argv[at]);
        at += width ? width : 1;
        if (width)
            continue;
        if (!next)
            break;
        command = next;
        text_printf(scope, "%s%s", scope->len ? "." : "", command->name);
    }
    return command;
}

int
command_run(const struct command *group, int argc, char **argv)
{
    struct walk walk = {.root = group, .group = group};

    text_puts(&walk.path, group->name);
    int code = walk_run(&walk, argc, argv);
    text_free(&walk.path);
    return code;
}
