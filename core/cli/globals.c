/* globals.c: the options that every command takes. Most belong to the machine interface (machine.h), which
 * reads them before the command line is parsed; what is left of them is read and ignored where a command has
 * no row of that name. */
#include "cli/command.h"

static const char *const json_modes[] = {"canon", "pretty", "off", NULL};

const struct option global_options[] = {
    {"out", "PATH", OPTION_VALUE, .help = "Write what the command makes to a file"},
    {"json", "MODE", OPTION_CHOICE, .choices = json_modes, .help = "Print one JSON report (default canon)"},
    {"jsonl", NULL, OPTION_FLAG, .help = "Print events while the command runs, a JSON object per line"},
    {"json-schema", NULL, OPTION_FLAG, .help = "Print the JSON Schema of that report"},
    {"json-schema-id", NULL, OPTION_FLAG, .help = "Print the id of that schema"},
    {"report-out", "PATH", OPTION_VALUE, .help = "Also write the report to a file"},
    {"quiet-json", NULL, OPTION_FLAG, .help = "Do not print the report (with --report-out)"},
    {"cli-specrows", NULL, OPTION_FLAG, .help = "Print commands and options as JSON"},
};

const size_t global_option_count = sizeof global_options / sizeof global_options[0];
