/* diag_catalog.c: the table of codes as documents. */
#include "cli/diag.h"

#include "base/json_out.h"
#include "lint/codes.h"

static void
json_member(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_origin(x07_json *json, const struct code *code)
{
    x07_json_name(json, "origins");
    x07_json_begin(json, '[');
    x07_json_begin(json, '{');
    json_member(json, "component", code->component);
    json_member(json, "default_severity", code_severity_name(code->severity));
    json_member(json, "stage", code->stage);
    x07_json_end(json, '}');
    x07_json_end(json, ']');
}

static void
write_fix(x07_json *json, const struct code *code)
{
    x07_json_name(json, "quickfix");
    x07_json_begin(json, '{');
    if (code->fix == CODE_FIX_NEVER) {
        json_member(json, "no_quickfix_reason", CODE_NO_FIX_REASON);
    } else {
        x07_json_name(json, "kind");
        x07_json_begin(json, '[');
        x07_json_string(json, "json_patch");
        x07_json_end(json, ']');
    }
    json_member(json, "support", code_fix_name(code->fix));
    x07_json_end(json, '}');
}

void
diag_catalog_json(struct text *out)
{
    x07_json json = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "entries");
    x07_json_begin(&json, '[');
    for (int i = 0; i < CODE_COUNT; i++) {
        const struct code *code = code_row((enum code_id)i);
        x07_json_begin(&json, '{');
        json_member(&json, "code", code->code);
        x07_json_name(&json, "doc");
        x07_json_begin(&json, '{');
        json_member(&json, "details_md", code->details);
        json_member(&json, "summary", code->summary);
        x07_json_end(&json, '}');
        write_origin(&json, code);
        write_fix(&json, code);
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, ']');
    json_member(&json, "schema_version", "x07.diag.catalog@0.1.0");
    x07_json_end(&json, '}');
    json_out_take(&json, out);
}

/* A cell of a table: no bare '|'. */
static void
write_cell(const char *text, struct text *out)
{
    text_puts(out, " | ");
    for (; *text; text++) {
        if (*text == '|')
            text_putc(out, '\\');
        text_putc(out, *text);
    }
}

static void
write_section(const struct code *code, struct text *out)
{
    text_printf(out, "\n## %s\n\n%s\n\n- found by %s: stage %s, %s\n- quick fix: %s\n\n%s\n", code->code,
                code->summary, code->component, code->stage, code_severity_name(code->severity),
                code_fix_name(code->fix), code->details);
}

void
diag_catalog_markdown(struct text *out)
{
    int fixable = 0;

    for (int i = 0; i < CODE_COUNT; i++)
        fixable += code_row((enum code_id)i)->fix != CODE_FIX_NEVER;
    text_puts(out, "# Diagnostic codes\n\nWritten by `x07 diag catalog`; `x07 diag explain CODE` shows one "
                   "of them.\n\n");
    text_printf(out, "- codes: %d\n- codes with a quick fix: %d\n- share of those: %.2f%%\n\n", CODE_COUNT,
                fixable, 100.0 * fixable / CODE_COUNT);
    text_puts(out, "| Code | Origins | Quickfix | Summary |\n|---|---|---|---|\n");
    for (int i = 0; i < CODE_COUNT; i++) {
        const struct code *code = code_row((enum code_id)i);
        text_printf(out, "| %s | %s / %s / %s | %s", code->code, code->component, code->stage,
                    code_severity_name(code->severity), code_fix_name(code->fix));
        write_cell(code->summary, out);
        text_puts(out, " |\n");
    }
    for (int i = 0; i < CODE_COUNT; i++)
        write_section(code_row((enum code_id)i), out);
}
