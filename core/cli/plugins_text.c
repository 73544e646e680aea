/* plugins_text.c: the reports of `x07 plugins` for people, made of the JSON ones. */
#include "cli/plugins_parts.h"

#include <string.h>

enum { STATE_WIDTH = 17, ID_WIDTH = 28, VERSION_WIDTH = 9, ABI_WIDTH = 5 };

static json_object *
member(json_object *object, const char *name)
{
    return json_object_object_get(object, name);
}

static const char *
word(json_object *object, const char *name)
{
    json_object *value = member(object, name);

    return value ? json_object_get_string(value) : "-";
}

/* Text from a file's name or a plugin must not reach the terminal's controls. */
static void
put_safe(struct text *out, const char *text)
{
    for (; *text; text++)
        text_putc(out, (unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
}

static void
put_column(struct text *out, const char *text, int width)
{
    text_printf(out, "%-*s ", width - 1, text);
}

static void
put_line(struct text *out, const char *label, const char *text)
{
    put_column(out, "", STATE_WIDTH);
    put_column(out, label, 12);
    put_safe(out, text);
    text_putc(out, '\n');
}

/* "runner/os, runner/os-sandboxed", each key once. */
static void
put_serves(json_object *services, struct text *out)
{
    struct text seen = {0};

    for (size_t i = 0; i < json_object_array_length(services); i++) {
        json_object *service = json_object_array_get_idx(services, i);
        struct text name = {0};

        text_printf(&name, "%s/%s,", word(service, "kind"), word(service, "key"));
        if (!strstr(text_string(&seen), name.data)) {
            text_printf(out, "%s%.*s", seen.len ? ", " : "", (int)name.len - 1, name.data);
            text_puts(&seen, name.data);
        }
        text_free(&name);
    }
    if (!seen.len)
        text_putc(out, '-');
    text_free(&seen);
}

static void
put_probe(json_object *probe, struct text *out)
{
    struct text line = {0};
    bool available = json_object_get_boolean(member(probe, "available"));

    text_printf(&line, "%s: %s", word(probe, "key"), available ? "available" : "not available");
    if (member(probe, "strength"))
        text_printf(&line, ", strength %s", word(probe, "strength"));
    if (member(probe, "reason"))
        text_printf(&line, "; %s", word(probe, "reason"));
    put_line(out, "probe", line.data);
    json_object_object_foreach(member(probe, "facts"), name, value)
    {
        text_clear(&line);
        text_printf(&line, "%s: %s", name, value ? json_object_get_string(value) : "-");
        put_line(out, "", line.data);
    }
    text_free(&line);
}

static void
put_diagnostic(json_object *diagnostic, struct text *out)
{
    struct text line = {0};
    json_object *value = member(diagnostic, "value");

    text_printf(&line, "%s %s", word(diagnostic, "name"), word(diagnostic, "signature"));
    if (member(diagnostic, "error"))
        text_printf(&line, " failed: %s", word(diagnostic, "error"));
    else if (json_object_object_get_ex(diagnostic, "value", NULL))
        text_printf(&line, " = %s",
                    value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE) : "null");
    put_line(out, "diagnostic", line.data);
    text_free(&line);
}

static void
put_service(json_object *service, struct text *out)
{
    struct text line = {0};

    text_printf(&line, "%s/%s", word(service, "kind"), word(service, "key"));
    if (member(service, "profile"))
        text_printf(&line, " profile %s", word(service, "profile"));
    if (member(service, "world"))
        text_printf(&line, " world %s", word(service, "world"));
    text_printf(&line, " priority %s: %s", word(service, "priority"), word(service, "result"));
    put_line(out, "service", line.data);
    text_free(&line);
}

static void
put_each(json_object *array, void (*put)(json_object *, struct text *), struct text *out)
{
    for (size_t i = 0; i < json_object_array_length(array); i++)
        put(json_object_array_get_idx(array, i), out);
}

void
plugins_text_plugin(json_object *plugin, struct text *out)
{
    put_column(out, word(plugin, "state"), STATE_WIDTH);
    put_column(out, word(plugin, "id"), ID_WIDTH);
    put_column(out, word(plugin, "version"), VERSION_WIDTH);
    put_column(out, word(plugin, "abi"), ABI_WIDTH);
    put_serves(member(plugin, "services"), out);
    text_putc(out, '\n');
    put_line(out, "path", word(plugin, "path"));
    if (member(plugin, "sha256"))
        put_line(out, "sha256", word(plugin, "sha256"));
    if (member(plugin, "reason"))
        put_line(out, "reason", word(plugin, "reason"));
    if (member(plugin, "id")) {
        put_line(out, "vendor", word(plugin, "vendor"));
        put_line(out, "licence", word(plugin, "licence"));
        put_line(out, "summary", word(plugin, "summary"));
    }
    put_each(member(plugin, "services"), put_service, out);
    put_each(member(plugin, "probes"), put_probe, out);
    put_each(member(plugin, "diagnostics"), put_diagnostic, out);
}

static void
put_directory(json_object *directory, struct text *out)
{
    text_puts(out, "searched ");
    put_safe(out, word(directory, "path"));
    text_printf(out, " (%s)", word(directory, "source"));
    if (member(directory, "problem"))
        text_printf(out, ": %s", word(directory, "problem"));
    text_putc(out, '\n');
}

void
plugins_text_list(json_object *list, struct text *out)
{
    put_column(out, "STATE", STATE_WIDTH);
    put_column(out, "ID", ID_WIDTH);
    put_column(out, "VERSION", VERSION_WIDTH);
    put_column(out, "ABI", ABI_WIDTH);
    text_puts(out, "SERVES\n");
    put_each(member(list, "plugins"), plugins_text_plugin, out);
    text_putc(out, '\n');
    put_each(member(list, "directories"), put_directory, out);
}

static void
put_obligation(json_object *obligation, struct text *out)
{
    bool ok = json_object_get_boolean(member(obligation, "ok"));

    put_column(out, ok ? "pass" : "FAIL", 6);
    put_column(out, word(obligation, "name"), STATE_WIDTH + 1);
    put_safe(out, word(obligation, "obligation"));
    if (!ok) {
        text_puts(out, ": ");
        put_safe(out, word(obligation, "breach"));
    }
    text_putc(out, '\n');
}

void
plugins_text_check(json_object *check, struct text *out)
{
    put_each(member(check, "obligations"), put_obligation, out);
}
