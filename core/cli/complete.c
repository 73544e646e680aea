/* complete.c: see complete.h. */
#include "cli/complete.h"

#include "base/file.h"
#include "base/memory.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct complete_settings {
    struct option_list words;
};

static const struct option_table table = {
    .command = "x07 __complete",
    .summary = "Print what may come next on a command line",
    .trailing_name = "WORD",
    .trailing_offset = offsetof(struct complete_settings, words),
};

/* A command line up to the word that is being completed. */
struct line {
    const char **words;
    size_t count;
    const char *current;
    const struct command *command; /* that the words name */
    bool ended;                    /* "--" stood behind the command's name */
    struct text *out;
};

static const struct option *
find_among(const struct option *options, size_t count, const char *name)
{
    size_t len = strcspn(name, "=");

    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
            return &options[i];
    return NULL;
}

/* The option that a word names, among the command's and the global ones; NULL when it names none. */
static const struct option *
find_option(const struct line *line, const char *word)
{
    const struct option_table *own = line->command->options;
    const struct option *option = NULL;

    if (strncmp(word, "--", 2) != 0)
        return NULL;
    if (own)
        option = find_among(own->options, own->count, word + 2);
    return option ? option : find_among(global_options, global_option_count, word + 2);
}

/* Whether the word takes the next one for its value. */
static bool
takes_next(const struct line *line, const char *word)
{
    const struct option *option = find_option(line, word);

    return option && option->kind != OPTION_FLAG && !strchr(word, '=');
}

/* Finds the command. Shells that part words at '=' give it as a word. */
static void
read_words(struct line *line, const struct option_list *given)
{
    line->words = memory_alloc((given->count + 1) * sizeof *line->words);
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->items[i], "=") != 0)
            line->words[line->count++] = given->items[i];
    line->current = "";
    if (line->count && strcmp(given->items[given->count - 1], "=") != 0)
        line->current = line->words[--line->count];
    line->command = &root_command;
    for (size_t i = 0; i < line->count; i++) {
        const struct command *next = command_find(line->command, line->words[i]);
        if (takes_next(line, line->words[i]))
            i += i + 1 < line->count && line->words[i + 1][0] != '-';
        else if (strcmp(line->words[i], "--") == 0)
            line->ended = true;
        else if (next && !line->ended)
            line->command = next;
    }
}

static bool
begins(const char *word, const char *start)
{
    return strncmp(word, start, strlen(start)) == 0;
}

static void
offer(const struct line *line, const char *prefix, const char *word, const char *what)
{
    struct text candidate = {0};

    text_printf(&candidate, "%s%s", prefix, word);
    if (begins(candidate.data, line->current))
        text_printf(line->out, "%s\t%s\n", candidate.data, what);
    text_free(&candidate);
}

/* Values of an option; `prefix` is what they follow in the same word. */
static void
offer_values(const struct line *line, const struct option *option, const char *prefix)
{
    for (const char *const *choice = option->choices; choice && *choice; choice++)
        offer(line, prefix, *choice, option->help ? option->help : "");
    if (option->choices || prefix[0])
        return;
    if (strcmp(option->value_name, "DIR") == 0)
        text_puts(line->out, ":directories\n");
    else if (strstr(option->value_name, "PATH") || strstr(option->value_name, "FILE"))
        text_puts(line->out, ":files\n");
}

static bool
is_given(const struct line *line, const struct option *option)
{
    for (size_t i = 0; i < line->count; i++)
        if (find_option(line, line->words[i]) == option)
            return true;
    return false;
}

static void
offer_option(const struct line *line, const struct option *option)
{
    if (!option->hidden && (option->kind == OPTION_LIST || !is_given(line, option)))
        offer(line, "--", option->name, option->help);
}

/* The command's own, then the global ones that it gives no meaning of its own. */
static void
offer_options(const struct line *line)
{
    static const struct option_table none;
    const struct option_table *own = line->command->options ? line->command->options : &none;

    for (size_t i = 0; i < own->count; i++)
        offer_option(line, &own->options[i]);
    for (size_t i = 0; i < global_option_count; i++) {
        const struct option *meant = find_among(own->options, own->count, global_options[i].name);
        if (!meant || meant->hidden)
            offer_option(line, &global_options[i]);
    }
    offer(line, "", "--help", "Print help");
    if (line->command == &root_command)
        offer(line, "", "--version", "Print version");
}

static void
offer_commands(const struct line *line)
{
    for (const struct command *const *at = line->command->commands; *at; at++)
        if (!(*at)->hidden)
            offer(line, "", (*at)->name, command_summary(*at));
    offer(line, "", "help", "Print help");
}

static void
complete(struct line *line)
{
    const struct option *before = line->count ? find_option(line, line->words[line->count - 1]) : NULL;
    const struct option *current = strchr(line->current, '=') ? find_option(line, line->current) : NULL;

    if (line->ended) {
        text_puts(line->out, ":files\n");
    } else if (before && takes_next(line, line->words[line->count - 1]) && line->current[0] != '-') {
        offer_values(line, before, "");
    } else if (current && current->kind != OPTION_FLAG) {
        char *prefix = memory_copy(line->current, strcspn(line->current, "=") + 1);
        offer_values(line, current, prefix);
        free(prefix);
    } else if (line->current[0] == '-') {
        offer_options(line);
    } else if (line->command->commands) {
        offer_commands(line);
    } else if (line->command->options->trailing_name) {
        text_puts(line->out, ":files\n");
    }
}

static int
run(int argc, char **argv)
{
    struct complete_settings settings = {0};
    struct text out = {0};
    struct line line = {.out = &out};
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    read_words(&line, &settings.words);
    complete(&line);
    struct error *error = file_write_fd(STDOUT_FILENO, "stdout", text_string(&out), out.len);
    text_free(&out);
    free(line.words);
    options_free(&table, &settings);
    return error ? output_error(error) : 0;
}

const struct command complete_command = {.name = "__complete", .run = run, .options = &table, .hidden = true};
