/* options.c: see options.h. Errors are worded as users of such tools know them; each ends with the usage. */
#include "cli/options.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/specrows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading on its way. */
struct reading {
    const struct option_table *table;
    char *settings;
    bool *given; /* per option */
    bool rows;   /* --cli-specrows */
    bool ended;  /* by an option that ends options */
    struct text *message;
};

static void *
member(const struct reading *reading, const struct option *option)
{
    return reading->settings + option->offset;
}

static enum options_result __attribute__((format(printf, 2, 3)))
fail(const struct reading *reading, const char *format, ...)
{
    va_list args;

    text_puts(reading->message, "error: ");
    va_start(args, format);
    text_vprintf(reading->message, format, args);
    va_end(args);
    text_puts(reading->message, "\n\n");
    options_usage(reading->table, reading->message);
    text_puts(reading->message, "\nFor more information, try '--help'.\n");
    return OPTIONS_ERROR;
}

static enum options_result
fail_value(const struct reading *reading, const struct option *option, const char *value, const char *reason)
{
    struct text shown = {0};

    options_show(option, &shown);
    fail(reading, "invalid value '%s' for '%s'%s", value, text_string(&shown), reason);
    text_free(&shown);
    return OPTIONS_ERROR;
}

static enum options_result
fail_pair(const struct reading *reading, const struct option *option, const char *other)
{
    struct text shown = {0};

    options_show(option, &shown);
    fail(reading, "the argument '%s' cannot be used with '%s'", text_string(&shown), other);
    text_free(&shown);
    return OPTIONS_ERROR;
}

static const struct option *
find_among(const struct option *options, size_t count, const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
            return &options[i];
    return NULL;
}

static const struct option *
find_option(const struct option_table *table, const char *name, size_t len)
{
    return find_among(table->options, table->count, name, len);
}

static void
list_append(struct option_list *list, const char *item)
{
    list->items = memory_resize(list->items, sizeof *list->items * (list->count + 2));
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

static enum options_result
store_number(const struct reading *reading, const struct option *option, const char *value)
{
    struct option_number *number = member(reading, option);
    const char *digit = value + (value[0] == '+');
    uint64_t result = 0;

    if (!value[0])
        return fail_value(reading, option, value, ": cannot parse integer from empty string");
    if (!*digit)
        return fail_value(reading, option, value, ": invalid digit found in string");
    for (; *digit; digit++) {
        if (*digit < '0' || *digit > '9')
            return fail_value(reading, option, value, ": invalid digit found in string");
        if (__builtin_mul_overflow(result, 10u, &result) ||
            __builtin_add_overflow(result, (uint64_t)(*digit - '0'), &result) ||
            (option->max && result > option->max))
            return fail_value(reading, option, value, ": number too large to fit in target type");
    }
    *number = (struct option_number){.given = true, .value = result};
    return OPTIONS_OK;
}

static enum options_result
store_choice(const struct reading *reading, const struct option *option, const char *value)
{
    struct text reason = {0};

    for (const char *const *choice = option->choices; *choice; choice++)
        if (strcmp(*choice, value) == 0) {
            *(const char **)member(reading, option) = value;
            return OPTIONS_OK;
        }
    text_puts(&reason, "\n  [possible values: ");
    for (const char *const *choice = option->choices; *choice; choice++)
        text_printf(&reason, "%s%s", choice == option->choices ? "" : ", ", *choice);
    text_putc(&reason, ']');
    fail_value(reading, option, value, text_string(&reason));
    text_free(&reason);
    return OPTIONS_ERROR;
}

static enum options_result
store(const struct reading *reading, const struct option *option, const char *value)
{
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)member(reading, option) = true;
        return OPTIONS_OK;
    case OPTION_VALUE:
        *(const char **)member(reading, option) = value;
        return OPTIONS_OK;
    case OPTION_LIST:
        list_append(member(reading, option), value);
        return OPTIONS_OK;
    case OPTION_NUMBER:
        return store_number(reading, option, value);
    case OPTION_CHOICE:
        break;
    }
    return store_choice(reading, option, value);
}

/* A global option that the command has no row for means nothing to it, but for the one that is answered here.
 */
static enum options_result
store_global(struct reading *reading, const struct option *option)
{
    if (strcmp(option->name, "cli-specrows") == 0)
        reading->rows = true;
    return OPTIONS_OK;
}

/* Reads the option at argv[*at] and moves past its value. */
static enum options_result
read_option(struct reading *reading, int argc, char **argv, int *at)
{
    const char *argument = argv[*at];
    const char *name = argument + 2;
    size_t len = strcspn(name, "=");
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    const struct option *option = find_option(reading->table, name, len);
    bool global = !option;
    bool ignored = false;
    struct text shown = {0};
    enum options_result result = OPTIONS_ERROR;

    if (global)
        option = find_among(global_options, global_option_count, name, len);
    if (!option)
        return fail(reading, "unexpected argument '%.*s' found", (int)(len + 2), argument);
    bool *given = global ? &ignored : &reading->given[option - reading->table->options];
    options_show(option, &shown);
    if (*given && option->kind != OPTION_LIST) {
        fail(reading, "the argument '%s' cannot be used multiple times", text_string(&shown));
    } else if (option->kind == OPTION_FLAG && value) {
        fail(reading, "unexpected value '%s' for '%s' found; no more were expected", value,
             text_string(&shown));
    } else {
        /* What looks like an option is not taken for a value. */
        if (option->kind != OPTION_FLAG && !value && *at + 1 < argc &&
            (argv[*at + 1][0] != '-' || !argv[*at + 1][1]))
            value = argv[++*at];
        if (option->kind != OPTION_FLAG && !value)
            fail(reading, "a value is required for '%s' but none was supplied", text_string(&shown));
        else
            result = global ? store_global(reading, option) : store(reading, option, value);
        *given = true;
        reading->ended = option->ends_options;
    }
    text_free(&shown);
    return result;
}

