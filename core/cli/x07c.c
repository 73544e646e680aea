/* x07c.c: the commands of `x07c`, and those that print one thing. */
#include "cli/x07c.h"

#include "cli/guide.h"

#include <stdio.h>

#define LANGUAGE_ID "x07-core@0.2.0"

static const struct option_table lang_id_table = {
    .command = "x07c lang-id",
    .summary = "Print the id of the language",
};

static int
lang_id(int argc, char **argv)
{
    int exit_code;
    char unused;

    if (!options_start(&lang_id_table, argc, argv, &unused, &exit_code))
        return exit_code;
    puts(LANGUAGE_ID);
    return 0;
}

static int
guide(int argc, char **argv)
{
    int exit_code = guide_command.run(argc, argv);

    if (!exit_code && argc == 1)
        putchar('\n');
    return exit_code;
}

static const struct command lang_id_command = {.name = "lang-id", .run = lang_id, .options = &lang_id_table};

static const struct command x07c_guide_command = {
    .name = "guide", .run = guide, .summary = "Print the guide to the language and its library"};

static const struct command *const commands[] = {
    &x07c_build_command, &x07c_compile_command, &x07c_fix_command,
    &x07c_fmt_command,   &x07c_guide_command,   &lang_id_command,
    &x07c_lint_command,  &x07c_lock_command,    NULL};

static const struct command x07c_command = {
    .name = "x07c",
    .summary = "The X07 compiler and its steps on single files",
    .missing = "missing subcommand (try --help)",
    .commands = commands,
};

int
x07c_main(int argc, char **argv)
{
    return command_run(&x07c_command, argc, argv);
}
