/* plugins.c: the command line of `x07 plugins`, and its help. */
#include "cli/plugins.h"

#include "base/memory.h"
#include "cli/plugins_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help_group[] =
    "Look at the plugins that x07 finds.\n"
    "\n"
    "Usage: x07 plugins <COMMAND>\n"
    "\n"
    "Commands:\n"
    "  list   Show every plugin file that was considered, in order, and why each is used or not\n"
    "  info   Show all that is known of one plugin, and call its diagnostics\n"
    "  check  Test whether a plugin file keeps the rules of the plugin interface\n"
    "\n"
    "Plugins are searched in: the directories of --plugin-dir, of X07_PLUGIN_PATH, the user's\n"
    "($XDG_DATA_HOME or ~/.local/share)/x07/plugins, and the one installed with x07. A file or\n"
    "directory that somebody else can write is refused.\n"
    "\n"
    "Environment:\n"
    "  X07_PLUGIN_PATH     More directories, separated by colons\n"
    "  X07_PLUGIN_PREFER   KIND/KEY=PLUGIN-ID[,...]: which plugin shall serve a key\n"
    "  X07_PLUGIN_PINS     JSON file {\"pins\": {\"<id or path>\": \"<sha256>\"}}: other digests are "
    "refused\n"
    "  X07_PLUGIN_SCAN_MS  How long a plugin may take to load or to answer (default 2000)\n";

static const char help_list[] =
    "Show every plugin file that was considered, in order, and why each is used or not.\n"
    "\n"
    "Usage: x07 plugins list [OPTIONS]\n"
    "\n"
    "Options:\n"
    "      --json              Print the report as JSON (x07.plugins.list@0.1.0)\n"
    "      --diagnostics       Also call the plugins' typed diagnostics and show their values\n"
    "      --plugin-dir <DIR>  Search this directory first (repeatable)\n"
    "  -h, --help              Print help\n"
    "\n"
    "States: used (it serves at least one key), available, shadowed (an earlier plugin has its id),\n"
    "refused, crashed, timed-out, unavailable-here (it says that it cannot work on this machine).\n"
    "Files that crashed or timed out before are tried again.\n";

static const char help_info[] =
    "Show all that is known of one plugin.\n"
    "\n"
    "Usage: x07 plugins info [OPTIONS] <ID>\n"
    "       x07 plugins info [OPTIONS] <ID> --call <NAME> [ARG]...\n"
    "\n"
    "Options:\n"
    "      --json              Print the report as JSON (x07.plugins.info@0.1.0)\n"
    "      --diagnostics       Also call the typed diagnostics that need no arguments of yours\n"
    "      --call <NAME>       Call one typed diagnostic with the given arguments\n"
    "      --plugin-dir <DIR>  Search this directory first (repeatable)\n"
    "  -h, --help              Print help\n"
    "\n"
    "Exits with 1 when there is no such plugin or the diagnostic fails.\n";

static const char help_check[] =
    "Test whether a plugin file keeps the rules of the plugin interface.\n"
    "\n"
    "Usage: x07 plugins check [OPTIONS] <FILE.so>\n"
    "\n"
    "Options:\n"
    "      --json  Print the report as JSON (x07.plugins.check@0.1.0)\n"
    "  -h, --help  Print help\n"
    "\n"
    "Each rule is tested in a process of its own and gets one line. Exits with 1 when one is broken.\n";

static const struct subcommand {
    const char *name;
    const char *help;
    int (*run)(const struct plugins_options *options);
    int least_words;
    bool has_registry; /* --plugin-dir and --diagnostics make sense */
    bool has_call;
} subcommands[] = {
    {"list", help_list, plugins_list, 0, true, false},
    {"info", help_info, plugins_info, 1, true, true},
    {"check", help_check, plugins_check, 1, false, false},
};

static int
usage_error(const char *what, const char *word)
{
    fprintf(stderr, "error: %s%s%s%s\n\nFor more information, try '--help'.\n", what, word ? " '" : "",
            word ? word : "", word ? "'" : "");
    return 2;
}