static enum options_result
check_conflicts(const struct reading *reading, bool trailing)
{
    const struct option_table *table = reading->table;

    for (size_t i = 0; i < table->count; i++) {
        const struct option *option = &table->options[i];
        if (!reading->given[i])
            continue;
        for (size_t k = 0; k < OPTION_MAX_CONFLICTS && option->conflicts[k]; k++) {
            const struct option *other =
                find_option(table, option->conflicts[k], strlen(option->conflicts[k]));
            if (!other || !reading->given[other - table->options])
                continue;
            struct text shown = {0};
            options_show(other, &shown);
            fail_pair(reading, option, text_string(&shown));
            text_free(&shown);
            return OPTIONS_ERROR;
        }
        if (option->no_trailing && trailing) {
            struct text shown = {0};
            text_printf(&shown, "[%s]...", table->trailing_name);
            fail_pair(reading, option, text_string(&shown));
            text_free(&shown);
            return OPTIONS_ERROR;
        }
    }
    return OPTIONS_OK;
}

static enum options_result
check_required(const struct reading *reading)
{
    const struct option_table *table = reading->table;
    struct text missing = {0};

    for (size_t i = 0; i < table->count; i++)
        if (table->options[i].required && !reading->given[i]) {
            text_puts(&missing, "\n  ");
            options_show(&table->options[i], &missing);
        }
    enum options_result result = OPTIONS_OK;
    if (missing.len)
        result = fail(reading, "the following required arguments were not provided:%s", missing.data);
    text_free(&missing);
    return result;
}

static void
take_argument(const struct reading *reading, const char *argument)
{
    list_append((struct option_list *)(void *)(reading->settings + reading->table->trailing_offset),
                argument);
}

static enum options_result
read_all(struct reading *reading, int argc, char **argv)
{
    const struct option_table *table = reading->table;
    bool trailing = false;
    int at = 1;

    for (; at < argc; at++) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "--help") == 0)
            return OPTIONS_HELP;
        if (table->interleaved && (argv[at][0] != '-' || !argv[at][1])) {
            take_argument(reading, argv[at]);
            trailing = true;
            continue;
        }
        if (strncmp(argv[at], "--", 2) != 0)
            break;
        enum options_result result = read_option(reading, argc, argv, &at);
        if (result != OPTIONS_OK)
            return result;
        if (reading->ended) {
            at++;
            break;
        }
    }
    if (at < argc && !reading->ended &&
        (!table->trailing_name || (argv[at][0] == '-' && argv[at][1] && strcmp(argv[at - 1], "--") != 0)))
        return fail(reading, "unexpected argument '%s' found", argv[at]);
    trailing = trailing || at < argc;
    for (; at < argc; at++)
        take_argument(reading, argv[at]);
    enum options_result result = check_conflicts(reading, trailing);
    if (result == OPTIONS_OK && reading->rows)
        return OPTIONS_ROWS;
    return result == OPTIONS_OK ? check_required(reading) : result;
}

enum options_result
options_read(const struct option_table *table, int argc, char **argv, void *settings, struct text *message)
{
    struct reading reading = {.table = table, .settings = settings, .message = message};

    reading.given = memory_alloc(table->count + 1);
    enum options_result result = read_all(&reading, argc, argv);
    free(reading.given);
    return result;
}

bool
options_start(const struct option_table *table, int argc, char **argv, void *settings, int *exit_code)
{
    struct text text = {0};
    enum options_result result = options_read(table, argc, argv, settings, &text);

    if (result == OPTIONS_OK) {
        text_free(&text);
        return true;
    }
    if (result == OPTIONS_HELP)
        options_help(table, &text);
    if (result == OPTIONS_ROWS)
        specrows_table(table, &text);
    fputs(text_string(&text), result == OPTIONS_ERROR ? stderr : stdout);
    *exit_code = result == OPTIONS_ERROR ? 2 : 0;
    text_free(&text);
    options_free(table, settings);
    return false;
}

bool
options_start_text(const struct option_table *table, int argc, char **argv, void *settings, int *exit_code)
{
    for (int i = 1; i < argc; i++)
        if (utf8_prefix(argv[i], strlen(argv[i])) != strlen(argv[i])) {
            fputs("error: invalid UTF-8 was detected in one or more arguments\n", stderr);
            *exit_code = 2;
            return false;
        }
    return options_start(table, argc, argv, settings, exit_code);
}

void
options_free(const struct option_table *table, void *settings)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->options[i].kind != OPTION_LIST)
            continue;
        struct option_list *list =
            (struct option_list *)(void *)((char *)settings + table->options[i].offset);
        free(list->items);
        *list = (struct option_list){0};
    }
    if (table->trailing_name) {
        struct option_list *list = (struct option_list *)(void *)((char *)settings + table->trailing_offset);
        free(list->items);
        *list = (struct option_list){0};
    }
}
