/* options_help.c: see options.h. How options are shown to people. */
#include "cli/options.h"

enum { HELP_COLUMN = 42 };

void
options_show(const struct option *option, struct text *out)
{
    text_printf(out, "--%s", option->name);
    if (option->value_name)
        text_printf(out, " <%s>", option->value_name);
}

void
options_usage(const struct option_table *table, struct text *out)
{
    text_printf(out, "Usage: %s%s", table->command, table->count ? " [OPTIONS]" : "");
    if (table->trailing_name)
        text_printf(out, " [%s]...", table->trailing_name);
    text_putc(out, '\n');
}

void
options_help_row(const char *indent, const char *option, const char *help, struct text *out)
{
    text_printf(out, "%s%-*s %s\n", indent, HELP_COLUMN, option, help);
}

void
options_help_rows(const struct option *options, size_t count, struct text *out)
{
    for (const struct option *option = options; option < options + count; option++) {
        struct text left = {0};
        struct text right = {0};
        if (option->hidden)
            continue;
        options_show(option, &left);
        text_puts(&right, option->help);
        for (const char *const *choice = option->choices; choice && *choice; choice++)
            text_printf(&right, "%s%s", choice == option->choices ? " [" : "|", *choice);
        text_puts(&right, option->choices ? "]" : "");
        options_help_row("      ", text_string(&left), text_string(&right), out);
        text_free(&left);
        text_free(&right);
    }
}

void
options_help(const struct option_table *table, struct text *out)
{
    text_printf(out, "%s\n\n", table->summary);
    options_usage(table, out);
    text_puts(out, "\nOptions:\n");
    options_help_rows(table->options, table->count, out);
    options_help_row("  -h, ", "--help", "Print this help", out);
    if (table->details)
        text_printf(out, "\n%s", table->details);
}
