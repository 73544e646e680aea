/* specrows.c: see specrows.h. Keys are sorted; rows of a scope stand in the order of kind, long name, short
 * name and key. */
#include "cli/specrows.h"

#include "base/file.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The long name with underscores, as consumers use it for a key. */
static void
write_key(x07_json *json, const char *name)
{
    struct text key = {0};

    text_puts(&key, name);
    for (size_t i = 0; i < key.len; i++)
        if (key.data[i] == '-' || key.data[i] == '.')
            key.data[i] = '_';
        else if (key.data[i] >= 'A' && key.data[i] <= 'Z')
            key.data[i] = (char)(key.data[i] - 'A' + 'a');
    x07_json_string(json, text_string(&key));
    text_free(&key);
}

static void
begin_row(x07_json *json, const char *scope, const char *kind)
{
    x07_json_begin(json, '[');
    x07_json_string(json, scope);
    x07_json_string(json, kind);
}

static void
write_fixed(x07_json *json, const char *scope, const char *kind, const char *short_name, const char *text)
{
    struct text name = {0};

    begin_row(json, scope, kind);
    x07_json_string(json, short_name);
    text_printf(&name, "--%s", kind);
    x07_json_string(json, text_string(&name));
    x07_json_string(json, text);
    x07_json_end(json, ']');
    text_free(&name);
}

static const char *
value_kind(const struct option *option)
{
    static const char *const paths[] = {"PATH", "DIR", "FILE"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (strstr(option->value_name, paths[i]) || strstr(option->help, paths[i]))
            return "PATH";
    return "STR";
}

static void
write_option(x07_json *json, const char *scope, const struct option *option)
{
    struct text name = {0};

    text_printf(&name, "--%s", option->name);
    begin_row(json, scope, option->kind == OPTION_FLAG ? "flag" : "opt");
    x07_json_string(json, "");
    x07_json_string(json, text_string(&name));
    write_key(json, option->name);
    if (option->kind != OPTION_FLAG)
        x07_json_string(json, value_kind(option));
    x07_json_string(json, option->help);
    if (option->required || option->kind == OPTION_LIST) {
        x07_json_begin(json, '{');
        if (option->kind == OPTION_LIST) {
            x07_json_name(json, "multiple");
            x07_json_bool(json, 1);
        }
        if (option->required) {
            x07_json_name(json, "required");
            x07_json_bool(json, 1);
        }
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    text_free(&name);
}

static int
compare_options(const void *left, const void *right)
{
    const struct option *a = *(const struct option *const *)left;
    const struct option *b = *(const struct option *const *)right;

    if ((a->kind == OPTION_FLAG) != (b->kind == OPTION_FLAG))
        return a->kind == OPTION_FLAG ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Whether the table shows an option of that name. */
static bool
has_option(const struct option_table *table, const char *name)
{
    for (size_t i = 0; table && i < table->count; i++)
        if (!table->options[i].hidden && strcmp(table->options[i].name, name) == 0)
            return true;
    return false;
}

/* The options of a table, and the global ones that it gives no meaning of its own. */
static void
write_options(x07_json *json, const char *scope, const struct option_table *table)
{
    size_t own = table ? table->count : 0;
    const struct option **rows = memory_alloc((own + global_option_count) * sizeof *rows);
    size_t count = 0;

    for (size_t i = 0; i < own; i++)
        if (!table->options[i].hidden)
            rows[count++] = &table->options[i];
    for (size_t i = 0; i < global_option_count; i++)
        if (!has_option(table, global_options[i].name))
            rows[count++] = &global_options[i];
    qsort(rows, count, sizeof *rows, compare_options);
    for (size_t i = 0; i < count; i++)
        write_option(json, scope, rows[i]);
    free(rows);
}

static void
write_scope(x07_json *json, const char *scope, const char *summary, const struct option_table *table,
            bool versioned)
{
    begin_row(json, scope, "about");
    x07_json_string(json, summary);
    x07_json_end(json, ']');
    write_fixed(json, scope, "help", "-h", "Print help");
    if (versioned)
        write_fixed(json, scope, "version", "-V", "Print version");
    write_options(json, scope, table);
    if (!table || !table->trailing_name)
        return;
    begin_row(json, scope, "arg");
    x07_json_string(json, table->trailing_name);
    write_key(json, table->trailing_name);
    x07_json_string(json, "");
    x07_json_begin(json, '{');
    x07_json_name(json, "multiple");
    x07_json_bool(json, 1);
    x07_json_end(json, '}');
    x07_json_end(json, ']');
}

static void
write_beneath(x07_json *json, const char *scope, const struct command *group)
{
    for (const struct command *const *at = group->commands; at && *at; at++) {
        struct text name = {0};

        if ((*at)->hidden)
            continue;
        if (scope[0])
            text_printf(&name, "%s.", scope);
        text_puts(&name, (*at)->name);
        write_scope(json, text_string(&name), command_summary(*at), (*at)->options, false);
        write_beneath(json, text_string(&name), *at);
        text_free(&name);
    }
}

static void
begin_document(x07_json *json, const char *name, const char *summary, bool versioned)
{
    x07_json_begin(json, '{');
    x07_json_name(json, "app");
    x07_json_begin(json, '{');
    x07_json_name(json, "about");
    x07_json_string(json, summary);
    x07_json_name(json, "name");
    x07_json_string(json, name);
    if (versioned) {
        x07_json_name(json, "version");
        x07_json_string(json, X07_VERSION);
    }
    x07_json_end(json, '}');
    x07_json_name(json, "rows");
    x07_json_begin(json, '[');
}

static void
end_document(x07_json *json, struct text *out)
{
    x07_json_end(json, ']');
    x07_json_name(json, "schema_version");
    x07_json_string(json, "x07cli.specrows@0.1.0");
    x07_json_end(json, '}');
    x07_json_line(json);
    json_out_take(json, out);
}

void
specrows_table(const struct option_table *table, struct text *out)
{
    const char *space = strrchr(table->command, ' ');
    x07_json json = {0};

    begin_document(&json, space ? space + 1 : table->command, table->summary, false);
    write_scope(&json, "root", table->summary, table, false);
    end_document(&json, out);
}

int
specrows_print(const struct command *group)
{
    struct text out = {0};
    x07_json json = {0};

    begin_document(&json, group->name, group->summary, group == &root_command);
    write_scope(&json, "root", group->summary, NULL, group == &root_command);
    write_beneath(&json, "", group);
    end_document(&json, &out);
    struct error *error = error_wrap(file_write_fd(STDOUT_FILENO, "stdout", out.data, out.len), "write");
    text_free(&out);
    return error ? output_error(error) : 0;
}
