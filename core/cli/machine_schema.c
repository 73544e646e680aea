/* machine_schema.c: see machine_schema.h. The reports of all scopes have one schema but for the names in it:
 * the file has those of `x07` itself. */
#include "cli/machine_schema.h"

#include "ast/schemas.h"
#include "report/tool_report.h"

#include <string.h>

static void
append_file(const char *name, struct text *out)
{
    size_t len = 0;
    const char *text = schemas_text(name, &len);

    text_append(out, text ? text : "", len);
}

/* "x07.plugins.list@0.1.0" is in the file x07-plugins.list.schema.json. */
static void
append_own(const char *id, struct text *out)
{
    struct text name = {0};

    text_printf(&name, "x07-%.*s", (int)strcspn(id + 4, "@"), id + 4);
    append_file(text_string(&name), out);
    text_free(&name);
}

/* A copy in which each `old` is `new`. */
static void
replace(struct text *text, const char *old, const char *new)
{
    struct text result = {0};
    const char *at = text_string(text);

    for (const char *found; (found = strstr(at, old)); at = found + strlen(old)) {
        text_append(&result, at, (size_t)(found - at));
        text_puts(&result, new);
    }
    text_puts(&result, at);
    text_free(text);
    *text = result;
}

void
machine_schema(const struct command *command, const char *scope, bool events, struct text *out)
{
    struct text schema = {0}, name = {0};

    if (events) {
        append_file("x07-tool.events", out);
        return;
    }
    if (command->report) {
        append_own(command->report, out);
        return;
    }
    append_file("x07-tool-root.report", &schema);
    if (scope[0]) {
        tool_report_id(scope, &name);
        replace(&schema, "x07.tool.root.report@0.1.0", name.data);
        text_clear(&name);
        text_puts(&name, "\"const\": \"");
        tool_report_command(scope, &name);
        text_putc(&name, '"');
        replace(&schema, "\"const\": \"x07\"", name.data);
        text_clear(&name);
        text_printf(&name, "x07-tool-%s.report", scope);
        for (size_t i = 0; i < name.len - strlen(".report"); i++)
            if (name.data[i] == '.')
                name.data[i] = '-';
        replace(&schema, "x07-tool-root.report", name.data);
    }
    text_append(out, schema.data, schema.len);
    text_free(&schema);
    text_free(&name);
}

void
machine_schema_id(const struct command *command, const char *scope, bool events, struct text *out)
{
    if (events)
        text_puts(out, TOOL_EVENTS_ID);
    else if (command->report)
        text_puts(out, command->report);
    else
        tool_report_id(scope, out);
    text_putc(out, '\n');
}
