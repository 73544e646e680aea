/* sarif.c: see sarif.h. Members are written in sorted order. */
#include "report/sarif.h"

#include "base/json_out.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define INFORMATION "https://x07.io/"

static const struct ast_json *
member(const struct ast_json *object, const char *name)
{
    return object ? ast_json_get(object, name) : NULL;
}

static void
write_text(x07_json *json, const char *name, const char *text, size_t len)
{
    x07_json_name(json, name);
    x07_json_string_n(json, text, len);
}

static void
write_string(x07_json *json, const char *name, const char *text)
{
    write_text(json, name, text, strlen(text));
}

static void
write_message(x07_json *json, const char *name, const char *text, size_t len)
{
    x07_json_name(json, name);
    x07_json_begin(json, '{');
    write_text(json, "text", text, len);
    x07_json_end(json, '}');
}

static void
write_number(x07_json *json, const char *name, int64_t value)
{
    x07_json_name(json, name);
    x07_json_int(json, value);
}

/* Lines and columns are 1 or more, by the schema. */
static void
write_region(x07_json *json, const struct ast_json *span, const struct ast_json *snippet)
{
    const struct ast_json *start = member(span, "start"), *end = member(span, "end");
    int64_t start_line = member(start, "line")->integer, end_line = member(end, "line")->integer;
    int64_t start_column = member(start, "col")->integer, end_column = member(end, "col")->integer;

    if (end_line < start_line) {
        end_line = start_line;
        end_column = start_column;
    }
    x07_json_name(json, "region");
    x07_json_begin(json, '{');
    write_number(json, "endColumn", end_column);
    write_number(json, "endLine", end_line);
    if (snippet) {
        const char *text = snippet->text;
        size_t len = snippet->count;
        utf8_trim(&text, &len);
        write_message(json, "snippet", text, len);
    }
    write_number(json, "startColumn", start_column);
    write_number(json, "startLine", start_line);
    x07_json_end(json, '}');
}

static void
write_location(x07_json *json, const struct ast_json *loc)
{
    const struct ast_json *ptr = member(loc, "ptr"), *span = member(loc, "span");
    const struct ast_json *file = member(span, "file");

    x07_json_begin(json, '{');
    if (ptr) {
        x07_json_name(json, "logicalLocations");
        x07_json_begin(json, '[');
        x07_json_begin(json, '{');
        write_text(json, "fullyQualifiedName", ptr->text, ptr->count);
        x07_json_end(json, '}');
        x07_json_end(json, ']');
    } else {
        x07_json_name(json, "physicalLocation");
        x07_json_begin(json, '{');
        x07_json_name(json, "artifactLocation");
        x07_json_begin(json, '{');
        write_text(json, "uri", file ? file->text : "<unknown>", file ? file->count : strlen("<unknown>"));
        x07_json_end(json, '}');
        write_region(json, span, member(loc, "snippet"));
        x07_json_end(json, '}');
    }
    x07_json_end(json, '}');
}

static void
write_result(x07_json *json, const struct ast_json *diagnostic)
{
    const struct ast_json *code = member(diagnostic, "code"), *message = member(diagnostic, "message");
    const struct ast_json *severity = member(diagnostic, "severity"), *loc = member(diagnostic, "loc");

    x07_json_begin(json, '{');
    write_string(json, "level",
                 ast_json_is(severity, "error")     ? "error"
                 : ast_json_is(severity, "warning") ? "warning"
                                                    : "note");
    if (loc) {
        x07_json_name(json, "locations");
        x07_json_begin(json, '[');
        write_location(json, loc);
        x07_json_end(json, ']');
    }
    write_message(json, "message", message->text, message->count);
    write_text(json, "ruleId", code->text, code->count);
    x07_json_end(json, '}');
}

static int
compare_codes(const void *left, const void *right)
{
    const struct ast_json *a = *(const struct ast_json *const *)left;
    const struct ast_json *b = *(const struct ast_json *const *)right;
    int order = memcmp(a->text, b->text, a->count < b->count ? a->count : b->count);

    return order ? order : a->count < b->count ? -1 : a->count > b->count;
}

/* One rule per code, sorted. */
static void
write_rules(struct arena *arena, x07_json *json, const struct ast_json *diagnostics)
{
    const struct ast_json **codes = ARENA_ARRAY(arena, const struct ast_json *, diagnostics->count + 1);

    for (uint32_t i = 0; i < diagnostics->count; i++)
        codes[i] = member(&diagnostics->items[i], "code");
    qsort(codes, diagnostics->count, sizeof *codes, compare_codes);
    x07_json_name(json, "rules");
    x07_json_begin(json, '[');
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        struct text description = {0};
        if (i && compare_codes(&codes[i - 1], &codes[i]) == 0)
            continue;
        text_puts(&description, "x07 diagnostic ");
        text_append(&description, codes[i]->text, codes[i]->count);
        x07_json_begin(json, '{');
        write_text(json, "id", codes[i]->text, codes[i]->count);
        write_text(json, "name", codes[i]->text, codes[i]->count);
        write_message(json, "shortDescription", description.data, description.len);
        x07_json_end(json, '}');
        text_free(&description);
    }
    x07_json_end(json, ']');
}

void
sarif_write(struct arena *arena, const struct ast_json *x07diag, struct text *out)
{
    const struct ast_json *diagnostics = member(x07diag, "diagnostics");
    x07_json json = {0};

    x07_json_begin(&json, '{');
    write_string(&json, "$schema", SARIF_SCHEMA);
    x07_json_name(&json, "runs");
    x07_json_begin(&json, '[');
    x07_json_begin(&json, '{');
    x07_json_name(&json, "results");
    x07_json_begin(&json, '[');
    for (uint32_t i = 0; i < diagnostics->count; i++)
        write_result(&json, &diagnostics->items[i]);
    x07_json_end(&json, ']');
    x07_json_name(&json, "tool");
    x07_json_begin(&json, '{');
    x07_json_name(&json, "driver");
    x07_json_begin(&json, '{');
    write_string(&json, "informationUri", INFORMATION);
    write_string(&json, "name", "x07");
    write_rules(arena, &json, diagnostics);
    x07_json_end(&json, '}');
    x07_json_end(&json, '}');
    x07_json_end(&json, '}');
    x07_json_end(&json, ']');
    write_string(&json, "version", "2.1.0");
    x07_json_end(&json, '}');
    json_out_take(&json, out);
}
