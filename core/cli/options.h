/* options.h: the command line grammar, from tables.
 * Knows options' names, kinds and conflicts; knows nothing of what they mean.
 *
 * Long options only, `--name value` or `--name=value`; an option that is no list may be given once; `--` ends
 * options, and so does the first positional argument when a command takes trailing ones. Values point into
 * argv, so they live as long as it does. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_VALUE,  /* const char *, NULL when absent */
    OPTION_CHOICE, /* the same, one of `choices` */
    OPTION_LIST,   /* struct option_list */
    OPTION_NUMBER  /* struct option_number, an unsigned decimal */
};

struct option_list {
    const char **items; /* NULL-terminated when count > 0; from malloc, see options_free */
    size_t count;
};

struct option_number {
    bool given;
    uint64_t value;
};

static inline uint64_t
option_number_or(const struct option_number *number, uint64_t otherwise)
{
    return number->given ? number->value : otherwise;
}

enum { OPTION_MAX_CONFLICTS = 3 };

struct option {
    const char *name;       /* without the dashes */
    const char *value_name; /* for messages and help; NULL for flags */
    enum option_kind kind;
    size_t offset; /* of the member in the command's struct */
    const char *help;
    const char *const *choices; /* NULL-terminated */
    const char *conflicts[OPTION_MAX_CONFLICTS];
    bool no_trailing; /* conflicts with trailing arguments */
    bool required;
    bool ends_options; /* what follows its value are arguments, whatever they look like */
    bool hidden;       /* works, but stands in no help */
    uint64_t max;      /* of a number; 0: any */
};

struct option_table {
    const char *command; /* "x07 run" */
    const char *summary;
    const struct option *options;
    size_t count;
    const char *trailing_name; /* "ARGS"; NULL: the command takes no arguments */
    size_t trailing_offset;    /* of a struct option_list */
    bool interleaved;          /* options may stand behind arguments */
    const char *details;       /* more for the help page, or NULL */
};

/* Every command accepts the global options (command.h); those that it has no row for are read and ignored.
 * These are members of its settings, and rows of its table, for a command that heeds them. */
struct option_globals {
    const char *out;
    const char *report_out;
    bool quiet_json;
};

/* clang-format off */
#define OPTION_GLOBAL_REPORT(type, member)                                                             \
    {"report-out", "PATH", OPTION_VALUE, offsetof(type, member.report_out), .hidden = true},           \
    {"quiet-json", NULL, OPTION_FLAG, offsetof(type, member.quiet_json), .hidden = true}
#define OPTION_GLOBALS(type, member)                                                                   \
    {"out", "PATH", OPTION_VALUE, offsetof(type, member.out), .hidden = true},                         \
    OPTION_GLOBAL_REPORT(type, member)
/* clang-format on */

enum options_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_ROWS, OPTIONS_ERROR };

/* Reads argv[1...] into `settings`, which must be zeroed. OPTIONS_ERROR: `message` got the whole text for
 * stderr. OPTIONS_ROWS: all is well, but for required options, and --cli-specrows was given. */
enum options_result options_read(const struct option_table *table, int argc, char **argv, void *settings,
                                 struct text *message);

/* options_read for a command that has nothing to clean up yet: prints the help, the rows or the error, and
 * frees the lists then. Returns whether the command goes on; if not, *exit_code is what it ends with. */
bool options_start(const struct option_table *table, int argc, char **argv, void *settings, int *exit_code);

/* The same for commands whose arguments become parts of documents: they must be UTF-8. */
bool options_start_text(const struct option_table *table, int argc, char **argv, void *settings,
                        int *exit_code);

/* Frees the lists in `settings`. */
void options_free(const struct option_table *table, void *settings);

/* How an option and a command are written: "--input <PATH>", "--stdin"; "Usage: x07 run [OPTIONS]" and a line
 * feed. */
void options_show(const struct option *option, struct text *out);
void options_usage(const struct option_table *table, struct text *out);

/* The command's help page, and lines of such a page. */
void options_help(const struct option_table *table, struct text *out);
void options_help_rows(const struct option *options, size_t count, struct text *out);
void options_help_row(const char *indent, const char *option, const char *help, struct text *out);

#endif
