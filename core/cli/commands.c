/* commands.c: the table of commands, and what `x07` itself answers. A new command is a row and a file. */
#include "cli/commands.h"

#include "base/memory.h"
#include "cli/ast.h"
#include "cli/build.h"
#include "cli/check.h"
#include "cli/diag.h"
#include "cli/doc.h"
#include "cli/doctor.h"
#include "cli/fix.h"
#include "cli/fmt.h"
#include "cli/guide.h"
#include "cli/lint.h"
#include "cli/patch.h"
#include "cli/plugins.h"
#include "cli/run.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
    const char *summary;
} commands[] = {
    {"ast", cli_ast, "Read, check and change x07AST documents"},
    {"build", cli_build, "Compile an X07 program to C"},
    {"check", cli_check, "Say what is wrong with a program without running it"},
    {"diag", cli_diag, "Say what the codes of findings mean"},
    {"fix", cli_fix, "Repair x07AST JSON files"},
    {"fmt", cli_fmt, "Format x07AST JSON files"},
    {"doc", cli_doc, "Show the signatures of a module, a symbol or a built-in head"},
    {"doctor", cli_doctor, "Say what is missing on this machine, and how to get it"},
    {"guide", cli_guide, "Print the guide to the language and its library"},
    {"lint", cli_lint, "Say what is wrong with x07AST JSON files"},
    {"patch", cli_patch, "Apply patches to files"},
    {"plugins", cli_plugins, "List, describe and check plugins"},
    {"run", cli_run, "Run X07 programs via the appropriate runner"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char usage[] = "Usage: x07 [OPTIONS] [COMMAND]\n";

static const struct command *
find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int
print_help(void)
{
    printf("X07 toolchain\n\n%s\nCommands:\n", usage);
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].summary);
    printf("  %-8s Print this message or the help of the given command\n\n", "help");
    puts("Options:\n"
         "      --report-out <PATH>  Also write the report to a file\n"
         "      --quiet-json         Do not print the report (with --report-out)\n"
         "  -h, --help               Print help\n"
         "  -V, --version            Print version");
    return 0;
}

static int
fail_usage(const char *what, const char *argument)
{
    fprintf(stderr, "error: %s '%s'%s\n\n%s\nFor more information, try '--help'.\n", what, argument,
            strcmp(what, "unexpected argument") == 0 ? " found" : "", usage);
    return EXIT_USAGE;
}

static int
run_command(const char *name, int argc, char **argv)
{
    const struct command *command = find_command(name);

    return command ? command->run(argc, argv) : fail_usage("unrecognized subcommand", name);
}

/* `x07 help`, `x07 help COMMAND` */
static int
help(int argc, char **argv)
{
    static char help_option[] = "--help";

    if (argc < 2)
        return print_help();
    char *arguments[] = {argv[1], help_option, NULL};
    return run_command(argv[1], 2, arguments);
}

/* How many arguments the global option at argv[0] takes up; 0 when it is none. */
static int
global_option_width(int argc, char **argv)
{
    static const char *const with_value[] = {"--out", "--report-out"};

    if (strcmp(argv[0], "--quiet-json") == 0)
        return 1;
    for (size_t i = 0; i < sizeof with_value / sizeof with_value[0]; i++) {
        size_t len = strlen(with_value[i]);
        if (strncmp(argv[0], with_value[i], len) != 0)
            continue;
        if (argv[0][len] == '=')
            return 1;
        if (!argv[0][len])
            return argc > 1 ? 2 : 0;
    }
    return 0;
}

/* Global options may stand before the command: it gets them as if they stood right behind its name. */
static int
run_with_globals(int globals, int argc, char **argv)
{
    char **arguments = memory_alloc(sizeof *arguments * ((size_t)argc + 1));

    arguments[0] = argv[globals];
    memcpy(arguments + 1, argv, sizeof *arguments * (size_t)globals);
    memcpy(arguments + 1 + globals, argv + globals + 1, sizeof *arguments * (size_t)(argc - globals - 1));
    int code = run_command(arguments[0], argc, arguments);
    free(arguments);
    return code;
}

int
cli_main(int argc, char **argv)
{
    int globals = 0;

    argc--;
    argv++;
    for (int width; globals < argc && (width = global_option_width(argc - globals, argv + globals)) > 0;)
        globals += width;
    if (globals >= argc) {
        fputs("missing subcommand (try --help)\n", stderr);
        return EXIT_USAGE;
    }
    const char *first = argv[globals];
    if (strcmp(first, "-h") == 0 || strcmp(first, "--help") == 0)
        return print_help();
    if (strcmp(first, "-V") == 0 || strcmp(first, "--version") == 0) {
        puts("x07 " X07_VERSION);
        return 0;
    }
    if (strcmp(first, "help") == 0)
        return help(argc - globals, argv + globals);
    if (first[0] == '-')
        return fail_usage("unexpected argument", first);
    return run_with_globals(globals, argc, argv);
}