int
plugins_failure(struct error *error)
{
    fprintf(stderr, "x07 plugins: %s\n", error->message);
    error_free(error);
    return 2;
}

int
plugins_print(const struct plugins_options *options, json_object *document,
              void (*show)(json_object *document, struct text *out), int exit_code)
{
    struct text text = {0};

    if (options->json)
        text_printf(&text, "%s\n",
                    json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY |
                                                                 JSON_C_TO_STRING_SPACED |
                                                                 JSON_C_TO_STRING_NOSLASHESCAPE));
    else
        show(document, &text);
    json_object_put(document);
    bool written = fwrite(text_string(&text), 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    text_free(&text);
    return written ? exit_code : plugins_failure(error_errno("E_PLUGIN_IO", "cannot write to stdout"));
}

/* The value of `--name VALUE` or `--name=VALUE` at argv[*at], or NULL when this is another argument. A
 * missing value is "" with *missing set. */
static const char *
option_value(const char *name, int argc, char **argv, int *at, bool *missing)
{
    size_t len = strlen(name);

    if (strncmp(argv[*at], name, len) != 0)
        return NULL;
    if (argv[*at][len] == '=')
        return argv[*at] + len + 1;
    if (argv[*at][len])
        return NULL;
    if (*at + 1 < argc)
        return argv[++*at];
    *missing = true;
    return "";
}

/* Reads argv[1...] into `options`, whose arrays have room for argc pointers. Returns the argument that is not
 * understood, or NULL. */
static const char *
read_options(const struct subcommand *command, int argc, char **argv, struct plugins_options *options,
             const char **directories)
{
    for (int at = 1; at < argc; at++) {
        const char *argument = argv[at];
        bool missing = false;
        const char *value;

        if (options->call) /* what follows the diagnostic's name is its arguments */
            options->words[options->word_count++] = argv[at];
        else if (!strcmp(argument, "-h") || !strcmp(argument, "--help"))
            options->help = true;
        else if (!strcmp(argument, "--json"))
            options->json = true;
        else if (command->has_registry && !strcmp(argument, "--diagnostics"))
            options->diagnostics = true;
        else if (command->has_registry && (value = option_value("--plugin-dir", argc, argv, &at, &missing)))
            *directories++ = value;
        else if (command->has_call && (value = option_value("--call", argc, argv, &at, &missing)))
            options->call = value;
        else if (argument[0] != '-')
            options->words[options->word_count++] = argv[at];
        else
            return argument;
        if (missing)
            return argument;
    }
    return NULL;
}

static int
run(const struct subcommand *command, int argc, char **argv)
{
    const char **directories = memory_alloc(((size_t)argc + 1) * sizeof *directories);
    struct plugins_options options = {
        .plugin_dirs = directories,
        .words = memory_alloc(((size_t)argc + 1) * sizeof *options.words),
    };
    const char *odd = read_options(command, argc, argv, &options, directories);
    int exit_code = 0;

    if (odd)
        exit_code = usage_error("unexpected or incomplete argument", odd);
    else if (options.help)
        fputs(command->help, stdout);
    else if (options.word_count < command->least_words)
        exit_code = usage_error("a required argument was not provided; see", command->name);
    else if (options.word_count > command->least_words && !options.call)
        exit_code = usage_error("unexpected argument", options.words[command->least_words]);
    else
        exit_code = command->run(&options);
    free(options.words);
    free(directories);
    return exit_code;
}

int
cli_plugins(int argc, char **argv)
{
    if (argc < 2)
        return fputs("missing plugins subcommand (try --help)\n", stderr), 2;
    if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
        return fputs(help_group, stdout), 0;
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        if (!strcmp(argv[1], subcommands[i].name))
            return run(&subcommands[i], argc - 1, argv + 1);
    return usage_error("unrecognized subcommand", argv[1]);
}
