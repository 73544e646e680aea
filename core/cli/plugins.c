/* plugins.c: the command line of `x07 plugins`. */
#include "cli/plugins.h"

#include "cli/plugins_parts.h"

#include <stdio.h>

#define AT(member) offsetof(struct plugins_options, member)
#define JSON                                                                    \
    {                                                                           \
        "json", NULL, OPTION_FLAG, AT(json), .help = "Print the report as JSON" \
    }
#define PLUGIN_DIR                                             \
    {                                                          \
        "plugin-dir", "DIR", OPTION_LIST, AT(plugin_dirs),     \
            .help = "Search this directory first (repeatable)" \
    }

static const struct option list_options[] = {
    JSON,
    {"diagnostics", NULL, OPTION_FLAG, AT(diagnostics),
     .help = "Also call the plugins' typed diagnostics and show their values"},
    PLUGIN_DIR,
};

static const struct option info_options[] = {
    JSON,
    {"diagnostics", NULL, OPTION_FLAG, AT(diagnostics),
     .help = "Also call the typed diagnostics that need no arguments of yours"},
    {"call", "NAME", OPTION_VALUE, AT(call), .help = "Call one typed diagnostic with the arguments behind it",
     .ends_options = true},
    PLUGIN_DIR,
};

static const struct option check_options[] = {JSON};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct option_table list_table = {
    .command = "x07 plugins list",
    .summary = "Show every plugin file that was considered, in order, and why each is used or not",
    .options = list_options,
    .count = COUNT(list_options),
    .details =
        "States: used (it serves at least one key), available, shadowed (an earlier plugin has its id),\n"
        "refused, crashed, timed-out, unavailable-here (it says that it cannot work on this machine).\n"
        "Files that crashed or timed out before are tried again.\n",
};

static const struct option_table info_table = {
    .command = "x07 plugins info",
    .summary = "Show all that is known of one plugin, and call its diagnostics",
    .options = info_options,
    .count = COUNT(info_options),
    .trailing_name = "ID",
    .trailing_offset = AT(words),
    .interleaved = true,
    .details = "Exits with 1 when there is no such plugin or the diagnostic fails.\n",
};

static const struct option_table check_table = {
    .command = "x07 plugins check",
    .summary = "Test whether a plugin file keeps the rules of the plugin interface",
    .options = check_options,
    .count = COUNT(check_options),
    .trailing_name = "FILE.so",
    .trailing_offset = AT(words),
    .interleaved = true,
    .details =
        "Each rule is tested in a process of its own and gets one line. Exits with 1 when one is broken.\n",
};

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

static int
usage_error(const char *message)
{
    fprintf(stderr, "error: %s\n\nFor more information, try '--help'.\n", message);
    return 2;
}

/* Runs a subcommand that takes `words` arguments; a call takes more. */
static int
run(const struct option_table *table, size_t words, int (*command)(const struct plugins_options *options),
    int argc, char **argv)
{
    struct plugins_options options = {0};
    int exit_code;

    if (!options_start(table, argc, argv, &options, &exit_code))
        return exit_code;
    if (options.words.count < words)
        exit_code = usage_error("a required argument was not provided");
    else if (options.words.count > words && !options.call)
        exit_code = usage_error("unexpected argument");
    else
        exit_code = command(&options);
    options_free(table, &options);
    return exit_code;
}

static int
list(int argc, char **argv)
{
    return run(&list_table, 0, plugins_list, argc, argv);
}

static int
info(int argc, char **argv)
{
    return run(&info_table, 1, plugins_info, argc, argv);
}

static int
check(int argc, char **argv)
{
    return run(&check_table, 1, plugins_check, argc, argv);
}

static const struct command check_command = {
    .name = "check", .run = check, .options = &check_table, .report = "x07.plugins.check@0.1.0"};
static const struct command info_command = {
    .name = "info", .run = info, .options = &info_table, .report = "x07.plugins.info@0.1.0"};
static const struct command list_command = {
    .name = "list", .run = list, .options = &list_table, .report = "x07.plugins.list@0.1.0"};

static const struct command *const commands[] = {&check_command, &info_command, &list_command, NULL};

const struct command plugins_command = {
    .name = "plugins",
    .summary = "List, describe and check plugins",
    .missing = "missing plugins subcommand (try --help)",
    .commands = commands,
    .details =
        "Plugins are searched in: the directories of --plugin-dir, of X07_PLUGIN_PATH, the user's\n"
        "($XDG_DATA_HOME or ~/.local/share)/x07/plugins, and the one installed with x07. A file or\n"
        "directory that somebody else can write is refused.\n"
        "\n"
        "Environment:\n"
        "  X07_PLUGIN_PATH     More directories, separated by colons\n"
        "  X07_PLUGIN_PREFER   KIND/KEY=PLUGIN-ID[,...]: which plugin shall serve a key\n"
        "  X07_PLUGIN_PINS     JSON file {\"pins\": {\"<id or path>\": \"<sha256>\"}}: other digests are "
        "refused\n"
        "  X07_PLUGIN_SCAN_MS  How long a plugin may take to load or to answer (default 2000)\n",
};
